"""Standing appointments: a hold writes 26 weeks and the pattern."""

from datetime import timedelta

import pytest

from scheduling.models import (
    Booking,
    Standing,
)
from scheduling.opening_id import UnknownOpening
from scheduling.operations.bookings.hold import NotDirect, hold
from tests.factories import NOW, a_practice, a_stranger, an_actor
from tests.scheduling.operations.standing_bookings import dates, held, opening_of
from tests.scheduling.queries.weekly import TUESDAY, WEEK, at
from tests.scheduling.queries.world import a_world, clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    a_practice()
    return a_world()


def test_a_standing_hold_writes_26_weeks_and_the_pattern(world):
    booking = held(world)

    standing = Standing.objects.get()
    assert booking.kind == Booking.Kind.STANDING
    assert dates(booking) == [TUESDAY + n * WEEK for n in range(26)]
    assert (standing.clinician, standing.room, standing.every_n_weeks) == (world.person, world.room, 1)
    assert (standing.weekday, standing.starts_minute, standing.first_on) == (1, 15 * 60, TUESDAY)
    assert standing.generated_until == TUESDAY + 26 * WEEK - timedelta(days=1)


def test_dates_left_out_or_moved_become_skips_and_the_pattern_stays(world):
    moved = {TUESDAY: clock(TUESDAY + timedelta(days=2), 9)}

    booking = held(world, every=2, skip=[TUESDAY + 4 * WEEK], move=moved)

    standing = Standing.objects.get()
    assert (standing.weekday, standing.starts_minute, standing.first_on) == (1, 15 * 60, TUESDAY)
    assert list(standing.skips.order_by("on").values_list("on", flat=True)) == [TUESDAY, TUESDAY + 4 * WEEK]
    assert len(dates(booking)) == 12


@pytest.mark.parametrize(
    "starts",
    [
        pytest.param([clock(TUESDAY, 15), clock(TUESDAY + WEEK, 15)], id="every week, said to be every second"),
        pytest.param([clock(TUESDAY, 15), clock(TUESDAY + 2 * WEEK, 14), clock(TUESDAY + 4 * WEEK, 13)], id="no time"),
    ],
)
def test_starts_without_a_pattern_are_refused_as_a_standing_appointment(world, starts):
    made_by_hand = at(world.service)._replace(starts_at=starts[0], further=tuple(starts[1:]), every_n_weeks=2)

    with pytest.raises(UnknownOpening):
        hold(opening=made_by_hand.id, by=an_actor(), now=NOW)

    assert not Booking.objects.exists()


def test_a_visitor_cannot_book_a_standing_appointment(world):
    opening = opening_of(world, every=4)

    with pytest.raises(NotDirect):
        hold(opening=opening.id, by=a_stranger(), now=NOW)
