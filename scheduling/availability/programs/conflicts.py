"""Which blocks of a program share an instant. Bit i of a mask is the program's i-th block."""

from __future__ import annotations

from collections.abc import Sequence

from scheduling.availability.timegrid.grid import indexes


class Conflicts:
    """`of_block[i]`: the blocks that share an instant with block i, itself included. Adjoining blocks do not (F5)."""

    def __init__(self, begins: Sequence[int], ends: Sequence[int]) -> None:
        """From begins and ends in any one unit."""
        blocks = range(len(begins))
        self.of_block = [sum(1 << j for j in blocks if begins[i] < ends[j] and begins[j] < ends[i]) for i in blocks]
        self._of: dict[int, int] = {}
        self._inside: dict[int, bool] = {}

    def with_blocks(self, blocks: int) -> int:
        """The blocks that clash with any of `blocks`."""
        known = self._of.get(blocks)
        if known is None:
            known = 0
            for index in indexes(blocks):
                known |= self.of_block[index]
            self._of[blocks] = known
        return known

    def inside(self, blocks: int) -> bool:
        """True if two of `blocks` share an instant: no one person can have them both."""
        known = self._inside.get(blocks)
        if known is None:
            known = any(self.of_block[index] & blocks != 1 << index for index in indexes(blocks))
            self._inside[blocks] = known
        return known
