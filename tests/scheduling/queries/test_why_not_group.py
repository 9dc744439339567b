"""Why no seat of a group can be had on a date."""

import pytest

from scheduling.queries.openings.opening import get_service
from tests.factories import NOW, a_clinician, in_days, why_not_on
from tests.scheduling.groups import TUESDAY, a_place_for_groups, sit_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups():
    return a_place_for_groups(capacity=1)


def asked(groups, day=TUESDAY, now=NOW, **wanted):
    return why_not_on(service=get_service(groups.service.slug), location=groups.office, day=day, now=now, **wanted)


def test_a_group_with_a_seat_is_listed(groups):
    groups.open()

    found = asked(groups)

    assert (len(found.openings), found.obstacles) == (1, [])


def test_a_full_group_is_told_with_its_hour_and_who_leads_it(groups):
    sit_in(groups.open())

    (found,) = asked(groups).obstacles

    assert (found.reason, found.clinician) == ("full", groups.leader)
    assert found.words == "The group at 11:00 AM has no seat left on every date."


def test_a_group_that_takes_nobody_new_is_told(groups):
    groups.open_cohort(minimum=1)

    (found,) = asked(groups, now=NOW + in_days(27)).obstacles

    assert found.words == "The group at 11:00 AM takes nobody new any more."


def test_a_date_without_a_group_is_told(groups):
    (found,) = asked(groups).obstacles

    assert found.words == f"No group of {groups.service} that is asked for begins in {groups.office} on Tue, Mar 2."


@pytest.mark.parametrize("wish", ["somebody else", "another way"])
def test_nothing_is_told_of_a_group_that_was_not_asked_for(groups, wish):
    sit_in(groups.open())
    other = a_clinician(groups.office, services=[groups.service])
    wanted = {"somebody else": {"clinician": other}, "another way": {"mode": "online"}}[wish]

    (found,) = asked(groups, **wanted).obstacles

    assert found.reason == "no_group"
