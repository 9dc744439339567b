"""Decide under lock whether an opening can be booked: all of its starts and blocks, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from scheduling.models import Clinician, Location, ProgramBlock, Service
from scheduling.opening_id import OpeningId, UnknownOpening
from scheduling.operations.bookings.refused import Taken
from scheduling.queries.loading.snapshot import Loaded, Scope, load
from scheduling.queries.openings.criteria import program_criteria, program_of, single_criteria
from scheduling.queries.openings.opening import UNKNOWN, blocks_of
from scheduling.queries.openings.refusals import WORDS
from scheduling.queries.openings.search import Wanted


@dataclass(frozen=True, kw_only=True)
class AppointmentDraft:
    """An appointment that has been decided and not yet written.

    `tracks`: the tracks that attend. `leads`: clinicians, each with a role id (None outside a program).
    `reserved`: (resource id, from, until) in UTC, buffers included.
    """

    start: datetime
    end: datetime
    tracks: tuple[str, ...]
    leads: tuple[tuple[Clinician, int | None], ...]
    office_id: int | None
    room_id: int | None
    block: ProgramBlock | None
    reserved: tuple[tuple[int, datetime, datetime], ...]


def decide_step(*, wanted: Wanted, now: datetime, leads: int = 1) -> list[AppointmentDraft]:
    """Decide an opening on a fresh snapshot. The caller has locked its resources. Raises Taken, UnknownOpening.

    `leads`: number of clinicians who lead each appointment together, outside a program; the room must hold them all.
    """
    assert_in_transaction()
    pin, service, location, party = wanted.pin, wanted.service, wanted.location, wanted.party
    if pin.starts[-1] - pin.starts_at >= LONGEST:
        raise Taken(Reason.TOO_FAR)
    blocks = blocks_of(service) if service.is_program else []
    program = _program_of(service, blocks) if service.is_program else None
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
    window: dict[str, Any] = {"first": day, "until": until, "now": now, "party": party}
    window["waive_notice"] = wanted.waive_notice
    if program is not None:
        plan = _decided_plan(pin, program, location, loaded, program_criteria(service, loaded, **window))
        return _drafts_of(plan, location, loaded, {block.pk: block for block in blocks})
    return _decide_single(pin, service, location, loaded, single_criteria(service, loaded, leads=leads, **window))


def _decide_single(
    pin: OpeningId, service: Service, location: Location, loaded: Loaded, criteria: Criteria
) -> list[AppointmentDraft]:
    """Decide all starts of the opening, or refuse them all (F10)."""
    if pin.mode not in service.modes or len(pin.clinicians) != 1:
        raise UnknownOpening(UNKNOWN)
    ask = Ask(location.pk, CoreMode(pin.mode), pin.clinicians[0])
    found = decide_all(loaded.snapshot, criteria, pin.starts, ask).found
    _refuse_clashes(pin, location, found)
    return [draft_of(one, service, loaded.clinicians) for one in found if isinstance(one, core.Opening)]


def _refuse_clashes(pin: OpeningId, location: Location, found: Sequence[core.Opening | Refusal]) -> None:
    clashes: dict[Reason, list[str]] = {}
    for start, one in zip(pin.starts, found, strict=True):
        if isinstance(one, Refusal):
            clashes.setdefault(one.reason, []).append(short_moment(start.astimezone(location.tzinfo)))
    if clashes:
        sentences = [f"{'; '.join(moments)}: {WORDS[reason]}" for reason, moments in clashes.items()]
        raise Taken(next(iter(clashes)), " ".join(sentences) if pin.further else "")


def draft_of(opening: core.Opening, service: Service, clinicians: Mapping[int, Clinician]) -> AppointmentDraft:
    """Turn a decided opening of one start into an appointment draft. `clinicians` by id, with the opening's own."""
    taken = [opening.clinician_id] if opening.room_id is None else [opening.clinician_id, opening.room_id]
    return AppointmentDraft(
        start=opening.start,
        end=opening.end,
        tracks=("A", "B")[: 2 if service.party == Service.Party.COUPLE else 1],
        leads=((clinicians[opening.clinician_id], None),),
        office_id=opening.seat_id,
        room_id=opening.room_id,
        block=None,
        reserved=tuple((resource_id, opening.reserved_from, opening.reserved_until) for resource_id in taken),
    )


def _program_of(service: Service, blocks: Sequence[ProgramBlock]) -> Program:
    try:
        return program_of(service, blocks)
    except ProgramError as error:
        raise UnknownOpening(UNKNOWN) from error


def _decided_plan(
    pin: OpeningId, program: Program, location: Location, loaded: Loaded, criteria: ProgramCriteria
) -> Plan:
    roles = sum(len(block.roles) for block in program.blocks)
    if pin.mode != CoreMode.OFFICE or pin.further or len(pin.clinicians) != roles:
        raise UnknownOpening(UNKNOWN)
    plan = decide_program(loaded.snapshot, program, criteria, criteria.first, location.pk, pin.clinicians)
    if isinstance(plan, Refusal):
        raise Taken(plan.reason)
    if plan.start != pin.starts_at:
        raise Taken(Reason.OFF_STEP)
    return plan


def _drafts_of(
    plan: Plan, location: Location, loaded: Loaded, blocks: Mapping[int, ProgramBlock]
) -> list[AppointmentDraft]:
    reserved: dict[int, list[tuple[int, datetime, datetime]]] = {}
    for one in plan.reserved:
        reserved.setdefault(one.block_id, []).append((one.resource_id, one.span.start, one.span.end))
    return [
        AppointmentDraft(
            start=block.start,
            end=block.end,
            tracks=("A", "B") if block.attends == "both" else (str(block.attends),),
            leads=tuple((loaded.clinicians[pk], role_id) for role_id, pk in block.clinicians),
            office_id=location.pk,
            room_id=block.room_id,
            block=blocks[block.block_id],
            reserved=tuple(sorted(reserved.get(block.block_id, ()))),
        )
        for block in plan.blocks
    ]
