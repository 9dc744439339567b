"""Rest days between intensives: the listing leaves them out, and the decision under lock agrees."""

from datetime import timedelta

import pytest

from scheduling.models import Program
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import Taken
from scheduling.queries.openings.opening import get_service
from tests.factories import (
    MONDAY,
    NOW,
    a_clinician,
    a_location,
    a_practice,
    a_role,
    a_room,
    a_service,
    a_stranger,
    in_days,
)
from tests.scheduling.models import rows
from tests.scheduling.queries.world import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def intensive():
    """One clinician in one office, and a day's program that may start on any weekday."""
    office = a_location("frisco")
    a_room(office)
    service = a_service("one-day", locations=[office], line="intensive", duration_minutes=None)
    program = Program.objects.create(service=service, days=1, rest_days=2)
    block = rows.saved(rows.program_block(program=program, day=0, starts_minute=540, ends_minute=660))
    block.roles.set([a_role("lead")])
    a_clinician(office, roles=[a_role("lead")])
    a_practice()
    return service


def start_days(service, days=12):
    return [one.starts_at.date() - MONDAY for one in found(service, days=days)]


def test_days_around_a_held_intensive_are_not_offered_for_its_clinician(intensive):
    wednesday = found(intensive, MONDAY + in_days(9))[0]
    hold(opening=wednesday.id, by=a_stranger(), now=NOW)

    assert start_days(intensive, 14) == [timedelta(days=n) for n in (0, 1, 2, 3, 4)]


def test_a_day_too_near_another_intensive_is_refused_under_lock_across_the_week_end_F12(intensive):
    Program.objects.update(rest_days=3)
    friday, monday = (found(intensive, MONDAY + in_days(n))[0].id for n in (4, 7))
    hold(opening=friday, by=a_stranger(), now=NOW)

    with pytest.raises(Taken):
        hold(opening=monday, by=a_stranger("browser-2"), now=NOW)


def test_an_intensive_without_rest_days_keeps_the_rest_days_of_another(intensive):
    hold(opening=found(intensive, MONDAY + in_days(7))[0].id, by=a_stranger(), now=NOW)
    office = intensive.locations.get()
    short = a_service("half-day", locations=[office], line="intensive", duration_minutes=None)
    program = Program.objects.create(service=short, days=1, rest_days=0)
    block = rows.saved(rows.program_block(program=program, day=0, starts_minute=780, ends_minute=840))
    block.roles.set([a_role("lead")])

    assert start_days(get_service("half-day")) == [timedelta(days=n) for n in (0, 1, 2, 3, 4, 10, 11)]
