"""A week's notice that ends on the Sunday of a clock change loses no start and gains none (F37)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from scheduling.models import LocationHours, Service, WorkingHours
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import Taken
from tests.factories import a_stranger, in_days
from tests.scheduling.queries.world import CHICAGO, World, a_world, clock, found

pytestmark = pytest.mark.django_db
SPRING, FALL = date(2027, 3, 14), date(2027, 11, 7)
WEEK = timedelta(days=7)
# The wall-clock hours from midnight to six on that day, with their abbreviation.
NIGHT = {
    SPRING: ["0 CST", "1 CST", "3 CDT", "4 CDT", "5 CDT"],
    FALL: ["0 CDT", "1 CDT", "1 CST", "2 CST", "3 CST", "4 CST", "5 CST"],
}
both = pytest.mark.parametrize("sunday", [SPRING, FALL], ids=["spring", "fall"])


@pytest.fixture
def world() -> World:
    """Open every day and all night; a start on every hour, a week's notice."""
    made = a_world()
    LocationHours.objects.update(starts_minute=0, ends_minute=1440)
    WorkingHours.objects.all().delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(clinician=made.person, location=made.office, weekday=day, starts_minute=0, ends_minute=360)
        for day in range(7)
    )
    Service.objects.update(notice_minutes=7 * 24 * 60)
    return made


def wall_time(instants: list[datetime]) -> list[str]:
    return [f"{one.astimezone(CHICAGO):%-H %Z}" for one in instants]


def listed(world: World, day: date, now: datetime) -> list[datetime]:
    return [one.starts_at for one in found(world.service, day, now=now)]


@both
def test_once_the_notice_has_passed_the_day_offers_exactly_its_hours_F37(world, sunday):
    assert wall_time(listed(world, sunday, clock(sunday - in_days(8), 12))) == NIGHT[sunday]


@both
def test_a_notice_that_ends_on_that_day_ends_168_elapsed_hours_later_F37(world, sunday):
    whole = listed(world, sunday, clock(sunday - in_days(8), 12))

    for start in whole:
        assert listed(world, sunday, start - WEEK) == whole[whole.index(start) :]
        assert listed(world, sunday, start - WEEK + timedelta(seconds=1)) == whole[whole.index(start) + 1 :]


@both
def test_starts_after_the_notice_can_be_held_and_earlier_ones_cannot_F37(world, sunday):
    openings = found(world.service, sunday, now=clock(sunday - in_days(8), 12))
    cut, *left = openings
    now = cut.starts_at - WEEK + timedelta(seconds=1)

    with pytest.raises(Taken):
        hold(opening=cut.id, by=a_stranger(), now=now)

    assert [hold(opening=one.id, by=a_stranger(one.id), now=now).status for one in left] == ["held"] * len(left)


@both
def test_the_days_around_the_change_keep_all_their_starts_F37(world, sunday):
    for day in (sunday - in_days(1), sunday + in_days(1)):
        assert [one.split()[0] for one in wall_time(listed(world, day, clock(sunday - in_days(9), 12)))] == list(
            "012345"
        )
