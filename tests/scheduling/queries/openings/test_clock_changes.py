"""Openings in the weeks of clock changes have the right wall times and can be held."""

from __future__ import annotations

from datetime import date

import pytest

from scheduling.models import LocationHours, WorkingHours
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.release import release
from tests.factories import a_couples_office, a_stranger, in_days
from tests.scheduling.queries.world import ALL_DAY, CHICAGO, a_world, clock, found, wall_time

pytestmark = pytest.mark.django_db
SPRING, FALL = date(2027, 3, 14), date(2027, 11, 7)
both_changes = pytest.mark.parametrize("sunday", [SPRING, FALL], ids=["spring", "fall"])


def a_week_of_openings(service, sunday):
    return found(service, sunday - in_days(6), days=9, now=now_before(sunday))


def now_before(sunday):
    return clock(sunday - in_days(20), 9)


def every_day_from(world, starts: int, ends: int) -> None:
    WorkingHours.objects.all().delete()
    LocationHours.objects.update(starts_minute=0, ends_minute=1440)
    WorkingHours.objects.bulk_create(
        WorkingHours(clinician=world.person, location=world.office, weekday=day, starts_minute=starts, ends_minute=ends)
        for day in range(7)
    )


def held(opening, now):
    """Hold a listed opening and release it again."""
    booking = hold(opening=opening.id, by=a_stranger(opening.id[:40]), now=now)
    release(booking_id=booking.pk, by=a_stranger(), now=now)
    return opening.starts_at


@both_changes
def test_each_weekday_offers_the_same_wall_times_before_and_after_the_change_F26(sunday):
    world = a_world()
    every_day_from(world, 540, 1020)

    by_day: dict[date, list[str]] = {}
    for one in a_week_of_openings(world.service, sunday):
        by_day.setdefault(one.starts_at.astimezone(CHICAGO).date(), []).append(wall_time(one.starts_at))

    assert by_day == {sunday + in_days(day): ALL_DAY for day in range(-6, 3)}


@both_changes
def test_each_opening_listed_across_the_change_can_be_held_F27(sunday):
    world = a_world()
    every_day_from(world, 540, 1020)
    listed = a_week_of_openings(world.service, sunday)

    assert [held(one, now_before(sunday)) for one in listed] == [one.starts_at for one in listed]


@pytest.mark.parametrize(
    ("sunday", "expected"),
    [
        (SPRING, ["1:00 CST", "3:00 CDT"]),
        (FALL, ["1:00 CDT", "1:00 CST", "2:00 CST", "3:00 CST"]),
    ],
    ids=["spring", "fall"],
)
def test_each_hour_of_the_night_of_the_change_is_offered_and_can_be_held_F28_F29(sunday, expected):
    world = a_world()
    every_day_from(world, 60, 240)
    listed = found(world.service, sunday, now=now_before(sunday))

    assert [f"{wall_time(one.starts_at)} {one.starts_at.astimezone(CHICAGO):%Z}" for one in listed] == expected
    assert [held(one, now_before(sunday)) for one in listed] == [one.starts_at for one in listed]


@both_changes
def test_a_program_across_the_change_keeps_its_wall_times_and_each_start_can_be_held_F33(sunday):
    location, service = a_couples_office()
    service.program.start_weekdays = []
    service.program.save()
    WorkingHours.objects.bulk_create(
        WorkingHours(clinician=one, location=location, weekday=day, starts_minute=540, ends_minute=1020)
        for one in {hours.clinician for hours in WorkingHours.objects.all()}
        for day in (5, 6)
    )

    listed = found(service, sunday - in_days(3), days=4, now=now_before(sunday))

    assert len(listed) == 4
    for one in listed:
        assert {(wall_time(day.starts_at), wall_time(day.ends_at)) for day in one.days} == {("9:00", "16:00")}
        assert held(one, now_before(sunday)) == one.starts_at
