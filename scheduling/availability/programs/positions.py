"""Positions: the parts of a program that need one clinician each, which is a role or a role on one partner's track."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from scheduling.availability.programs.program import TRACKS, Attends, Program
from scheduling.availability.timegrid.grid import bits


@dataclass(frozen=True, slots=True)
class Position:
    """One position to fill.

    `need`: the mask of its blocks (bit i is the program's i-th block). `alone_a`, `alone_b`: the blocks of `need` that
    are individual work with partner A or B. One clinician may not have blocks of both.
    """

    role_id: int
    need: int
    alone_a: int = 0
    alone_b: int = 0

    def block_ids(self, program: Program) -> frozenset[int]:
        """The ids of the blocks of this position."""
        return frozenset(program.blocks[index].id for index in bits(self.need))

    def sides(self, blocks: int) -> int:
        """1 if `blocks` include individual work with partner A, plus 2 if with partner B. A sum of 3 is forbidden."""
        return (1 if blocks & self.alone_a else 0) | (2 if blocks & self.alone_b else 0)

    def part(self, blocks: int) -> Position:
        """This position reduced to `blocks`."""
        return Position(self.role_id, self.need & blocks, self.alone_a & blocks, self.alone_b & blocks)


@lru_cache(maxsize=256)
def positions(program: Program) -> tuple[Position, ...]:
    """The positions of `program`, by role.

    A role with individual work for both partners becomes up to three positions: one per partner and one for the joint
    blocks. Any other role, and any role in `shared_roles`, is one position: the same clinician leads throughout.
    """
    role_ids = dict.fromkeys(role_id for block in program.blocks for role_id in block.roles)
    return tuple(position for role_id in role_ids for position in _positions_of(program, role_id))


def _positions_of(program: Program, role_id: int) -> list[Position]:
    needs = {attends: _need(program, role_id, attends) for attends in Attends}
    if role_id in program.shared_roles:
        return [Position(role_id, sum(needs.values()))]
    whole = Position(role_id, sum(needs.values()), needs[Attends.A], needs[Attends.B])
    if all(needs[track] for track in TRACKS):
        return [whole.part(need) for need in needs.values() if need]
    return [whole]


def _need(program: Program, role_id: int, attends: Attends) -> int:
    return sum(
        1 << index for index, block in enumerate(program.blocks) if role_id in block.roles and block.attends is attends
    )
