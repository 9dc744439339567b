"""Load a party: the clients who attend, the people they must not meet, and the clinicians not offered to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Subquery

from scheduling.availability.programs.program import TRACKS
from scheduling.models import (
    Appointment,
    AppointmentClinician,
    Attendance,
    Booking,
    Client,
    ClientLink,
    Mode,
    Participant,
    ProgramBlock,
    Service,
)
from scheduling.models.appointment import ACTIVE_ATTENDANCE
from scheduling.queries.openings.criteria import STRANGERS, Party

# Statuses of bookings that took place or will.
STOOD = (Booking.Status.CONFIRMED, Booking.Status.COMPLETED)

# Client id -> ids of the clients linked to it.
Others = dict[int, frozenset[int]]


def party_of(
    client_ids: Sequence[int | None], service: Service, *, now: datetime, without: Booking | None = None
) -> Party:
    """Load the party for `service`, in at most four statements, or none if all are strangers.

    `client_ids`: of track A, then B; None stands for a stranger. `without`: the booking that is being decided, which
    does not count.

    A clinician who sees a client's partner individually is not offered to that client for individual work. Partners
    are those linked at `now`, and the two clients of the party. No reason is given anywhere.

    A client who came with a booking is new until a booking is confirmed. A client whom the desk entered is not new. A
    party is known if one of its clients is, so a known client may bring a new partner.
    """
    clients = [one for one in client_ids if one is not None]
    if not clients:
        return STRANGERS
    partners = _linked(clients, now, ClientLink.Kind.PARTNER)
    partners = {one: (partners[one] | frozenset(clients)) - {one} for one in clients}
    seen_by = _seen_alone_by(frozenset[int]().union(*partners.values()), now, without)
    barred = {one: frozenset[int]().union(*(seen_by[other] for other in partners[one])) for one in clients}
    alone = service.party == Service.Party.INDIVIDUAL
    known, room_ids = _history(clients, now)
    tracks = dict(zip(TRACKS, client_ids, strict=False))
    return Party(
        client_ids=tuple(clients),
        tracks=tuple(client_ids),
        known=known,
        room_ids=room_ids,
        excluded_ids=frozenset[int]().union(*barred.values()) if alone else frozenset(),
        barred={} if alone else {track: barred[one] for track, one in tracks.items() if one is not None},
        apart=kept_apart(clients, now=now),
    )


def _history(client_ids: Sequence[int], now: datetime) -> tuple[bool, tuple[int, ...]]:
    """Whether at least one client is not new, and the rooms of their last visits, the newest visit first."""
    participations = Participant.objects.filter(client=OuterRef("pk"))
    visits = (
        Attendance.objects.active()
        .filter(
            participant__client=OuterRef("pk"),
            participant__booking__status__in=STOOD,
            appointment__status=Appointment.Status.PLANNED,
            appointment__mode=Mode.OFFICE,  # in an online visit only the clinician uses the room
            appointment__room__isnull=False,
            appointment__during__startswith__lte=now,
        )
        .order_by("-appointment__during__startswith")[:1]
    )
    rows = Client.objects.filter(pk__in=client_ids).annotate(
        stood=Exists(participations.filter(booking__status__in=STOOD)),
        came=Exists(participations.filter(booking__created_at__lte=OuterRef("created_at"))),
        room=Subquery(visits.values("appointment__room")),
        visited_at=Subquery(visits.values("appointment__during__startswith")),
    )
    history = list(rows.values_list("stood", "came", "room", "visited_at"))
    known = any(stood or not came for stood, came, _, _ in history)
    rooms = sorted(((at, room) for _, _, room, at in history if room is not None), reverse=True)
    return known, tuple(dict.fromkeys(room for _, room in rooms))


def kept_apart(client_ids: Iterable[int], *, now: datetime) -> Others:
    """Client id -> clients who must not be in the same office at overlapping times; only clients who have any."""
    links = _linked(client_ids, now, ClientLink.Kind.KEEP_APART)
    return {one: others for one, others in links.items() if others}


def others_to_lock(client_ids: Iterable[int]) -> list[int]:
    """Ids of clients linked to these as partners or kept apart, to lock as well: their bookings decide too.

    Ended links count here; whether a link still holds is decided under the locks.
    """
    links = _linked(client_ids, None, ClientLink.Kind.KEEP_APART, ClientLink.Kind.PARTNER)
    return sorted(frozenset[int]().union(*links.values()))


def _linked(client_ids: Iterable[int], now: datetime | None, *kinds: ClientLink.Kind) -> Others:
    ids = set(client_ids)
    found: Mapping[int, set[int]] = {one: set() for one in ids}
    if ids:
        links = ClientLink.objects.filter(Q(first__in=ids) | Q(second__in=ids), kind__in=kinds)
        if now is not None:
            links = links.filter(Q(ended_at=None) | Q(ended_at__gt=now))
        for first, second in links.values_list("first", "second"):
            for one, other in ((first, second), (second, first)):
                if one in ids:
                    found[one].add(other)
    return {one: frozenset(others) for one, others in found.items()}


def _seen_alone_by(client_ids: frozenset[int], now: datetime, without: Booking | None) -> defaultdict[int, set[int]]:
    # Client id -> clinicians of their individual work. Canceled work and dead holds do not count, nor does a role in
    # which one clinician may see both partners individually.
    found: defaultdict[int, set[int]] = defaultdict(set)
    if client_ids:
        alone = Q(appointment__service__party=Service.Party.INDIVIDUAL) | Q(
            appointment__block__attends__in=[ProgramBlock.Attends.A, ProgramBlock.Attends.B]
        )
        rows = AppointmentClinician.objects.filter(
            alone,
            ~Q(role__for_both_partners=True),
            appointment__attendances__participant__client__in=client_ids,
            appointment__attendances__status__in=ACTIVE_ATTENDANCE,
            appointment__status=Appointment.Status.PLANNED,
        )
        booking = "appointment__attendances__participant__booking"
        led = rows.values_list(
            "appointment__attendances__participant__client",
            "clinician",
            booking,
            f"{booking}__status",
            f"{booking}__hold_expires_at",
        )
        for client_id, clinician_id, booking_id, status, deadline in led:
            dead = status == Booking.Status.HELD and deadline <= now
            if not dead and (without is None or booking_id != without.pk):
                found[client_id].add(clinician_id)
    return found
