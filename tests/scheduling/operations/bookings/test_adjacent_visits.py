"""Adjacent visits, in one office and in two, booked as clients book them (F5, F14)."""

from __future__ import annotations

import pytest

from scheduling.models import Reservation
from scheduling.opening_id import OpeningId
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import Taken
from tests.factories import MONDAY, NOW, a_clinician, a_location, a_room, a_stranger, travel, working_hours
from tests.scheduling.queries.world import World, a_world, clock, starts

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_world()


def take(world: World, hour: float, office=None):
    """Hold the hour that begins then as a new visitor, listed or not."""
    wanted = OpeningId(
        service=world.service.slug,
        location=(office or world.office).slug,
        mode="office",
        starts_at=clock(MONDAY, hour),
        clinicians=(world.person.pk,),
    )
    return hold(opening=wanted.encode(), by=a_stranger(f"at {hour}"), now=NOW)


def lasting(world: World, minutes: int, *, before: int = 0, after: int = 0) -> None:
    type(world.service).objects.update(
        duration_minutes=minutes, buffer_before=before, buffer_after=after, step_minutes=15
    )


def test_a_visit_may_begin_at_the_instant_another_ends_F5(world: World):
    lasting(world, 60)

    for hour in (10, 9, 11):
        take(world, hour)

    touching = sorted(Reservation.objects.filter(resource=world.person.pk).values_list("during", flat=True))
    assert [(one.lower, one.upper) for one in touching] == [
        (clock(MONDAY, hour), clock(MONDAY, hour + 1)) for hour in (9, 10, 11)
    ]


@pytest.mark.parametrize(("before", "after", "first_free"), [(0, 15, 11.25), (15, 0, 11.25), (15, 15, 11.5)])
def test_a_visit_with_buffers_may_begin_only_after_them_F5(world: World, before, after, first_free):
    lasting(world, 60, before=before, after=after)
    take(world, 10)

    with pytest.raises(Taken):
        take(world, 11)
    with pytest.raises(Taken):
        take(world, first_free - 0.25)

    assert take(world, first_free).status == "held"


@pytest.fixture
def an_hour_away(world: World):
    """A second office in which the person works all day, an hour's drive from the first in each direction."""
    there = a_location("frisco")
    a_room(there)
    world.service.locations.add(there)
    working_hours(world.person, there)
    travel(there, world.office, 60)
    travel(world.office, there, 60)
    lasting(world, 60)
    return there


@pytest.mark.parametrize("hour", [9, 9.5, 10, 10.5, 11, 11.5, 11.75])
def test_a_clinician_cannot_be_booked_in_another_office_before_the_drive_is_over_F14(world, an_hour_away, hour):
    take(world, 10)

    with pytest.raises(Taken):
        take(world, hour, an_hour_away)

    assert Reservation.objects.filter(resource=world.person.pk).count() == 1


@pytest.mark.parametrize("hour", [8, 12])
def test_a_clinician_can_be_booked_in_another_office_once_the_drive_is_over_F14(world, an_hour_away, hour):
    working_hours(world.person, an_hour_away, 480, 540)
    take(world, 10)

    assert take(world, hour, an_hour_away).status == "held"


def test_another_clinician_can_be_booked_in_the_other_office_during_the_drive_F14(world, an_hour_away):
    """Another clinician there is free at that hour."""
    other = a_clinician(an_hour_away, services=[world.service])
    take(world, 10)

    assert "11:00" in starts(world.service, location=an_hour_away, clinician=other)
    assert "11:00" not in starts(world.service, location=an_hour_away, clinician=world.person)
