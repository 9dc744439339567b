"""Conflicts: which blocks of a program overlap in time. Bit i of a mask is the program's i-th block."""

from __future__ import annotations

from collections.abc import Sequence

from scheduling.availability.timegrid.grid import indexes


class Conflicts:
    """`of_block[i]`: the blocks that overlap block i, itself included. Adjoining blocks do not overlap (F5)."""

    def __init__(self, begins: Sequence[int], ends: Sequence[int]) -> None:
        """`begins` and `ends` of the blocks may be in any unit, the same for both."""
        blocks = range(len(begins))
        self.of_block = [sum(1 << j for j in blocks if begins[i] < ends[j] and begins[j] < ends[i]) for i in blocks]
        self._of: dict[int, int] = {}
        self._inside: dict[int, bool] = {}

    def with_blocks(self, blocks: int) -> int:
        """The blocks that overlap at least one of `blocks`, those included."""
        known = self._of.get(blocks)
        if known is None:
            known = 0
            for index in indexes(blocks):
                known |= self.of_block[index]
            self._of[blocks] = known
        return known

    def inside(self, blocks: int) -> bool:
        """True if two of `blocks` overlap, so that no one clinician can lead them all."""
        known = self._inside.get(blocks)
        if known is None:
            known = any(self.of_block[index] & blocks != 1 << index for index in indexes(blocks))
            self._inside[blocks] = known
        return known
