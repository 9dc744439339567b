"""What can be booked: openings of a service between two dates, and those near one that was lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from scheduling.availability.programs.plan import Plan
from scheduling.availability.programs.planner import plans
from scheduling.availability.programs.program import ProgramError
from scheduling.availability.single import openings as single
from scheduling.availability.timegrid.walltime import local_date
from scheduling.models import Clinician, Location, Mode, ProgramBlock, Service
from scheduling.queries.loading.snapshot import Loaded, Scope, load
from scheduling.queries.openings.criteria import STRANGERS, Party, program_criteria, program_of, single_criteria
from scheduling.queries.openings.groups import Search, group_openings
from scheduling.queries.openings.opening import Block, Opening, blocks_of, describe, program_opening
from scheduling.queries.openings.party import party_of

LONGEST_DAYS = 186


class BadWindow(Exception):
    """The dates asked for cannot be searched; `str()` says why in words for a person."""


@dataclass(frozen=True)
class Openings:
    """`next_on`: the local date of the first opening after an empty window, if there is one."""

    openings: list[Opening] = field(default_factory=list)
    next_on: date | None = None


def openings(
    *,
    service: Service,
    first: date,
    until: date,
    now: datetime,
    location: Location | None = None,
    clinician: Clinician | None = None,
    mode: str | None = None,
    party: Party = STRANGERS,
    waive_notice: bool = False,
    gender: str = "",
    teams: int = 1,
) -> Openings:
    """Openings that start on the local dates `first` to `until` (exclusive, at most 186 days).

    `gender`: only clinicians of it; in a program, where several people work together, they are tried first in every
    role. `teams`: of a program, so many for each start and place as far as there are, the best first. If there are
    none, `next_on` is the first date with one, up to the service's horizon. Raises BadWindow.
    """
    check_window(first, until)
    ask = _Ask(service, now, location, clinician, mode, party, waive_notice, gender, teams)
    found = ask.between(first, until)
    return Openings(found, None if found else ask.next_after(until))


def check_window(first: date, until: date) -> None:
    """Refuse an empty, reversed or too long window. Raises BadWindow."""
    if until <= first:
        raise BadWindow("The last date must come after the first.")
    if (until - first).days > LONGEST_DAYS:
        raise BadWindow(f"Ask for at most {LONGEST_DAYS} days at a time.")


@dataclass(frozen=True)
class _Ask:
    service: Service
    now: datetime
    location: Location | None
    clinician: Clinician | None
    mode: str | None
    party: Party
    waive_notice: bool
    gender: str = ""
    teams: int = 1

    def next_after(self, until: date) -> date | None:
        """The local date of the first opening from `until` on, up to the horizon; none lies before today."""
        # A day more at both ends, whatever the zone; the last is not in it.
        first = max(until, self.now.date() - timedelta(days=1))
        end = self.now.date() + timedelta(days=self.service.horizon_days + 2)
        while first < end:
            last = min(end, first + timedelta(days=LONGEST_DAYS))
            found = self.between(first, last)
            if found:
                return local_date(found[0].starts_at, found[0].location.tzinfo)
            first = last
        return None

    def between(self, first: date, until: date) -> list[Opening]:
        """Openings in order of time, place and mode."""
        if self.mode is not None and self.mode not in self.service.modes:
            return []
        if self.service.is_program and (Mode.OFFICE not in self.service.modes or self.mode not in (None, Mode.OFFICE)):
            return []  # a program is held in an office
        if self.service.party == Service.Party.GROUP:
            return self._groups(first, until)
        if self.service.is_program:
            return self._programs(first, until)
        loaded = load(self.scope(first, until), now=self.now)
        criteria = single_criteria(
            self.service,
            loaded,
            first=first,
            until=until,
            now=self.now,
            modes=self.mode and [self.mode],
            party=self.party,
            waive_notice=self.waive_notice,
            gender=self.gender,
        )
        return describe_openings(single.openings(loaded.snapshot, criteria), self.service, loaded)

    def scope(self, first: date, until: date, days: int = 1) -> Scope:
        one = self.clinician is not None and not self.service.is_program
        return Scope(
            service=self.service,
            first=first,
            until=until,
            days=days,
            location_ids=None if self.location is None else frozenset({self.location.pk}),
            clinician_ids=frozenset({self.clinician.pk}) if one and self.clinician else None,
            client_ids=self.party.client_ids,
            apart=self.party.apart,
        )

    def _groups(self, first: date, until: date) -> list[Opening]:
        search = Search(
            service=self.service,
            first=first,
            until=until,
            now=self.now,
            location=self.location,
            party=self.party,
            waive_notice=self.waive_notice,
        )
        found = group_openings(search, clinician=self.clinician, mode=self.mode)
        return [one for one in found if not self.gender or any(led.is_of(self.gender) for led in one.clinicians)]

    def _programs(self, first: date, until: date) -> list[Opening]:
        blocks = blocks_of(self.service)
        try:
            program = program_of(self.service, blocks)
        except ProgramError:  # as it was entered it cannot be held; whoever enters it is told
            return []
        loaded = load(self.scope(first, until, program.days), now=self.now)
        wanted = None if self.clinician is None else self.clinician.pk
        criteria = program_criteria(
            self.service,
            loaded,
            first=first,
            until=until,
            now=self.now,
            clinician_id=wanted,
            party=self.party,
            waive_notice=self.waive_notice,
            gender=self.gender,
        )
        found = plans(loaded.snapshot, program, criteria, self.teams)
        if wanted is not None:
            found = [plan for plan in found if wanted in plan.pins]
        return [describe_program(plan, self.service, blocks, loaded) for plan in found]


def describe_openings(found: Iterable[single.Opening], service: Service, loaded: Loaded) -> list[Opening]:
    """Openings of the pure core with the rows that they name."""
    people = {pk: ((pk,), (person,)) for pk, person in loaded.clinicians.items()}
    told = []
    for one in found:
        pins, clinicians = people[one.clinician_id]
        place = loaded.locations[one.location_id]
        told.append(Opening(pins, service, one.start, one.end, place, one.mode.value, clinicians))
    return told


def describe_program(plan: Plan, service: Service, blocks: Sequence[ProgramBlock], loaded: Loaded) -> Opening:
    """A plan of the pure core with the rows that it names."""
    location = loaded.locations[plan.location_id]
    names = {block.pk: block.name for block in blocks}
    told = [
        Block(
            name=names[block.block_id],
            starts_at=block.start,
            ends_at=block.end,
            attends=str(block.attends),
            clinicians=tuple(loaded.clinicians[pk] for _, pk in block.clinicians),
        )
        for block in plan.blocks
    ]
    return program_opening(plan.pins, service, location, Mode.OFFICE, told)


def alternatives(
    opening_id: str, *, now: datetime, client_ids: Sequence[int | None] = (), waive_notice: bool = False, most: int = 3
) -> list[Opening]:
    """Openings of the same service near an opening that was lost: same place first, then nearest in time.

    `client_ids`: of track A, then B (None: a stranger), for whom they must be bookable. Races are lost in numbers: so
    other places and weeks are read only if the next days in the same place have too few.
    """
    wanted = describe(opening_id)
    ask = partial(_others, wanted, now, party_of(client_ids, wanted.service, now=now), waive_notice)
    rare = wanted.service.is_program or wanted.service.party == Service.Party.GROUP
    near, far = (7, 28) if rare else (1, 7)
    found = ask(wanted.location, timedelta(days=near))
    if len(found) < most:
        found = ask(None, timedelta(days=far))
    return found[:most]


def _others(
    wanted: Opening, now: datetime, party: Party, waive_notice: bool, location: Location | None, spread: timedelta
) -> list[Opening]:
    # At most `spread` away, whichever way: so none that was not read is nearer than one found.
    day = local_date(wanted.starts_at, wanted.location.tzinfo)
    first, until = max(local_date(now, wanted.location.tzinfo), day - spread), day + spread + timedelta(days=1)
    if until <= first:
        return []
    ask = _Ask(wanted.service, now, location, None, wanted.mode, party, waive_notice)
    # Of a series also its first start alone: that is no other time.
    lost = {wanted.id, wanted._replace(further=(), every_n_weeks=0, weeks=0).id}
    by_distance = [(abs(one.starts_at - wanted.starts_at), one) for one in ask.between(first, until)]
    others = [(away, one) for away, one in by_distance if away <= spread and one.id not in lost]
    others.sort(key=lambda pair: (pair[1].location != wanted.location, pair[0]))
    return [one for _, one in others]
