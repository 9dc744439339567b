"""A clinician's breaks: the listing and the decision under lock both keep them."""

import pytest

from scheduling.models import Break, Clinician
from scheduling.opening_id import OpeningId
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import Taken
from tests.factories import MONDAY, NOW, a_practice, a_stranger, in_days
from tests.scheduling.queries.world import ALL_DAY, World, a_visit, a_world, between, clock, found, starts

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Visits take an hour with their buffer. An hour of lunch is due between 11:00 AM and 1:00 PM."""
    a_practice()
    world = a_world()
    Break.objects.create(clinician=world.person, starts_minute=660, ends_minute=780, minutes=60)
    return world


def test_starts_are_offered_while_a_break_fits_before_or_after_the_visit(world: World):
    assert starts(world.service) == ALL_DAY

    a_visit(world.person, world.service, world.office, between(11, 12))
    assert starts(world.service) == [one for one in ALL_DAY if one not in ("11:00", "12:00")]
    assert starts(world.service, MONDAY + in_days(1)) == ALL_DAY


def test_a_break_of_other_weekdays_removes_no_start(world: World):
    Break.objects.update(weekdays=[1, 3])
    a_visit(world.person, world.service, world.office, between(11, 12))

    assert starts(world.service) == [one for one in ALL_DAY if one != "11:00"]


def test_a_break_is_read_in_the_clinicians_own_zone(world: World):
    Clinician.objects.update(zone="America/New_York")
    a_visit(world.person, world.service, world.office, between(10, 11))

    assert starts(world.service) == [one for one in ALL_DAY if one not in ("10:00", "11:00")]


def test_a_start_that_would_leave_no_break_is_refused_under_lock_F12(world: World):
    noon = next(one for one in found(world.service) if one.starts_at == clock(MONDAY, 12))
    hold(opening=next(one.id for one in found(world.service) if one.starts_at == clock(MONDAY, 11)), by=a_stranger(),
         now=NOW)  # fmt: skip

    with pytest.raises(Taken):
        hold(opening=noon.id, by=a_stranger("browser-2"), now=NOW)


def test_a_hand_made_start_in_the_middle_of_the_break_is_refused_F12(world: World):
    type(world.service).objects.update(step_minutes=30)
    by_hand = OpeningId(
        service="single", location="mckinney", mode="office", starts_at=clock(MONDAY, 11.5),
        clinicians=(world.person.pk,),
    )  # fmt: skip

    with pytest.raises(Taken):
        hold(opening=by_hand.encode(), by=a_stranger(), now=NOW)
