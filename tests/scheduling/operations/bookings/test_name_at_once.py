"""Holds are named at the same moment as these or other bookings change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction

from scheduling.models import Booking, ClientLink, Participant
from scheduling.operations.bookings import participants as naming
from scheduling.operations.bookings.confirm import confirm_step, lock_for_confirming
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.expire import expire_due
from scheduling.operations.bookings.hold import hold, hold_for
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.bookings.refused import HoldEnded, Taken
from scheduling.operations.bookings.release import release, release_step
from scheduling.operations.clients import Person
from tests.concurrency.crowd import deadlocks
from tests.factories import NOW, a_client, a_practice, an_actor, in_days
from tests.racing import together, wait_for_somebody
from tests.scheduling.groups import a_place_for_groups
from tests.scheduling.queries.world import World, a_world, found

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10
SOON, LATER, MUCH_LATER = (NOW + timedelta(minutes=minutes) for minutes in (5, 60, 120))


@pytest.fixture
def world() -> World:
    a_practice()
    return a_world()


@pytest.fixture
def partners() -> list[Person]:
    both = [a_client("Alex"), a_client("Sam")]
    ClientLink.objects.create(first=both[0], second=both[1], kind="partner", since=NOW - in_days(30))
    return [Person(client_id=one.pk) for one in both]


def named_at_once(world: World, partners: list[Person]) -> list[Exception | None]:
    """The answers of one round, on two hours of one clinician. The holds are released again."""
    staff = an_actor("owner")
    holds = [hold(opening=one.id, by=staff, now=NOW) for one in found(world.service)[:2]]

    def name(number: int) -> None:
        name_participants(booking_id=holds[number].pk, people=[partners[number]], by=staff, now=NOW)

    answers = together(2, name)
    assert Participant.objects.filter(booking__in=holds, client__isnull=False).count() == answers.count(None)
    for one in holds:
        release(booking_id=one.pk, by=staff, now=NOW)
    return answers


def test_when_two_partners_are_named_at_once_one_is_refused_the_clinician_of_the_other(world, partners):
    before = deadlocks()

    refused = [[one for one in named_at_once(world, partners) if one is not None] for _ in range(ROUNDS)]

    assert [[type(one) for one in round] for round in refused] == [[Taken]] * ROUNDS
    assert deadlocks() == before


def test_without_the_locks_both_partners_are_named(world, partners, monkeypatch):
    """Control: without the locks, the race above happens."""
    monkeypatch.setattr(naming, "lock_resources", list)

    assert [None, None] in [named_at_once(world, partners) for _ in range(ROUNDS)]


@dataclass
class Seats:
    """A client's dead seat in a group, and a hold of another seat there without a name."""

    person: Person
    dead: Booking
    held: Booking

    def named_while(self, act: Callable[[Booking], None]) -> tuple[object, object]:
        """Results of `act` on the locked hold, and of naming the client on it, which waits for `act`."""
        locked = Event()

        def meet(number: int) -> None:
            if number:
                locked.wait(timeout=30)
                name_participants(booking_id=self.held.pk, people=[self.person], by=an_actor("owner"), now=LATER)
                return
            with transaction.atomic():
                mine = lock_for_confirming(booking=Booking.objects.get(pk=self.held.pk))
                locked.set()
                wait_for_somebody()
                act(mine)

        acted, named = together(2, meet)
        return acted, named


@pytest.fixture
def seats() -> Seats:
    a_practice()
    groups, desk = a_place_for_groups(), an_actor("owner")
    groups.open()
    opening, person = groups.free()[0].id, Person(client_id=a_client("Alex").pk)
    return Seats(
        person,
        dead=hold_for(opening=opening, people=[person], by=desk, now=NOW),
        held=hold(opening=opening, by=desk, now=SOON, hold_minutes=30),
    )


def test_naming_a_client_with_a_dead_seat_while_the_hold_is_released_does_not_deadlock(seats: Seats):
    """All bookings are locked before the group. Otherwise naming would have the group that releasing waits for."""
    before = deadlocks()

    gone, named = seats.named_while(lambda held: release_step(booking=held, by=an_actor("owner"), now=LATER))

    assert (gone, type(named)) == (None, HoldEnded)
    assert Booking.objects.get(pk=seats.held.pk).status == "released"
    assert deadlocks() == before


def test_naming_a_client_with_a_dead_seat_while_the_hold_is_paid_late_does_not_deadlock(seats: Seats):
    """The confirming transaction has the hold locked already, and needs the dead seat."""
    before = deadlocks()
    Booking.objects.filter(pk=seats.dead.pk).update(hold_expires_at=MUCH_LATER)
    expire_due(now=LATER)
    Booking.objects.filter(pk=seats.dead.pk).update(hold_expires_at=SOON)

    paid, named = seats.named_while(
        lambda held: confirm_step(draft=BookingDraft.read(held), by=an_actor("owner"), now=LATER)
    )

    assert (paid, type(named)) == (None, HoldEnded)
    statuses = [Booking.objects.get(pk=one.pk).status for one in (seats.dead, seats.held)]
    assert statuses == ["expired", "confirmed"]
    assert deadlocks() == before
