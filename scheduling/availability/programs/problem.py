"""The planning problem before any place or date: positions and their candidates, rooms to share, limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduling.availability.programs.conflicts import Conflicts
from scheduling.availability.programs.layout import Layout, layouts
from scheduling.availability.programs.limits import Limits
from scheduling.availability.programs.positions import Position, positions
from scheduling.availability.programs.program import TRACKS, Attends, Program, ProgramCriteria
from scheduling.availability.rules.starts import Shape
from scheduling.availability.snapshot import Snapshot
from scheduling.availability.timegrid.grid import CELL, cells_of

# What a room needs: capacity for so many people, and features.
RoomWants = tuple[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class RoomGroup:
    """A mask of blocks that share one room (`need`), and all that the room must offer (`wants`)."""

    need: int
    wants: tuple[RoomWants, ...]


class StartDates(NamedTuple):
    """Start dates of one layout. `days`: cell of local midnight -> date. `mask`: those cells."""

    layout: Layout
    days: dict[int, date]
    mask: int


class Problem:
    """`program` and `criteria` over `snapshot`: everything that all locations and dates share, computed once.

    Each of `positions` is filled from its set in `candidates` (clinician ids) by at most `people` clinicians. `able`:
    all candidates. `could_lead`: clinician id -> mask of the blocks they are candidates for. `most_per_date`: how many
    plans are asked for per date and location.
    """

    def __init__(self, snapshot: Snapshot, program: Program, criteria: ProgramCriteria, most_per_date: int = 1) -> None:
        self.snapshot, self.program, self.criteria, self.most_per_date = snapshot, program, criteria, most_per_date
        self.limits = Limits(program, snapshot.travel)
        self.lengths = self.limits.lengths
        self.shapes = {
            length: Shape.of_minutes(length, program.buffer_before, program.buffer_after)
            for length in dict.fromkeys(self.lengths)
        }
        self.wants: dict[RoomWants, int] = {}
        for index, block in enumerate(program.blocks):
            if block.room:
                key = program.people(block), block.features
                self.wants[key] = self.wants.get(key, 0) | 1 << index
        self.arrangements = self._arrangements()
        self._loads: dict[date, dict[int, int]] = {}
        self._conflicts: dict[Layout, Conflicts] = {}
        self._offsets: dict[Layout, list[tuple[timedelta, timedelta]]] = {}
        self._dates: dict[ZoneInfo, list[StartDates]] = {}
        own_positions = positions(program)
        self.fill(own_positions, [self._candidates(position) for position in own_positions], program.people_per_role)

    def fill(self, positions: Sequence[Position], candidates: Sequence[frozenset[int]], people: int) -> None:
        """Set the positions to fill, their candidates, and how many clinicians may share a position."""
        self.positions, self.candidates, self.people = positions, candidates, people
        self.able = frozenset[int]().union(*candidates)
        self.could_lead = dict.fromkeys(self.able, 0)
        for position, able in zip(positions, candidates, strict=True):
            for person in able:
                self.could_lead[person] |= position.need

    def dates(self, zone: ZoneInfo) -> list[StartDates]:
        """The start dates asked for in `zone`, one entry per layout."""
        if zone not in self._dates:
            found = layouts(self.program, zone, self.snapshot.window, self.criteria.first, self.criteria.until)
            self._dates[zone] = [
                StartDates(layout, days, self.snapshot.window.paint((base, base + 1) for base in days))
                for layout, days in found.items()
            ]
        return self._dates[zone]

    def conflicts(self, layout: Layout) -> Conflicts:
        """The conflicts between blocks in `layout`."""
        if layout not in self._conflicts:
            ends = [cell + cells_of(length) for cell, length in zip(layout, self.lengths, strict=True)]
            self._conflicts[layout] = Conflicts(layout, ends)
        return self._conflicts[layout]

    def offsets(self, layout: Layout) -> list[tuple[timedelta, timedelta]]:
        """For each block, the elapsed time from local midnight of the start date to its start and to its end."""
        if layout not in self._offsets:
            self._offsets[layout] = [
                (cell * CELL, cell * CELL + timedelta(minutes=length))
                for cell, length in zip(layout, self.lengths, strict=True)
            ]
        return self._offsets[layout]

    def load(self, monday: date) -> dict[int, int]:
        """Clinician id -> minutes booked in the week that starts on `monday`, for all candidates.

        Preferred clinicians come first, then the least booked, then the lowest id.
        """
        known, preferred = self.snapshot.clinicians, self.criteria.preferred_ids
        if monday not in self._loads:
            booked = {person: known[person].booked_in_week(monday) for person in self.able}
            order = sorted(booked, key=lambda person: (person not in preferred, booked[person], person))
            self._loads[monday] = {person: booked[person] for person in order}
        return self._loads[monday]

    def _candidates(self, position: Position) -> frozenset[int]:
        barred: set[int] = set()
        for track, blocks in zip(TRACKS, (position.alone_a, position.alone_b), strict=True):
            if blocks:
                barred |= self.criteria.barred.get(track, frozenset())
        block_ids = position.block_ids(self.program)
        return frozenset(
            clinician.id
            for clinician in self.snapshot.clinicians.values()
            if clinician.id not in barred and self.criteria.may_fill(position.role_id, block_ids, clinician)
        )

    def _arrangements(self) -> list[list[RoomGroup]]:
        # The best first: joint work is in track A's room if one room can hold both, otherwise in a room of its own.
        if not self.program.one_room:
            return [[self._group(1 << index) for index, block in enumerate(self.program.blocks) if block.room]]
        joint, a, b = (self._roomed(attends) for attends in (Attends.BOTH, Attends.A, Attends.B))
        arrangements = [(joint | a, b), (joint, a, b)] if joint and a else [(joint | a, b)]
        return [[self._group(need) for need in needs if need] for needs in arrangements]

    def _roomed(self, attends: Attends) -> int:
        blocks = enumerate(self.program.blocks)
        return sum(1 << index for index, block in blocks if block.room and block.attends is attends)

    def _group(self, need: int) -> RoomGroup:
        return RoomGroup(need, tuple(wants for wants, blocks in self.wants.items() if blocks & need))
