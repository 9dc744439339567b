"""Name the people of a hold: add or update clients, and reserve the clients' own time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction, durable
from scheduling.models import Attendance, Client, Participant, Reservation
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.eligibility import refuse_unsuited_step
from scheduling.operations.bookings.expire import lock_freeing_step
from scheduling.operations.bookings.refused import HoldEnded, refusing_overlap
from scheduling.operations.clients import (
    Person,
    add_clients_step,
    by_track,
    known_of,
    link_partners_step,
    update_client_step,
)
from scheduling.operations.locks import lock_resources
from scheduling.queries.openings.party import others_to_lock


class NotNamed(Exception):
    """The people given do not fit the booking; `str()` says why, in words for the person who booked."""


def name_participants(*, booking_id: int, people: Sequence[Person], by: Actor, now: datetime) -> list[Participant]:
    """Name the people of a hold. Raises HoldEnded, NotNamed, Taken (a client is busy, or a rule bars a client)."""

    @durable
    def named() -> list[Participant]:
        draft = lock_to_name_step(booking_id=booking_id, people=people, by=by, now=now)
        name_participants_step(draft=draft, people=people, by=by, now=now)
        return draft.participants

    with refusing_overlap():
        return named()


def lock_to_name_step(*, booking_id: int, people: Sequence[Person], by: Actor, now: datetime) -> BookingDraft:
    """Lock the known clients among `people` and the people their rules name, then the booking. Returns its draft.

    Expires other dead holds that reserve time of these clients (F6). Raises Booking.DoesNotExist.
    """
    known = known_of(people)
    locked = lock_resources([*known, *others_to_lock(known)]) if known else []
    return BookingDraft.read(lock_freeing_step(booking_id=booking_id, resource_ids=locked, by=by, now=now))


def name_participants_step(*, draft: BookingDraft, people: Sequence[Person], by: Actor, now: datetime) -> None:
    """Name the people of a locked hold: the first is track A, the second track B. New people become new clients.

    A hold that was taken for other clients is re-checked (see `refuse_unsuited_step`). Naming again before
    confirmation replaces the people, except a second partner who has chosen since (see `is_named_again`).
    Raises HoldEnded, NotNamed, Taken.
    """
    assert_in_transaction()
    participants = draft.participants
    _refuse_misfit(draft, people, now)
    had_names = any(one.client_id is not None for one in participants)
    known = {*known_of(people), *(one.client_id for one in participants)} - {None}
    _free_names_step(participants, people)
    draft.new_client_ids |= _name_step(participants, people, by=by, now=now)
    if draft.decided_for is None or draft.decided_for != by_track(people):
        refuse_unsuited_step(draft=draft, participants=[one for one in participants if one.client_id in known], now=now)
    named = [one.client for one in participants if one.client is not None]
    if len(named) == 2:
        are_new = not draft.new_client_ids.isdisjoint(one.pk for one in named)
        link_partners_step(first=named[0], second=named[1], are_new=are_new, now=now)
    if had_names:
        Reservation.objects.unreleased().filter(attendance__in=draft.attendances).delete()
    reserve_clients_step(draft=draft, attendances=draft.attendances)


def _refuse_misfit(draft: BookingDraft, people: Sequence[Person], now: datetime) -> None:
    if not draft.booking.is_live_hold(now):
        raise HoldEnded("Your hold on this time has ended. Your details are still here.")
    if not 1 <= len(people) <= len(draft.participants):
        raise NotNamed("This is for two people." if len(draft.participants) == 2 else "This is for one person.")
    given = known_of(people)
    if len(set(given)) < len(given):
        raise NotNamed("The same person cannot be named twice.")


def _free_names_step(participants: Sequence[Participant], people: Sequence[Person]) -> None:
    # When two clients swap tracks, free both first: a unique constraint refuses one client twice in a booking.
    given = known_of(people)
    for participant, person in zip(participants, people, strict=False):
        if participant.client_id in given and participant.client_id != person.client_id:
            participant.client, participant.chosen_at, participant.calendar_invites = None, None, False
            participant.save(update_fields=["client", "chosen_at", "calendar_invites"])


def _name_step(participants: Sequence[Participant], people: Sequence[Person], *, by: Actor, now: datetime) -> set[int]:
    """Write who attends, in one statement for all. Returns the ids of the clients who are new."""
    # A person named already is known, and says for themselves how to be reached (promise 10).
    pairs = [
        (one, person) for one, person in zip(participants, people, strict=False) if not is_named_again(one, person)
    ]
    pairs = [(one, person) for one, person in pairs if person.client_id is not None or person.name.strip()]
    known = Client.objects.in_bulk(known_of(person for _, person in pairs)) if known_of(people) else {}
    strangers = []
    for participant, person in pairs:
        if person.client_id is not None:
            participant.client = known[person.client_id]
        elif participant.client is not None and _was_made_here(participant):
            update_client_step(client=participant.client, person=person, source="booking", now=now)
        else:
            strangers.append((participant, person))
    new = add_clients_step(people=[person for _, person in strangers], by=by, now=now)
    for (participant, _), client in zip(strangers, new, strict=True):
        participant.client = client
    for participant, person in pairs:
        participant.chosen_at = now if person.has_chosen or person.client_id is not None else None
        participant.calendar_invites = person.calendar_invites and participant.chosen_at is not None
        participant.comfort_note = person.comfort_note
    if pairs:
        Participant.objects.bulk_update(
            [one for one, _ in pairs], ["client", "chosen_at", "calendar_invites", "comfort_note"]
        )
    return {client.pk for client in new}


def is_named_again(participant: Participant, person: Person) -> bool:
    """True if naming `person` leaves the participant as it is.

    That holds for the same known client, and for a second partner who has chosen: only that person may change their own
    name and channels (promise 10). Another known client still replaces them.
    """
    if person.client_id is not None:
        return person.client_id == participant.client_id
    return participant.track == Participant.Track.B and participant.chosen_at is not None


def _was_made_here(participant: Participant) -> bool:
    """True if the client was added with this hold and is in no other booking: the same person is typed again."""
    client, held_at = participant.client, participant.booking.held_at
    if client is None or held_at is None or client.created_at < held_at or client.user_id is not None:
        return False
    return not client.participations.exclude(pk=participant.pk).exists()


def reserve_clients_step(*, draft: BookingDraft, attendances: Iterable[Attendance]) -> None:
    """Reserve for each named client exactly the time of these attendances, without buffers."""
    assert_in_transaction()
    rows = [
        Reservation(
            resource_id=attendance.participant.client_id,
            during=attendance.appointment.during,
            attendance=attendance,
            held_until=draft.held_until,
        )
        for attendance in attendances
        if attendance.participant.client_id is not None and attendance.status == Attendance.Status.BOOKED
    ]
    rows.sort(key=lambda row: (row.resource_id, row.during.lower))
    Reservation.objects.bulk_create(rows)
