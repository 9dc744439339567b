"""Take the time of a booking of any kind. Every verb that takes time decides and writes it here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction
from scheduling.availability.seats import Group
from scheduling.models import Booking, ProgramBlock, Resource, Service
from scheduling.operations.bookings.decide import AppointmentDraft, decide_step
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.expire import expire_on_step
from scheduling.operations.bookings.seats import decide_seats_step, take_seats_step
from scheduling.operations.bookings.standing import write_standing_step
from scheduling.operations.bookings.write import write_step
from scheduling.queries.openings.search import Wanted

# The appointments to write, or the group in whose meetings a seat is free.
Decided = Sequence[AppointmentDraft] | Group


def resources_of(wanted: Wanted, people: Iterable[int] = ()) -> QuerySet[Any, int]:
    """Ids of the resources a booking may reserve, with the clients `people`, to lock in one statement.

    For a group, only `people`: a seat takes the client's time and no other.
    """
    if wanted.service.party == Service.Party.GROUP:
        return _ids(Resource.objects.filter(pk__in=list(people)))
    return reservable(wanted, people)


def reservable(wanted: Wanted, people: Iterable[int] = ()) -> QuerySet[Any, int]:
    """Ids of the pinned clinicians, external persons, every room of the office (rooms may change), and `people`.

    External persons are looked up by the service's id, so that a rename changes nothing.
    """
    named = _ids(Resource.objects.filter(pk__in=[*wanted.pin.clinicians, *people]))
    rooms = _ids(Resource.objects.filter(room__location=wanted.location))
    needed = ProgramBlock.objects.filter(program=wanted.service.pk, external__isnull=False)
    return named.union(rooms, needed.values_list("external", flat=True))


def _ids(resources: QuerySet[Resource]) -> QuerySet[Any, int]:
    return resources.values_list("pk", flat=True)


def decide_taking_step(*, wanted: Wanted, locked: Iterable[int], by: Actor, now: datetime) -> Decided:
    """Decide whether the opening can be taken. Expires dead holds on the `locked` resources first (F6).

    Raises Taken, UnknownOpening.
    """
    assert_in_transaction()
    if wanted.service.party == Service.Party.GROUP:
        return decide_seats_step(wanted=wanted, by=by, now=now)
    expire_on_step(resource_ids=locked, by=by, now=now)
    return decide_step(wanted=wanted, now=now)


def write_taking_step(*, draft: BookingDraft, decided: Decided) -> None:
    """Write the decided appointments and reservations of a booking, or its seats."""
    assert_in_transaction()
    if isinstance(decided, Group):
        take_seats_step(group=decided, draft=draft)
        return
    write_step(draft=draft, decided=decided)
    if draft.is_new and draft.booking.kind == Booking.Kind.STANDING:
        write_standing_step(draft=draft, decided=decided)


def take_step(*, draft: BookingDraft, wanted: Wanted, locked: Iterable[int], by: Actor, now: datetime) -> None:
    """Decide an opening and take its time for a locked booking. Raises Taken, UnknownOpening."""
    write_taking_step(draft=draft, decided=decide_taking_step(wanted=wanted, locked=locked, by=by, now=now))
