"""Deciding an opening under lock, and writing what was decided: the only way in which time is taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.transactions import assert_in_transaction
from scheduling.availability.programs.plan import Plan
from scheduling.availability.programs.planner import decide_program
from scheduling.availability.programs.program import Program, ProgramCriteria, ProgramError
from scheduling.availability.refusals import Reason, Refusal
from scheduling.availability.single import openings as core
from scheduling.availability.single.criteria import Criteria
from scheduling.availability.single.series import LONGEST, Ask, decide_all
from scheduling.availability.snapshot import Mode as CoreMode
from scheduling.availability.timegrid.walltime import local_date
from scheduling.formats import short_moment
from scheduling.models import (
    Appointment,
    AppointmentClinician,
    Attendance,
    Booking,
    Location,
    Participant,
    ProgramBlock,
    Reservation,
    Room,
    Service,
)
from scheduling.opening_id import OpeningId, UnknownOpening
from scheduling.queries.loading.snapshot import Loaded, Scope, load
from scheduling.queries.openings.criteria import STRANGERS, Party, program_criteria, program_of, single_criteria
from scheduling.queries.openings.opening import UNKNOWN, Opening, blocks_of
from scheduling.queries.openings.refusals import WORDS


class Taken(Exception):
    """The time is not free any more, or never was bookable. `alternatives` are filled in by who answers a person.

    `words`: what a person is told, if it is more than the reason.
    """

    def __init__(self, reason: Reason = Reason.TAKEN, words: str = "") -> None:
        super().__init__(words or WORDS[reason])
        self.reason = reason
        self.alternatives: list[Opening] = []


@dataclass(frozen=True, kw_only=True)
class AppointmentDraft:
    """One appointment to write. `tracks` attend it; `reserved` are (resource, from, until), buffers included."""

    start: datetime
    end: datetime
    tracks: tuple[str, ...]
    leads: tuple[tuple[int, int | None], ...]
    office_id: int | None
    room_id: int | None
    block_id: int | None
    reserved: tuple[tuple[int, datetime, datetime], ...]


def resources_of(pin: OpeningId, service: Service, location: Location) -> list[int]:
    """What it may take, whatever the service is called by now: its clinicians, any room of its office (rooms may
    change), who comes from outside."""
    rooms = Room.objects.filter(location=location).values_list("pk", flat=True)
    needing = ProgramBlock.objects.filter(program=service.pk, external__isnull=False)
    return [*pin.clinicians, *rooms, *needing.values_list("external", flat=True)]


def decide_step(
    *,
    pin: OpeningId,
    service: Service,
    location: Location,
    now: datetime,
    party: Party = STRANGERS,
    waive_notice: bool = False,
    leads: int = 1,
) -> list[AppointmentDraft]:
    """Decide an opening on a fresh picture, its resources being locked. Raises Taken, UnknownOpening.

    `leads`: how many lead it together, if that is not a program; the room holds them all.
    """
    assert_in_transaction()
    if pin.starts[-1] - pin.starts_at >= LONGEST:
        raise Taken(Reason.TOO_FAR)
    program = _program_of(service) if service.is_program else None
    day, until = (local_date(start, location.tzinfo) for start in (pin.starts_at, pin.starts[-1]))
    if program is not None:
        day = until = day - timedelta(days=program.blocks[0].day)
    until += timedelta(days=1)
    loaded = load(
        Scope(
            service=service,
            first=day,
            until=until,
            days=1 if program is None else program.days,
            location_ids=frozenset({location.pk}),
            clinician_ids=frozenset(pin.clinicians),
            client_ids=party.client_ids,
            apart=party.apart,
        ),
        now=now,
    )
    if location.pk not in loaded.locations:
        raise Taken(Reason.NOT_OFFERED)
    window: dict[str, Any] = {"first": day, "until": until, "now": now, "party": party, "waive_notice": waive_notice}
    if program is not None:
        return _decide_program(pin, program, location, loaded, program_criteria(service, loaded, **window))
    return _decide_single(pin, service, location, loaded, single_criteria(service, loaded, leads=leads, **window))


def _decide_single(
    pin: OpeningId, service: Service, location: Location, loaded: Loaded, criteria: Criteria
) -> list[AppointmentDraft]:
    """Every start of the opening, or none of them (F10)."""
    if pin.mode not in service.modes or len(pin.clinicians) != 1:
        raise UnknownOpening(UNKNOWN)
    ask = Ask(location.pk, CoreMode(pin.mode), pin.clinicians[0])
    found = decide_all(loaded.snapshot, criteria, pin.starts, ask).found
    _refuse_clashes(pin, location, found)
    return [draft_of(one, service) for one in found if isinstance(one, core.Opening)]


def _refuse_clashes(pin: OpeningId, location: Location, found: Sequence[core.Opening | Refusal]) -> None:
    clashes: dict[Reason, list[str]] = {}
    for start, one in zip(pin.starts, found, strict=True):
        if isinstance(one, Refusal):
            clashes.setdefault(one.reason, []).append(short_moment(start.astimezone(location.tzinfo)))
    if clashes:
        told = [f"{'; '.join(moments)}: {WORDS[reason]}" for reason, moments in clashes.items()]
        raise Taken(next(iter(clashes)), " ".join(told) if pin.further else "")


def draft_of(one: core.Opening, service: Service) -> AppointmentDraft:
    """The appointment that a decided start becomes."""
    taken = [one.clinician_id] if one.room_id is None else [one.clinician_id, one.room_id]
    return AppointmentDraft(
        start=one.start,
        end=one.end,
        tracks=("A", "B")[: 2 if service.party == Service.Party.COUPLE else 1],
        leads=((one.clinician_id, None),),
        office_id=one.seat_id,
        room_id=one.room_id,
        block_id=None,
        reserved=tuple((resource_id, one.reserved_from, one.reserved_until) for resource_id in taken),
    )


def _program_of(service: Service) -> Program:
    try:
        return program_of(service, blocks_of(service))
    except ProgramError as error:
        raise UnknownOpening(UNKNOWN) from error


def _decide_program(
    pin: OpeningId, program: Program, location: Location, loaded: Loaded, criteria: ProgramCriteria
) -> list[AppointmentDraft]:
    roles = sum(len(block.roles) for block in program.blocks)
    if pin.mode != CoreMode.OFFICE or pin.further or len(pin.clinicians) != roles:
        raise UnknownOpening(UNKNOWN)
    plan = decide_program(loaded.snapshot, program, criteria, criteria.first, location.pk, pin.clinicians)
    if isinstance(plan, Refusal):
        raise Taken(plan.reason)
    if plan.start != pin.starts_at:
        raise Taken(Reason.OFF_STEP)
    return _led(plan, location)


def _led(plan: Plan, location: Location) -> list[AppointmentDraft]:
    reserved: dict[int, list[tuple[int, datetime, datetime]]] = {}
    for one in plan.reserved:
        reserved.setdefault(one.block_id, []).append((one.resource_id, one.span.start, one.span.end))
    return [
        AppointmentDraft(
            start=block.start,
            end=block.end,
            tracks=("A", "B") if block.attends == "both" else (str(block.attends),),
            leads=tuple((clinician_id, role_id) for role_id, clinician_id in block.clinicians),
            office_id=location.pk,
            room_id=block.room_id,
            block_id=block.block_id,
            reserved=tuple(sorted(reserved.get(block.block_id, ()))),
        )
        for block in plan.blocks
    ]


def write_step(
    *, booking: Booking, drafts: Sequence[AppointmentDraft], participants: Iterable[Participant]
) -> list[Appointment]:
    """Write the appointments, who leads and attends them, and what they reserve until the hold's deadline."""
    assert_in_transaction()
    by_track = {person.track: person for person in participants}
    ordered = sorted(drafts, key=lambda one: (one.start, one.block_id or 0))
    appointments = Appointment.objects.bulk_create(_appointment(booking, one, by_track) for one in ordered)
    pairs = list(zip(appointments, ordered, strict=True))
    write_leads_step(pairs=pairs)
    Attendance.objects.bulk_create(
        Attendance(participant=by_track[track], appointment=appointment, seat_no=seat)
        for appointment, one in pairs
        for seat, track in enumerate((t for t in one.tracks if t in by_track), start=1)
    )
    reserve_step(pairs=pairs, held_until=booking.hold_expires_at)
    return appointments


def _appointment(booking: Booking, one: AppointmentDraft, by_track: dict[str, Participant]) -> Appointment:
    return Appointment(
        service=booking.service,
        block_id=one.block_id,
        during=(one.start, one.end),
        mode=booking.mode,
        location=booking.location,
        office_id=one.office_id,
        room_id=one.room_id,
        capacity=sum(track in by_track for track in one.tracks),
    )


def write_leads_step(*, pairs: Sequence[tuple[Appointment, AppointmentDraft]]) -> None:
    """Write who leads what was decided, in the order given."""
    AppointmentClinician.objects.bulk_create(
        AppointmentClinician(appointment=appointment, clinician_id=clinician_id, role_id=role_id)
        for appointment, one in pairs
        for clinician_id, role_id in one.leads
    )


def reserve_step(*, pairs: Sequence[tuple[Appointment, AppointmentDraft]], held_until: datetime | None) -> None:
    """Reserve what was decided, in the order of resources and then time, so that no two writers deadlock (F3)."""
    rows = [
        Reservation(resource_id=resource_id, during=(start, end), appointment=appointment, held_until=held_until)
        for appointment, one in pairs
        for resource_id, start, end in one.reserved
    ]
    rows.sort(key=lambda row: (row.resource_id, row.during[0]))
    Reservation.objects.bulk_create(rows)
