"""Taking time for somebody: a booking in status held, with a deadline."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, OperationalError
from django.db.models import OuterRef

from backend.accounts.actor import Actor
from backend.transactions import RETRIED, assert_in_transaction, durable, is_overlap, sqlstate_of
from scheduling import events
from scheduling.availability.timegrid.walltime import local_date
from scheduling.models import Booking, Location, Participant, ProgramBlock, Room, Service
from scheduling.opening_id import OpeningId, UnknownOpening
from scheduling.operations.bookings.decide import Taken, decide_step, write_step
from scheduling.operations.bookings.expire import expire_on_step
from scheduling.operations.bookings.seats import decide_seats_step, take_seats_step
from scheduling.operations.bookings.standing import write_standing_step
from scheduling.operations.bookings.status import log_move_step
from scheduling.operations.locks import lock_holder, lock_resources
from scheduling.permissions import desks_of, is_desk_of
from scheduling.queries.openings.listing import alternatives
from scheduling.queries.openings.opening import services_on_offer
from scheduling.queries.openings.party import others_to_lock, party_of

HOLD_MINUTES = 15
# What somebody may book at once without talking to us.
MOST_DIRECT_STARTS = 12
# Without 0/O, 1/I/L and vowels: read out on the phone, and no words by accident.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


class TooManyHolds(Exception):
    """One visitor already holds as much as one visitor may (F19)."""


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
        return durable(hold_step)(opening=opening, by=by, now=now, hold_minutes=hold_minutes, client_ids=client_ids)


class NotDirect(UnknownOpening):
    """This is booked by staff, after a request or a call (design §7)."""


@contextmanager
def naming_alternatives(opening: str, client_ids: Sequence[int | None], *, by: Actor, now: datetime) -> Iterator[None]:
    """Turn a lost race into Taken (F2), and give Taken what these clients could take instead, once the transaction is
    over."""
    try:
        with refusing_overlap():
            yield
    except Taken as taken:
        is_desk = desks_of(by).filter(slug=OpeningId.decode(opening).location).exists()
        taken.alternatives = alternatives(opening, now=now, client_ids=client_ids, waive_notice=is_desk)
        raise


@contextmanager
def refusing_overlap() -> Iterator[None]:
    """An overlap that the database refused, or a lock lost too often, is Taken and never a server error."""
    try:
        yield
    except IntegrityError as error:
        if is_overlap(error):
            raise Taken from error
        raise
    except OperationalError as error:
        if sqlstate_of(error) in RETRIED:
            raise Taken from error
        raise


def hold_step(
    *,
    opening: str,
    by: Actor,
    now: datetime,
    hold_minutes: int = HOLD_MINUTES,
    client_ids: tuple[int | None, ...] = (),
) -> Booking:
    """Lock, decide again, and take the time. The desk of the office may book inside the notice, nobody in the past; who
    works elsewhere books there as everybody does (F146).

    `client_ids`: of track A, then B (None: a stranger), whose own appointments and links count. Raises as `hold` does.
    """
    assert_in_transaction()
    pin = OpeningId.decode(opening)
    service, location, resources = _wanted(pin)
    is_desk = is_desk_of(by, location)
    if not is_desk and not by.system:
        _refuse_not_direct(pin, service, location)
    _refuse_too_many_step(by, now)
    known = [one for one in client_ids if one is not None]
    locked = lock_resources([*resources, *known, *others_to_lock(known)])
    party = party_of(client_ids, service, now=now)
    group, drafts = None, []
    if service.party == Service.Party.GROUP:
        group = decide_seats_step(
            pin=pin, service=service, location=location, by=by, now=now, party=party, waive_notice=is_desk
        )
    else:
        expire_on_step(resource_ids=locked, by=by, now=now)
        drafts = decide_step(pin=pin, service=service, location=location, now=now, party=party, waive_notice=is_desk)
    booking = _booking(opening, pin, service, location, by, now, hold_minutes)
    participants = _participants(booking, service)
    if group is not None:
        take_seats_step(group=group, participants=participants)
    else:
        write_step(booking=booking, drafts=drafts, participants=participants)
    if booking.kind == Booking.Kind.STANDING:
        write_standing_step(booking=booking, pin=pin, location=location, drafts=drafts)
    events.booking_held(booking=booking, now=now)
    return booking


def _wanted(pin: OpeningId) -> tuple[Service, Location, list[int]]:
    # With the service whoever it needs from outside, with the office its rooms: all may be taken (see `resources_of`).
    # A seat takes nobody's time but the client's.
    needed = ProgramBlock.objects.filter(program=OuterRef("pk"), external__isnull=False).values("external")
    service = services_on_offer().annotate(external_ids=ArraySubquery(needed)).filter(slug=pin.service).first()
    rooms = ArraySubquery(Room.objects.filter(location=OuterRef("pk")).values("pk"))
    location = Location.objects.filter(slug=pin.location, is_active=True).annotate(room_ids=rooms).first()
    if service is None or location is None or pin.mode not in service.modes:
        raise UnknownOpening("This opening is not known. Look for times again.")
    if service.party == Service.Party.GROUP:
        return service, location, []
    return service, location, [*pin.clinicians, *location.room_ids, *service.external_ids]


def _refuse_not_direct(pin: OpeningId, service: Service, location: Location) -> None:
    # A series has a date a day at most: else one hold could take somebody's whole day (F19).
    days = {local_date(start, location.tzinfo) for start in pin.starts}
    is_series = len(pin.starts) > MOST_DIRECT_STARTS or len(days) < len(pin.starts)
    too_much = is_series and service.party != Service.Party.GROUP
    if service.booking_mode != Service.BookingMode.INSTANT or pin.every_n_weeks or too_much:
        raise NotDirect("This is booked together with us. Call, and we will find a time.")


def _refuse_too_many_step(by: Actor, now: datetime) -> None:
    if by.is_staff or not by.holder:
        return
    lock_holder(by.holder)
    live = Booking.objects.filter(holder=by.holder, status=Booking.Status.HELD, hold_expires_at__gt=now)
    if live.count() >= settings.LIMITS["holds_live_per_session"]:
        raise TooManyHolds("You are already holding other times. Finish or let go of one of them first.")


def _booking(
    opening: str, pin: OpeningId, service: Service, location: Location, by: Actor, now: datetime, hold_minutes: int
) -> Booking:
    booking = Booking.objects.create(
        reference="".join(secrets.choice(ALPHABET) for _ in range(8)),
        kind=_kind(pin, service),
        status=Booking.Status.HELD,
        service=service,
        location=location,
        mode=pin.mode,
        opening=opening,
        holder=by.holder,
        held_at=now,
        hold_expires_at=now + timedelta(minutes=hold_minutes),
        created_at=now,
        created_by=by.user,
    )
    log_move_step(booking=booking, old="", by=by, now=now)
    return booking


def _kind(pin: OpeningId, service: Service) -> Booking.Kind:
    if service.is_program:
        return Booking.Kind.INTENSIVE
    if service.party == Service.Party.GROUP:
        return Booking.Kind.SEAT
    if pin.every_n_weeks:
        return Booking.Kind.STANDING
    return Booking.Kind.SERIES if pin.further else Booking.Kind.APPOINTMENT


def _participants(booking: Booking, service: Service) -> list[Participant]:
    tracks = ("A", "B") if service.party == Service.Party.COUPLE else ("A",)
    return Participant.objects.bulk_create(Participant(booking=booking, track=track) for track in tracks)
