"""Hold an opening: a booking in status held with a deadline, with names or without."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction, durable
from scheduling.availability.timegrid.walltime import local_date
from scheduling.models import Booking, Location, Participant, Service
from scheduling.opening_id import OpeningId, UnknownOpening
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.participants import name_participants_step
from scheduling.operations.bookings.refused import HOLD_MINUTES, Taken, TooManyHolds, refusing_overlap
from scheduling.operations.bookings.status import log_move_step
from scheduling.operations.bookings.take import decide_taking_step, resources_of, write_taking_step
from scheduling.operations.clients import Person, by_track
from scheduling.operations.locks import lock_holder, lock_resources
from scheduling.permissions import desks_of, is_desk_of
from scheduling.queries.openings.listing import alternatives
from scheduling.queries.openings.opening import UNKNOWN, services_on_offer
from scheduling.queries.openings.party import others_to_lock, party_of
from scheduling.queries.openings.search import Wanted

# The longest series that a client may book without staff.
MOST_DIRECT_STARTS = 12
# References are read out on the phone: no 0/O and no 1/I/L. No vowels, so that none spells a word.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


class NotDirect(UnknownOpening):
    """Only staff can book this, after a request or a call."""


def hold(
    *,
    opening: str,
    by: Actor,
    now: datetime,
    hold_minutes: int = HOLD_MINUTES,
    client_ids: tuple[int | None, ...] = (),
) -> Booking:
    """Hold an opening for `hold_minutes`. Raises Taken (with alternatives), UnknownOpening, TooManyHolds."""
    with naming_alternatives(opening, client_ids, by=by, now=now):
        return durable(hold_step)(
            opening=opening, by=by, now=now, hold_minutes=hold_minutes, client_ids=client_ids
        ).booking


def hold_for(
    *, opening: str, people: Sequence[Person], by: Actor, now: datetime, hold_minutes: int = HOLD_MINUTES
) -> Booking:
    """Hold an opening and name its people, in one transaction. The cancellation policy is accepted later.

    Raises Taken (with alternatives), UnknownOpening, TooManyHolds, NotNamed.
    """

    @durable
    def held() -> Booking:
        draft = hold_step(opening=opening, by=by, now=now, hold_minutes=hold_minutes, client_ids=by_track(people))
        name_participants_step(draft=draft, people=people, by=by, now=now)
        return draft.booking

    with naming_alternatives(opening, by_track(people), by=by, now=now):
        return held()


@contextmanager
def naming_alternatives(opening: str, client_ids: Sequence[int | None], *, by: Actor, now: datetime) -> Iterator[None]:
    """Turn a lost race into Taken (F2). After the transaction, add alternatives that these clients could book."""
    try:
        with refusing_overlap():
            yield
    except Taken as taken:
        is_desk = desks_of(by).filter(slug=OpeningId.decode(opening).location).exists()
        taken.alternatives = alternatives(opening, now=now, client_ids=client_ids, waive_notice=is_desk)
        raise


def hold_step(
    *,
    opening: str,
    by: Actor,
    now: datetime,
    hold_minutes: int = HOLD_MINUTES,
    client_ids: tuple[int | None, ...] = (),
    api_call: int | None = None,
) -> BookingDraft:
    """Lock the resources, decide the opening again, and write a held booking.

    The desk of this office may book inside the notice; staff of another office may not (F146).
    `client_ids`: of track A, then B; None stands for a stranger. Their own appointments and links count.
    `api_call`: the number of the API call that asks (F23). Raises Taken (without alternatives), UnknownOpening,
    TooManyHolds.
    """
    assert_in_transaction()
    wanted = _on_offer(OpeningId.decode(opening))
    pin, service, location = wanted.pin, wanted.service, wanted.location
    is_desk = is_desk_of(by, location)
    if not is_desk and not by.system:
        _refuse_not_direct(pin, service, location)
    _refuse_too_many_step(by, now)
    known = [one for one in client_ids if one is not None]
    locked = lock_resources(resources_of(wanted, [*known, *others_to_lock(known)]))
    wanted = replace(wanted, party=party_of(client_ids, service, now=now), waive_notice=is_desk)
    decided = decide_taking_step(wanted=wanted, locked=locked, by=by, now=now)
    booking = Booking.objects.create(
        reference="".join(secrets.choice(ALPHABET) for _ in range(8)),
        kind=_kind(pin, service),
        status=Booking.Status.HELD,
        service=service,
        location=location,
        mode=pin.mode,
        opening=opening,
        holder=by.holder,
        api_call=api_call,
        held_at=now,
        hold_expires_at=now + timedelta(minutes=hold_minutes),
        created_at=now,
        created_by=by.user,
    )
    log_move_step(booking=booking, old="", by=by, now=now)
    draft = BookingDraft(booking=booking, participants=_participants(booking), is_new=True, decided_for=client_ids)
    write_taking_step(draft=draft, decided=decided)
    return draft


def _on_offer(pin: OpeningId) -> Wanted:
    service = services_on_offer().filter(slug=pin.service).first()
    location = Location.objects.filter(slug=pin.location, is_active=True).first()
    if service is None or location is None or pin.mode not in service.modes:
        raise UnknownOpening(UNKNOWN)
    return Wanted(pin=pin, service=service, location=location)


def _refuse_not_direct(pin: OpeningId, service: Service, location: Location) -> None:
    # Two starts on one day are no series: one hold could otherwise take a clinician's whole day (F19).
    days = {local_date(start, location.tzinfo) for start in pin.starts}
    is_series = len(pin.starts) > MOST_DIRECT_STARTS or len(days) < len(pin.starts)
    too_much = is_series and service.party != Service.Party.GROUP
    if service.booking_mode != Service.BookingMode.INSTANT or pin.every_n_weeks or too_much:
        raise NotDirect("We book this with you by phone. Call us, and we will find a time.")


def _refuse_too_many_step(by: Actor, now: datetime) -> None:
    if by.is_staff or not by.holder:
        return
    lock_holder(by.holder)
    if Booking.objects.live_holds(now).filter(holder=by.holder).count() >= settings.LIMITS["holds_live_per_session"]:
        raise TooManyHolds("You are already holding other times. Finish or release one of them first.")


def _kind(pin: OpeningId, service: Service) -> Booking.Kind:
    if service.is_program:
        return Booking.Kind.INTENSIVE
    if service.party == Service.Party.GROUP:
        return Booking.Kind.SEAT
    if pin.every_n_weeks:
        return Booking.Kind.STANDING
    return Booking.Kind.SERIES if pin.further else Booking.Kind.APPOINTMENT


def _participants(booking: Booking) -> list[Participant]:
    tracks = ("A", "B") if booking.service.party == Service.Party.COUPLE else ("A",)
    return Participant.objects.bulk_create(Participant(booking=booking, track=track) for track in tracks)
