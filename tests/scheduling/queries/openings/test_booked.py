"""A booked opening is described by its own rows, even if the service is renamed or edited later."""

from collections.abc import Callable

import pytest

from scheduling.models import Booking, Location, ProgramBlock, Service
from scheduling.operations.bookings.hold import hold
from scheduling.queries.openings.booked import booked_opening
from scheduling.queries.openings.opening import Opening
from scheduling.queries.openings.series import series
from tests.factories import NOW, a_couples_office, a_practice, a_role, an_actor
from tests.scheduling.groups import a_place_for_groups
from tests.scheduling.queries.world import a_world, found

pytestmark = pytest.mark.django_db


def a_block_more() -> None:
    program = ProgramBlock.objects.latest("pk").program
    block = ProgramBlock.objects.create(
        program=program, name="Evening", day=0, starts_minute=1000, ends_minute=1060, attends="both"
    )
    block.roles.set([a_role("lead")])


def a_program() -> Opening:
    return found(a_couples_office()[1])[0]


def a_series() -> Opening:
    first = found(a_world().service)[0]
    return series(opening=first, times=3, every_n_weeks=1, now=NOW).opening


def a_standing_appointment() -> Opening:
    first = found(a_world().service)[0]
    return series(opening=first, times=None, every_n_weeks=2, now=NOW).opening


def a_visit() -> Opening:
    return found(a_world().service)[0]


def a_seat() -> Opening:
    groups = a_place_for_groups()
    groups.open_cohort()
    return groups.free()[0]


@pytest.mark.parametrize("kind", [a_visit, a_series, a_standing_appointment, a_program, a_seat])
def test_a_booked_opening_equals_the_opening_that_was_held(kind: Callable[[], Opening]):
    a_practice()
    opening = kind()
    booking = hold(opening=opening.id, by=an_actor(), now=NOW)

    assert booked_opening(booking) == opening._replace(seats_left=None)


ENTERED: dict[str, Callable[[], object]] = {
    "the service's address": lambda: Service.objects.filter(bookings__isnull=False).update(slug="renamed"),
    "the office's address": lambda: Location.objects.filter(bookings__isnull=False).update(slug="renamed"),
    "the length": lambda: Service.objects.filter(program=None).update(duration_minutes=110),
}


@pytest.mark.parametrize(
    ("kind", "entered"),
    [(kind, one) for kind in (a_visit, a_program) for one in ENTERED.values()] + [(a_program, a_block_more)],
)
def test_later_edits_do_not_change_the_booked_opening(kind: Callable[[], Opening], entered):
    a_practice()
    opening = kind()
    booking = hold(opening=opening.id, by=an_actor(), now=NOW)
    entered()

    told = booked_opening(Booking.objects.get(pk=booking.pk))

    assert (told.starts, told.ends_at, told.days) == (opening.starts, opening.ends_at, opening.days)
