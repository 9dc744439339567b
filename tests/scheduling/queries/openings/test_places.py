"""Where a clinician works: travel between offices, work from home, and rooms (F14)."""

from __future__ import annotations

import pytest

from scheduling.models import Closure
from tests.factories import MONDAY, a_location, a_room, in_days, travel, working_hours
from tests.scheduling.queries.world import ALL_DAY, World, a_visit, a_world, an_event, between, clock, found, starts

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_world()


def two_offices(world: World):
    """The clinician works all day in both offices. An hour at noon is taken in the first."""
    there = a_location("frisco")
    a_room(there)
    world.service.locations.add(there)
    type(world.service).objects.update(step_minutes=30)
    working_hours(world.person, there)
    a_visit(world.person, world.service, world.office, between(12, 13))
    return there


def around_noon(world: World, office) -> tuple[str, str]:
    """The last start before the visit at noon and the first after it."""
    at = found(world.service, location=office)
    before = [one for one in at if one.ends_at <= clock(MONDAY, 12)]
    after = [one for one in at if one.starts_at >= clock(MONDAY, 13)]
    return _clock(before[-1]), _clock(after[0])


def _clock(opening) -> str:
    local = opening.starts_at.astimezone(opening.location.tzinfo)
    return f"{local:%H:%M}"


def test_travel_to_and_from_another_office_takes_the_minutes_of_each_direction_F14(world: World):
    there = two_offices(world)
    travel(there, world.office, 60)
    travel(world.office, there, 30)

    assert around_noon(world, there) == ("10:00", "13:30")
    assert around_noon(world, world.office) == ("11:00", "13:00")


def test_travel_without_an_entry_takes_an_hour_F14(world: World):
    there = two_offices(world)

    assert around_noon(world, there) == ("10:00", "14:00")


def test_a_meeting_in_another_office_counts_for_travel_too_F14(world: World):
    there = two_offices(world)
    travel(there, world.office, 5)
    travel(world.office, there, 5)
    an_event(world.person.resource, between(14, 15), world.office)

    offered = starts(world.service, location=there)

    assert [one for one in offered if one in ("13:00", "13:30", "15:00", "15:30")] == ["15:30"]


def test_work_from_home_beside_a_visit_needs_no_travel_but_cannot_overlap_it(world: World):
    type(world.service).objects.update(modes=["online"], step_minutes=30)
    world.person.working_hours.update(location=None)
    a_visit(world.person, world.service, world.office, between(12, 13))

    offered = starts(world.service)

    assert ("11:00" in offered, "11:30" in offered, "12:30" in offered, "13:00" in offered) == (
        True,
        False,
        False,
        True,
    )


def test_online_work_from_home_needs_neither_room_nor_open_office(world: World):
    type(world.service).objects.update(modes=["online"])
    world.person.working_hours.update(location=None)
    type(world.room).objects.update(is_active=False)
    Closure.objects.create(location=world.office, during=between(0, 23))

    assert starts(world.service, mode="online") == ALL_DAY


def test_a_closure_of_the_practice_ends_work_from_home_too(world: World):
    type(world.service).objects.update(modes=["online"])
    world.person.working_hours.update(location=None)
    Closure.objects.create(during=between(10, 11))

    assert starts(world.service, mode="online") == [start for start in ALL_DAY if start != "10:00"]


def test_online_work_from_an_office_takes_a_room_there(world: World):
    type(world.service).objects.update(modes=["online"])
    Closure.objects.create(room=world.room, during=between(10, 11))

    assert starts(world.service, mode="online") == [start for start in ALL_DAY if start != "10:00"]


def test_a_visit_in_person_is_not_offered_by_a_clinician_at_home(world: World):
    world.person.working_hours.update(location=None)

    assert starts(world.service) == []


def test_daily_limits_count_the_same_for_one_office_as_for_all_F13(world: World):
    there = a_location("frisco")
    a_room(there)
    world.service.locations.add(there)
    working_hours(world.person, there)
    type(world.person).objects.update(daily_minutes_cap=100, zone="America/New_York")
    a_visit(world.person, world.service, world.office, between(23, 23.99))

    tuesday = MONDAY + in_days(1)
    for day in (MONDAY, tuesday):
        of_all = [one.starts_at for one in found(world.service, day) if one.location == there]
        assert [one.starts_at for one in found(world.service, day, location=there)] == of_all
