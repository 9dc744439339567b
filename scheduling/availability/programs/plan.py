"""Plans: a program with its dates, clinicians and rooms chosen, and the reservations it takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from scheduling.availability.programs.program import Attends
from scheduling.availability.timegrid.grid import Span


class PlannedBlock(NamedTuple):
    """One block with its UTC start and end. `clinicians`: (role id, clinician id), in the block's order of roles."""

    block_id: int
    start: datetime
    end: datetime
    attends: Attends
    clinicians: tuple[tuple[int, int], ...]
    room_id: int | None
    external_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reserved:
    """The span that one resource is reserved for one block.

    Clinicians and rooms are reserved with buffers, external persons without. Spans of one resource never overlap.
    """

    resource_id: int
    block_id: int
    span: Span


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole program. `blocks` are in order of time. `before`, `after`: the buffers around a block.

    Clients are reserved for exactly the blocks they attend; that is not part of `reserved`.
    """

    location_id: int
    start_date: date
    blocks: tuple[PlannedBlock, ...]
    before: timedelta = timedelta(0)
    after: timedelta = timedelta(0)

    @property
    def reserved(self) -> tuple[Reserved, ...]:
        """The reservations of clinicians, rooms and external persons, in order of time. Computed on each access."""
        return reservations(self.blocks, self.before, self.after)

    @property
    def start(self) -> datetime:
        """The UTC start of the first block."""
        return self.blocks[0].start

    @property
    def end(self) -> datetime:
        """The UTC end of the block that ends last."""
        return max(block.end for block in self.blocks)

    @property
    def pins(self) -> tuple[int, ...]:
        """The clinician id of every role of every block, in order: the whole assignment, to be decided again later."""
        return tuple(clinician_id for block in self.blocks for _, clinician_id in block.clinicians)


def reservations(blocks: Iterable[PlannedBlock], before: timedelta, after: timedelta) -> tuple[Reserved, ...]:
    """The reservations of `blocks`: clinicians and rooms with buffers `before` and `after`, external persons without.

    Between two blocks of one resource, buffers that would overlap are cut: the earlier block keeps its buffer up to the
    start of the later one, which takes what is left. Adjoining blocks have no buffer between them (F5).
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
    for resource_id, own_blocks in visits.items():
        found.extend(_cut(resource_id, own_blocks, before, after))
    return tuple(sorted(found, key=lambda reserved: (reserved.span, reserved.resource_id)))


def _resources(block: PlannedBlock) -> list[int]:
    people = [clinician_id for _, clinician_id in block.clinicians]
    return people if block.room_id is None else [*people, block.room_id]


def _cut(resource_id: int, own_blocks: list[PlannedBlock], before: timedelta, after: timedelta) -> list[Reserved]:
    found: list[Reserved] = []
    for block, following in zip(own_blocks, [*own_blocks[1:], None], strict=True):
        span = Span(block.start, block.end).widened(before, after)
        start = max(span.start, found[-1].span.end) if found else span.start
        end = min(span.end, following.start) if following else span.end
        found.append(Reserved(resource_id, block.block_id, Span(start, end)))
    return found
