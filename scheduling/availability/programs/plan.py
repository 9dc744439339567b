"""A program fixed to dates, people and rooms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from scheduling.availability.programs.program import Attends
from scheduling.availability.timegrid.grid import Span


class PlannedBlock(NamedTuple):
    """One block at its instants (UTC). `clinicians`: (role id, clinician id), in the block's order of roles."""

    block_id: int
    start: datetime
    end: datetime
    attends: Attends
    clinicians: tuple[tuple[int, int], ...]
    room_id: int | None
    external_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reserved:
    """What one resource reserves for one block: a clinician or room with buffers, somebody from outside without.
    Those of one resource never overlap."""

    resource_id: int
    block_id: int
    span: Span


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole program, `blocks` in order of time. `before`, `after`: the buffers around a block.

    Clients reserve exactly the blocks they attend.
    """

    location_id: int
    start_date: date
    blocks: tuple[PlannedBlock, ...]
    before: timedelta = timedelta(0)
    after: timedelta = timedelta(0)

    @property
    def reserved(self) -> tuple[Reserved, ...]:
        """What clinicians, rooms and people from outside reserve, in order of time. Worked out when asked for."""
        return reservations(self.blocks, self.before, self.after)

    @property
    def start(self) -> datetime:
        """UTC start of the first block."""
        return self.blocks[0].start

    @property
    def end(self) -> datetime:
        """UTC end of the last block to end."""
        return max(block.end for block in self.blocks)

    @property
    def pins(self) -> tuple[int, ...]:
        """The clinician of every role of every block, in order: the whole assignment of people."""
        return tuple(clinician_id for block in self.blocks for _, clinician_id in block.clinicians)


def reservations(blocks: Iterable[PlannedBlock], before: timedelta, after: timedelta) -> tuple[Reserved, ...]:
    """What the clinicians and rooms of `blocks` reserve, buffers of `before` and `after` included, and what people from
    outside do.

    Between two blocks of one resource the buffers are cut where they would meet: the earlier block keeps what it needs
    after it, the later takes what is left; adjoining blocks have none.
    """
    visits: dict[int, list[PlannedBlock]] = {}
    blocks = tuple(blocks)
    for block in sorted(blocks, key=lambda block: block.start):
        for resource_id in _resources(block):
            visits.setdefault(resource_id, []).append(block)
    found = [
        Reserved(block.external_id, block.block_id, Span(block.start, block.end))
        for block in blocks
        if block.external_id is not None
    ]
    for resource_id, mine in visits.items():
        found.extend(_cut(resource_id, mine, before, after))
    return tuple(sorted(found, key=lambda reserved: (reserved.span, reserved.resource_id)))


def _resources(block: PlannedBlock) -> list[int]:
    people = [clinician_id for _, clinician_id in block.clinicians]
    return people if block.room_id is None else [*people, block.room_id]


def _cut(resource_id: int, mine: list[PlannedBlock], before: timedelta, after: timedelta) -> list[Reserved]:
    found: list[Reserved] = []
    for block, following in zip(mine, [*mine[1:], None], strict=True):
        span = Span(block.start, block.end).widened(before, after)
        start = max(span.start, found[-1].span.end) if found else span.start
        end = min(span.end, following.start) if following else span.end
        found.append(Reserved(resource_id, block.block_id, Span(start, end)))
    return found
