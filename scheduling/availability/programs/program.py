"""A program of several days: its blocks and roles, and the criteria for planning it. Times are local wall time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from scheduling.availability.snapshot import Clinician
from scheduling.availability.timegrid.grid import CELL_MINUTES
from scheduling.availability.timegrid.walltime import DAY_MINUTES


class Attends(StrEnum):
    """Who attends a block: both partners (or the only client), or the partner on track A or B."""

    BOTH = "both"
    A = "A"
    B = "B"


TRACKS = (Attends.A, Attends.B)
# `prefilter.PackedStarts` needs fewer blocks than the shortest day has cells.
MOST_BLOCKS = 200


class ProgramError(ValueError):
    """A program that cannot be held on any date. `str()` can be shown to a person."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `day`: 0 is the first day. `start_minute`: wall minutes after local midnight. `length`: minutes.

    `roles`: role ids, one clinician each. `room`: whether the block needs one; `features`: what that room must have.
    `after_id`, `after_minutes`: the block starts at least so many minutes after the end of that block. `external_id`:
    an external person who must attend. Raises ProgramError for values that no date allows.
    """

    id: int
    day: int
    start_minute: int
    length: int
    attends: Attends = Attends.BOTH
    roles: tuple[int, ...] = ()
    room: bool = True
    features: frozenset[str] = frozenset()
    after_id: int | None = None
    after_minutes: int = 0
    external_id: int | None = None

    def __post_init__(self) -> None:
        if self.day < 0 or not 0 <= self.start_minute < DAY_MINUTES or self.length <= 0:
            raise ProgramError("A block needs a day, a start within it and a length.")
        if self.start_minute % CELL_MINUTES or self.length % CELL_MINUTES:
            raise ProgramError("Blocks start and last whole five minutes.")
        if len(set(self.roles)) < len(self.roles):
            raise ProgramError("A block names each role once.")

    @property
    def begins(self) -> int:
        """Wall minutes from midnight of the first day to the start."""
        return self.day * DAY_MINUTES + self.start_minute

    @property
    def ends(self) -> int:
        """Wall minutes from midnight of the first day to the end."""
        return self.begins + self.length


@dataclass(frozen=True, slots=True)
class Program:
    """A service made of blocks, in order of time.

    `clients`: 1 or 2. `buffer_before`, `buffer_after`: minutes reserved around a block for its clinicians and room, but
    not between adjoining blocks of one booking. `start_weekdays`: 0 is Monday; empty for any. `daily_limit`: minutes of
    intensive work that a clinician may lead per day, other intensives included. `total_limit`: minutes of this program
    that one clinician may lead. `rest_days`: a clinician leads no other intensive on a day on which they lead this one,
    nor on so many days before and after it (see `rules.rest`); 0 for no such rule. `shared_roles`: roles in which one
    clinician may see both partners individually. `people_per_role`: 1 keeps one clinician per role throughout; more
    allows substitutes. `one_room`: one room per track throughout. `licensed`: the work needs a license.

    Raises ProgramError, among others if one client or external person would be in two blocks at once.
    """

    service_id: int
    blocks: tuple[Block, ...]
    clients: int = 1
    buffer_before: int = 0
    buffer_after: int = 0
    start_weekdays: frozenset[int] = frozenset()
    daily_limit: int | None = None
    total_limit: int | None = None
    rest_days: int = 0
    shared_roles: frozenset[int] = frozenset()
    people_per_role: int = 1
    one_room: bool = True
    licensed: bool = True

    def __post_init__(self) -> None:
        if not self.blocks or self.clients not in (1, 2) or self.people_per_role < 1:
            raise ProgramError("A program needs blocks, and one or two clients.")
        if len(self.blocks) > MOST_BLOCKS:
            raise ProgramError(f"A program has at most {MOST_BLOCKS} blocks.")
        if len({block.id for block in self.blocks}) < len(self.blocks):
            raise ProgramError("Two blocks have the same id.")
        if list(self.blocks) != sorted(self.blocks, key=lambda block: block.begins):
            raise ProgramError("Blocks are given in the order of time.")
        if self.clients == 1 and any(block.attends is Attends.B for block in self.blocks):
            raise ProgramError("A block is for the second partner, but the program is for one client.")
        for track in TRACKS:
            _refuse_overlap(block for block in self.blocks if block.attends in (track, Attends.BOTH))
        for external_id in {block.external_id for block in self.blocks} - {None}:
            _refuse_overlap(block for block in self.blocks if block.external_id == external_id)

    @property
    def days(self) -> int:
        """Number of days from day 0 to the day of the last block."""
        return max(block.day for block in self.blocks) + 1

    def people(self, block: Block) -> int:
        """Number of people in `block`: clients, clinicians and the external person."""
        clients = self.clients if block.attends is Attends.BOTH else 1
        return clients + len(block.roles) + (block.external_id is not None)

    def starts_on(self, day: date) -> bool:
        """True if the program may start on the weekday of `day`."""
        return not self.start_weekdays or day.weekday() in self.start_weekdays


def _refuse_overlap(blocks: Iterable[Block]) -> None:
    for earlier, later in pairwise(blocks):
        if later.begins < earlier.ends:
            raise ProgramError("Somebody would have to be in two blocks at once.")


@dataclass(frozen=True, slots=True)
class ProgramCriteria:
    """The criteria for plans of a program. `first`, `until`: local start dates, `until` exclusive.

    `earliest`, `latest`: UTC instants; the start s of the first block has `earliest` <= s < `latest`. `location_ids`:
    None for any. `client_ids`: the known client on track A, then on B; None for one not known. `only`: role id -> the
    only clinicians who may fill it (a pinned lead), in the blocks `only_in` (None: in all). `preferred_ids`: clinicians
    tried first. `excluded_ids`: clinicians never offered. `barred`: track -> clinicians who may not do that partner's
    individual work, because they see the other partner. `room_ids`: rooms tried first.
    """

    first: date
    until: date
    earliest: datetime
    latest: datetime
    location_ids: frozenset[int] | None = None
    client_ids: tuple[int | None, ...] = ()
    only: Mapping[int, frozenset[int]] = field(default_factory=dict)
    only_in: frozenset[int] | None = None
    preferred_ids: frozenset[int] = frozenset()
    excluded_ids: frozenset[int] = frozenset()
    barred: Mapping[Attends, frozenset[int]] = field(default_factory=dict)
    room_ids: tuple[int, ...] = ()

    def wants_location(self, location_id: int) -> bool:
        """True if the location is among those asked for."""
        return self.location_ids is None or location_id in self.location_ids

    def may_fill(self, role_id: int, block_ids: Iterable[int], clinician: Clinician) -> bool:
        """True if the clinician has the role and the criteria allow them to lead the blocks `block_ids` in it."""
        if role_id not in clinician.roles or clinician.id in self.excluded_ids:
            return False
        is_open_to_all = role_id not in self.only or (self.only_in is not None and self.only_in.isdisjoint(block_ids))
        return is_open_to_all or clinician.id in self.only[role_id]
