"""The exclusion constraint refuses double booking, also in races, and allows adjoining periods."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from psycopg.types.range import Range

from backend.transactions import sqlstate_of
from scheduling.models import Reservation
from tests.factories import NOW
from tests.racing import together
from tests.rules import WRITERS, broken_rule
from tests.scheduling.models import rows

ROUNDS = 20
both_ways = pytest.mark.parametrize("way", WRITERS)


def times(first: float, last: float, bounds: str = "[)") -> Range:
    return rows.hours(first, last, bounds)


@pytest.fixture
def taken():
    """A reserved hour, from one to two hours after NOW."""
    return rows.saved(rows.reservation(during=times(1, 2)))


@pytest.mark.django_db
@both_ways
@pytest.mark.parametrize("during", [times(0, 1), times(2, 3), Range(NOW, NOW + timedelta(hours=1))])
def test_adjoining_periods_of_one_resource_are_allowed_F5(taken, during, way: str):
    WRITERS[way].insert(rows.reservation(resource=taken.resource, during=during))

    assert taken.resource.reservations.count() == 2


@pytest.mark.django_db
@both_ways
@pytest.mark.parametrize(
    "during", [times(1, 2), times(0, 3), times(1.25, 1.5), times(0, 1.0001), times(1.9999, 3)], ids=str
)
def test_a_period_that_shares_an_instant_is_refused(taken, during, way: str):
    clash = rows.reservation(resource=taken.resource, during=during)

    assert broken_rule(lambda: WRITERS[way].insert(clash)) == "reservation_never_overlaps"


@pytest.mark.django_db
@both_ways
@pytest.mark.parametrize(
    "during",
    [times(3, 4, "[]"), times(3, 4, "()"), times(3, 4, "(]"), rows.ALREADY_OVER, rows.WITHOUT_END, rows.WITHOUT_START],
)
def test_a_period_that_is_closed_empty_or_endless_is_refused_F5(taken, during, way: str):
    odd = rows.reservation(resource=taken.resource, during=during)

    assert broken_rule(lambda: WRITERS[way].insert(odd)) == "reservation_period"


@pytest.mark.django_db
@both_ways
def test_a_reservation_cannot_be_moved_to_overlap_another(taken, way: str):
    later = rows.saved(rows.reservation(resource=taken.resource, during=times(5, 6)))

    assert broken_rule(lambda: WRITERS[way].update(later, {"during": times(1.5, 2.5)})) == "reservation_never_overlaps"


@pytest.mark.django_db
@both_ways
def test_released_time_is_free_and_cannot_be_restored_once_reserved_again(taken, way: str):
    WRITERS[way].update(taken, {"released_at": NOW})
    WRITERS[way].insert(rows.reservation(resource=taken.resource, during=times(1, 2)))

    assert broken_rule(lambda: WRITERS[way].update(taken, {"released_at": None})) == "reservation_never_overlaps"


@pytest.mark.django_db
def test_a_hold_past_its_deadline_keeps_its_time_until_it_is_released_F6(taken):
    Reservation.objects.filter(pk=taken.pk).update(held_until=NOW - timedelta(days=1))
    clash = rows.reservation(resource=taken.resource, during=times(1, 2))

    assert broken_rule(clash.save) == "reservation_never_overlaps"


@pytest.mark.django_db(transaction=True)
def test_when_two_threads_reserve_overlapping_time_exactly_one_gets_it_F1():
    room, visit = rows.saved(rows.room()).resource, rows.saved(rows.appointment())
    for first in range(0, 3 * ROUNDS, 3):
        results = together(2, partial(reserve_two_hours, room, visit, first))

        refused = [error for error in results if error is not None]
        assert [sqlstate_of(error) in {"23P01", "40P01"} for error in refused] == [True]
    assert room.reservations.count() == ROUNDS


@pytest.mark.django_db(transaction=True)
def test_when_twenty_threads_reserve_the_same_hour_exactly_one_gets_it_F1():
    room, visit = rows.saved(rows.room()).resource, rows.saved(rows.appointment())

    results = together(20, lambda _: reserve(room, visit, times(0, 1)))

    refused = [error for error in results if error is not None]
    assert {sqlstate_of(error) for error in refused} <= {"23P01", "40P01"}
    assert (len(refused), room.reservations.count()) == (19, 1)


@pytest.mark.django_db(transaction=True)
def test_threads_that_reserve_adjoining_hours_at_once_all_get_them_F5():
    room, visit = rows.saved(rows.room()).resource, rows.saved(rows.appointment())

    results = together(10, lambda number: reserve(room, visit, times(number, number + 1)))

    assert results == [None] * 10


def reserve_two_hours(resource, appointment, first: int, number: int) -> None:
    """Reserve two hours. Thread 1 starts an hour after thread 0, so that they overlap for an hour."""
    reserve(resource, appointment, times(first + number, first + number + 2))


def reserve(resource, appointment, during) -> None:
    with transaction.atomic():
        Reservation.objects.create(resource=resource, appointment=appointment, during=during)
