"""Putting names to a hold: who attends, how they may be reached, and their own time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction, durable
from scheduling.models import Attendance, Booking, Client, Participant, Reservation
from scheduling.operations.bookings.eligibility import refuse_unsuited_step
from scheduling.operations.bookings.expire import lock_freeing_step
from scheduling.operations.bookings.extend import HoldEnded
from scheduling.operations.bookings.hold import refusing_overlap
from scheduling.operations.clients import Person, add_client_step, known_of, link_partners_step, update_client_step
from scheduling.operations.locks import lock_resources
from scheduling.queries.openings.party import others_to_lock


class NotNamed(Exception):
    """The people given do not fit the booking; `str()` says how in words."""


def name_participants(
    *, booking_id: int, people: Sequence[Person], by: Actor, now: datetime, policy_version: str = ""
) -> list[Participant]:
    """Name the people of a hold. Raises HoldEnded, NotNamed, Taken (a client is elsewhere, or it is not for them)."""
    with refusing_overlap():
        return _name(booking_id=booking_id, people=people, by=by, now=now, policy_version=policy_version)


@durable
def _name(
    *, booking_id: int, people: Sequence[Person], by: Actor, now: datetime, policy_version: str
) -> list[Participant]:
    booking = lock_to_name_step(booking_id=booking_id, people=people, by=by, now=now)
    return name_participants_step(booking=booking, people=people, by=by, now=now, policy_version=policy_version)


def lock_to_name_step(*, booking_id: int, people: Sequence[Person], by: Actor, now: datetime) -> Booking:
    """Lock the known clients among `people` with those whose time decides as well, then the booking itself.

    What dead holds keep of their time is freed on the way (F6). Raises Booking.DoesNotExist.
    """
    known = known_of(people)
    locked = lock_resources([*known, *others_to_lock(known)])
    return lock_freeing_step(booking_id=booking_id, resource_ids=locked, by=by, now=now)


def name_participants_step(
    *, booking: Booking, people: Sequence[Person], by: Actor, now: datetime, policy_version: str = ""
) -> list[Participant]:
    """Name the people of a locked hold: the first is track A, the second B. New people become new clients.

    The hold is decided again for those whom it was not taken for (see `refuse_unsuited_step`). Naming again before
    confirmation replaces the people of the hold, but for a second who has chosen meanwhile (see `is_named_again`).
    `policy_version` are the terms that the first person accepted (empty: none yet); nobody accepts for somebody else.
    """
    assert_in_transaction()
    if not booking.is_live_hold(now):
        raise HoldEnded("The time we were holding has been released. Your details are still here.")
    participants = list(booking.participants.select_related("client").order_by("track"))
    if not 1 <= len(people) <= len(participants):
        raise NotNamed("This is for two people." if len(participants) == 2 else "This is for one person.")
    given = known_of(people)
    if len(set(given)) < len(given):
        raise NotNamed("The same person cannot be named twice.")
    known = {*given, *(one.client_id for one in participants)} - {None}
    _free_names_step(participants, people, given)
    for participant, person in zip(participants, people, strict=False):
        _name_one_step(participant, person, by=by, now=now)
    suited = [one for one in participants if one.client_id in known]
    refuse_unsuited_step(booking=booking, participants=suited, now=now)
    if policy_version:
        participants[0].policy_accepted_at, participants[0].policy_version = now, policy_version
        participants[0].save(update_fields=["policy_accepted_at", "policy_version"])
    named = [participant.client for participant in participants if participant.client is not None]
    if len(named) == 2:
        link_partners_step(first=named[0], second=named[1], now=now)
    reserve_clients_step(booking, participants)
    return participants


def _free_names_step(participants: Sequence[Participant], people: Sequence[Person], given: Sequence[int]) -> None:
    # Two who change sides: nobody is in a booking twice, not even meanwhile.
    for participant, person in zip(participants, people, strict=False):
        if participant.client_id in given and participant.client_id != person.client_id:
            participant.client, participant.chosen_at, participant.calendar_invites = None, None, False
            participant.save(update_fields=["client", "chosen_at", "calendar_invites"])


def _name_one_step(participant: Participant, person: Person, *, by: Actor, now: datetime) -> None:
    if is_named_again(participant, person):
        return  # who they are is known, and how they are reached is theirs to say (promise 10)
    if person.client_id is not None:
        participant.client = Client.objects.get(pk=person.client_id)
    elif not person.name.strip():
        return
    elif participant.client is not None and _was_made_here(participant):
        update_client_step(client=participant.client, person=person, source="booking", now=now)
    else:
        participant.client = add_client_step(person=person, by=by, now=now)
    participant.chosen_at = now if person.has_chosen or person.client_id is not None else None
    participant.calendar_invites = person.calendar_invites and participant.chosen_at is not None
    participant.comfort_note = person.comfort_note
    participant.save(update_fields=["client", "chosen_at", "calendar_invites", "comfort_note"])


def is_named_again(participant: Participant, person: Person) -> bool:
    """True if `person` says no more than who is named already.

    Whatever is typed about a second person who has chosen by now says no more either: how they are called and reached
    is theirs to say (promise 10). Only somebody known takes their place.
    """
    if person.client_id is not None:
        return person.client_id == participant.client_id
    return participant.track == Participant.Track.B and participant.chosen_at is not None


def _was_made_here(participant: Participant) -> bool:
    """True for a client who was new with this hold and is nowhere else: then it is the same person, typed again."""
    client, held_at = participant.client, participant.booking.held_at
    if client is None or held_at is None or client.created_at < held_at or client.user_id is not None:
        return False
    return not client.participations.exclude(pk=participant.pk).exists()


def reserve_clients_step(booking: Booking, participants: Sequence[Participant]) -> None:
    """Clients reserve exactly what they attend, without buffers. A client replaced by another gives it back."""
    mine = Attendance.objects.filter(participant__in=participants, status=Attendance.Status.BOOKED)
    Reservation.objects.filter(attendance__in=mine, released_at=None).delete()
    rows = [
        Reservation(
            resource_id=attendance.participant.client_id,
            during=attendance.appointment.during,
            attendance=attendance,
            held_until=booking.hold_expires_at if booking.is_held else None,
        )
        for attendance in mine.select_related("participant", "appointment")
        if attendance.participant.client_id is not None
    ]
    rows.sort(key=lambda row: (row.resource_id, row.during.lower))
    Reservation.objects.bulk_create(rows)
