"""List the openings of a service between two dates, and alternatives to one that was lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from scheduling.availability.programs.plan import Plan
from scheduling.availability.programs.planner import plans
from scheduling.availability.programs.program import ProgramError
from scheduling.availability.single import openings as single
from scheduling.availability.timegrid.walltime import local_date
from scheduling.models import Mode, ProgramBlock, Service
from scheduling.queries.loading.snapshot import Loaded, Scope, load
from scheduling.queries.openings.criteria import program_criteria, program_of, single_criteria
from scheduling.queries.openings.groups import group_openings
from scheduling.queries.openings.opening import Block, Opening, blocks_of, describe, program_opening
from scheduling.queries.openings.party import party_of
from scheduling.queries.openings.search import Search

LONGEST_DAYS = 186


class BadWindow(Exception):
    """The dates cannot be searched; `str()` says why, in words for a person."""


@dataclass(frozen=True)
class Openings:
    """Openings found. `next_on`: if there are none, the local date of the first opening after the window, or None."""

    openings: list[Opening] = field(default_factory=list)
    next_on: date | None = None


def openings(search: Search) -> Openings:
    """List the openings of a search over at most 186 days, in order of time, place and mode. Raises BadWindow.

    If there are none, `next_on` is looked for up to the service's horizon.
    """
    check_window(search.first, search.until)
    found = _found(search)
    return Openings(found, None if found else _next_after(search))


def check_window(first: date, until: date) -> None:
    """Raise BadWindow for a window that is empty, reversed or longer than 186 days."""
    if until <= first:
        raise BadWindow("The last date must come after the first.")
    if (until - first).days > LONGEST_DAYS:
        raise BadWindow(f"Ask for at most {LONGEST_DAYS} days at a time.")


def _next_after(search: Search) -> date | None:
    """Local date of the first opening from `search.until` or today on, up to the horizon, or None."""
    # One more day at each end, because local dates differ from UTC's; `end` is exclusive.
    first = max(search.until, search.now.date() - timedelta(days=1))
    end = search.now.date() + timedelta(days=search.service.horizon_days + 2)
    while first < end:
        last = min(end, first + timedelta(days=LONGEST_DAYS))
        found = _found(replace(search, first=first, until=last))
        if found:
            return local_date(found[0].starts_at, found[0].location.tzinfo)
        first = last
    return None


def _found(search: Search) -> list[Opening]:
    service = search.service
    if search.mode is not None and search.mode not in service.modes:
        return []
    if service.party == Service.Party.GROUP:
        found = group_openings(search)
        return [one for one in found if not search.gender or any(led.is_of(search.gender) for led in one.clinicians)]
    if not service.is_program:
        return _singles(search)
    in_office = Mode.OFFICE in service.modes and search.mode in (None, Mode.OFFICE)
    return _programs(search) if in_office else []  # a program is held in an office


def _singles(search: Search) -> list[Opening]:
    loaded = load(_scope(search), now=search.now)
    criteria = single_criteria(
        search.service,
        loaded,
        first=search.first,
        until=search.until,
        now=search.now,
        modes=search.mode and [search.mode],
        party=search.party,
        waive_notice=search.waive_notice,
        gender=search.gender,
    )
    return describe_openings(single.openings(loaded.snapshot, criteria), search.service, loaded)


def _scope(search: Search, days: int = 1) -> Scope:
    named = search.clinician is not None and not search.service.is_program
    return Scope(
        service=search.service,
        first=search.first,
        until=search.until,
        days=days,
        location_ids=None if search.location is None else frozenset({search.location.pk}),
        clinician_ids=frozenset({search.clinician.pk}) if named and search.clinician else None,
        client_ids=search.party.client_ids,
        apart=search.party.apart,
    )


def _programs(search: Search) -> list[Opening]:
    blocks = blocks_of(search.service)
    try:
        program = program_of(search.service, blocks)
    except ProgramError:  # staff see this error in the program's form
        return []
    loaded = load(_scope(search, program.days), now=search.now)
    clinician_id = None if search.clinician is None else search.clinician.pk
    criteria = program_criteria(
        search.service,
        loaded,
        first=search.first,
        until=search.until,
        now=search.now,
        clinician_id=clinician_id,
        party=search.party,
        waive_notice=search.waive_notice,
        gender=search.gender,
    )
    found = plans(loaded.snapshot, program, criteria, search.teams)
    if clinician_id is not None:
        found = [plan for plan in found if clinician_id in plan.pins]
    return [describe_program(plan, search.service, blocks, loaded) for plan in found]


def describe_openings(found: Iterable[single.Opening], service: Service, loaded: Loaded) -> list[Opening]:
    """Convert openings of the pure core into openings with rows."""
    people = {pk: ((pk,), (person,)) for pk, person in loaded.clinicians.items()}
    described = []
    for one in found:
        pins, clinicians = people[one.clinician_id]
        place = loaded.locations[one.location_id]
        described.append(Opening(pins, service, one.start, one.end, place, one.mode.value, clinicians))
    return described


def describe_program(plan: Plan, service: Service, blocks: Sequence[ProgramBlock], loaded: Loaded) -> Opening:
    """Convert a plan of the pure core into an opening with rows."""
    location = loaded.locations[plan.location_id]
    names = {block.pk: block.name for block in blocks}
    described = [
        Block(
            name=names[block.block_id],
            starts_at=block.start,
            ends_at=block.end,
            attends=str(block.attends),
            clinicians=tuple(loaded.clinicians[pk] for _, pk in block.clinicians),
        )
        for block in plan.blocks
    ]
    return program_opening(plan.pins, service, location, Mode.OFFICE, described)


def alternatives(
    opening_id: str, *, now: datetime, client_ids: Sequence[int | None] = (), waive_notice: bool = False, most: int = 3
) -> list[Opening]:
    """Openings of the same service near an opening that was lost: same place first, then nearest in time.

    `client_ids`: of track A, then B, who must be able to book them; None stands for a stranger. Many callers can lose
    a race at once, so other places and weeks are read only if the next days at the same place have too few.
    """
    lost = describe(opening_id)
    party = party_of(client_ids, lost.service, now=now)
    day = local_date(lost.starts_at, lost.location.tzinfo)
    search = Search(
        service=lost.service,
        first=day,
        until=day,
        now=now,
        location=lost.location,
        mode=lost.mode,
        party=party,
        waive_notice=waive_notice,
    )
    rare = lost.service.is_program or lost.service.party == Service.Party.GROUP
    near, far = (7, 28) if rare else (1, 7)
    found = _others(lost, search, timedelta(days=near))
    if len(found) < most:
        found = _others(lost, replace(search, location=None), timedelta(days=far))
    return found[:most]


def _others(lost: Opening, search: Search, spread: timedelta) -> list[Opening]:
    # Keep only starts within `spread` both ways: a start that was not read could be nearer than any further one.
    today = local_date(search.now, lost.location.tzinfo)
    first, until = max(today, search.first - spread), search.first + spread + timedelta(days=1)
    if until <= first:
        return []
    # For a series, its first start counts as lost too: it is no other time.
    lost_ids = {lost.id, lost._replace(further=(), every_n_weeks=0, weeks=0).id}
    found = _found(replace(search, first=first, until=until))
    by_distance = [(abs(one.starts_at - lost.starts_at), one) for one in found]
    others = [(away, one) for away, one in by_distance if away <= spread and one.id not in lost_ids]
    others.sort(key=lambda pair: (pair[1].location != lost.location, pair[0]))
    return [one for _, one in others]
