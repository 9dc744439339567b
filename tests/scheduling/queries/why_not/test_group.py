"""“Why not?” for groups: why no seat in a group can be booked on a date."""

import pytest

from scheduling.queries.openings.opening import get_service
from tests.factories import NOW, a_clinician, in_days, why_not_on
from tests.scheduling.groups import TUESDAY, a_place_for_groups, sit_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups():
    return a_place_for_groups(capacity=1)


def asked(groups, day=TUESDAY, now=NOW, **criteria):
    return why_not_on(service=get_service(groups.service.slug), location=groups.office, day=day, now=now, **criteria)


def test_a_group_with_a_free_seat_is_listed_without_obstacles(groups):
    groups.open()

    found = asked(groups)

    assert (len(found.openings), found.obstacles) == (1, [])


def test_a_full_group_is_given_with_its_time_and_clinician(groups):
    sit_in(groups.open())

    (found,) = asked(groups).obstacles

    assert (found.reason, found.clinician) == ("full", groups.leader)
    assert found.words == "The group at 11:00 AM does not have a free seat on every date."


def test_a_group_that_is_closed_to_new_people_is_given_as_the_obstacle(groups):
    groups.open_cohort(minimum=1)

    (found,) = asked(groups, now=NOW + in_days(27)).obstacles

    assert found.words == "The group at 11:00 AM is closed to new people."


def test_a_date_without_a_group_gives_no_group(groups):
    (found,) = asked(groups).obstacles

    assert found.words == f"No group of {groups.service} like that starts in {groups.office} on Tue, Mar 2."


@pytest.mark.parametrize("asked_for", ["another clinician", "another mode"])
def test_a_group_with_another_clinician_or_mode_than_asked_for_is_not_mentioned(groups, asked_for):
    sit_in(groups.open())
    other = a_clinician(groups.office, services=[groups.service])
    criteria = {"another clinician": {"clinician": other}, "another mode": {"mode": "online"}}[asked_for]

    (found,) = asked(groups, **criteria).obstacles

    assert found.reason == "no_group"
