"""Who attends, from the rows: whom known clients are kept apart from, and whom they must not be offered."""

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

# Bookings that came about.
STOOD = (Booking.Status.CONFIRMED, Booking.Status.COMPLETED)

# Client id -> the clients on the other end.
Others = dict[int, frozenset[int]]


def party_of(
    client_ids: Sequence[int | None], service: Service, *, now: datetime, without: Booking | None = None
) -> Party:
    """The party of clients (of track A, then B; None for a stranger) for `service`: four statements at most, none if
    all are strangers.

    `without`: a booking of theirs that does not count, because it is the one that is decided on.

    A clinician who sees somebody's partner individually is not offered to them for individual work. Partners are
    those linked at `now`, and the two of the party whether linked or not. No reason is given anywhere.

    A client is new who came with a booking, and of whose bookings none was confirmed so far. Whom the desk entered is
    not: it has decided. A party is known if one of it is, so a known client may bring a new partner.
    """
    mine = [one for one in client_ids if one is not None]
    if not mine:
        return STRANGERS
    partners = _linked(mine, now, ClientLink.Kind.PARTNER)
    partners = {one: (partners[one] | frozenset(mine)) - {one} for one in mine}
    seen_by = _seen_alone_by(frozenset[int]().union(*partners.values()), now, without)
    barred = {one: frozenset[int]().union(*(seen_by[other] for other in partners[one])) for one in mine}
    alone = service.party == Service.Party.INDIVIDUAL
    known, room_ids = _history(mine, now)
    tracks = dict(zip(TRACKS, client_ids, strict=False))
    return Party(
        client_ids=tuple(mine),
        tracks=tuple(client_ids),
        known=known,
        room_ids=room_ids,
        excluded_ids=frozenset[int]().union(*barred.values()) if alone else frozenset(),
        barred={} if alone else {track: barred[one] for track, one in tracks.items() if one is not None},
        apart=kept_apart(mine, now=now),
    )


def _history(client_ids: Sequence[int], now: datetime) -> tuple[bool, tuple[int, ...]]:
    """Whether one of them is no new client, and the room of each one's last visit, the newest visit first."""
    mine = Participant.objects.filter(client=OuterRef("pk"))
    visits = (
        Attendance.objects.active()
        .filter(
            participant__client=OuterRef("pk"),
            participant__booking__status__in=STOOD,
            appointment__status=Appointment.Status.PLANNED,
            appointment__mode=Mode.OFFICE,  # online only the clinician sat in the room
            appointment__room__isnull=False,
            appointment__during__startswith__lte=now,
        )
        .order_by("-appointment__during__startswith")[:1]
    )
    rows = Client.objects.filter(pk__in=client_ids).annotate(
        stood=Exists(mine.filter(booking__status__in=STOOD)),
        came=Exists(mine.filter(booking__created_at__lte=OuterRef("created_at"))),
        room=Subquery(visits.values("appointment__room")),
        visited_at=Subquery(visits.values("appointment__during__startswith")),
    )
    told = list(rows.values_list("stood", "came", "room", "visited_at"))
    known = any(stood or not came for stood, came, _, _ in told)
    rooms = sorted(((at, room) for _, _, room, at in told if room is not None), reverse=True)
    return known, tuple(dict.fromkeys(room for _, room in rooms))


def kept_apart(client_ids: Iterable[int], *, now: datetime) -> Others:
    """Of each client who has any, the others who must not be in the same office at overlapping times."""
    links = _linked(client_ids, now, ClientLink.Kind.KEEP_APART)
    return {one: others for one, others in links.items() if others}


def others_to_lock(client_ids: Iterable[int]) -> list[int]:
    """The clients whose bookings decide as well: two who are kept apart, and two who are partners, do not book past
    each other. Whether they still are is asked when all are locked."""
    links = _linked(client_ids, None, ClientLink.Kind.KEEP_APART, ClientLink.Kind.PARTNER)
    return sorted(frozenset[int]().union(*links.values()))


def _linked(client_ids: Iterable[int], now: datetime | None, *kinds: ClientLink.Kind) -> Others:
    wanted = set(client_ids)
    found: Mapping[int, set[int]] = {one: set() for one in wanted}
    if wanted:
        links = ClientLink.objects.filter(Q(first__in=wanted) | Q(second__in=wanted), kind__in=kinds)
        if now is not None:
            links = links.filter(Q(ended_at=None) | Q(ended_at__gt=now))
        for first, second in links.values_list("first", "second"):
            for one, other in ((first, second), (second, first)):
                if one in wanted:
                    found[one].add(other)
    return {one: frozenset(others) for one, others in found.items()}


def _seen_alone_by(client_ids: frozenset[int], now: datetime, without: Booking | None) -> defaultdict[int, set[int]]:
    # Individual work that took or takes place; what was cancelled does not count, nor does a hold past its deadline.
    # A role in which one person may do both partners' individual work takes nobody's side.
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
        told = rows.values_list(
            "appointment__attendances__participant__client",
            "clinician",
            booking,
            f"{booking}__status",
            f"{booking}__hold_expires_at",
        )
        for client_id, clinician_id, booking_id, status, deadline in told:
            dead = status == Booking.Status.HELD and deadline <= now
            if not dead and (without is None or booking_id != without.pk):
                found[client_id].add(clinician_id)
    return found
