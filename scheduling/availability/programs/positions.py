"""What a program needs one person for: a role, or a role on one partner's track."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from scheduling.availability.programs.program import TRACKS, Attends, Program
from scheduling.availability.timegrid.grid import bits


@dataclass(frozen=True, slots=True)
class Position:
    """`need`: mask of the program's blocks (bit i is the i-th) that this person leads. `alone_a`, `alone_b`: those of
    them that are individual work of one partner; nobody may do both partners'."""

    role_id: int
    need: int
    alone_a: int = 0
    alone_b: int = 0

    def block_ids(self, program: Program) -> frozenset[int]:
        """The ids of its blocks."""
        return frozenset(program.blocks[index].id for index in bits(self.need))

    def sides(self, blocks: int) -> int:
        """1 if `blocks` hold individual work of partner A, plus 2 if of partner B."""
        return (1 if blocks & self.alone_a else 0) | (2 if blocks & self.alone_b else 0)

    def part(self, blocks: int) -> Position:
        """The position for some of its blocks only."""
        return Position(self.role_id, self.need & blocks, self.alone_a & blocks, self.alone_b & blocks)


@lru_cache(maxsize=256)
def positions(program: Program) -> tuple[Position, ...]:
    """The positions of `program`. A role that does individual work for both partners becomes a position for each, and
    one for its joint blocks; any other role is one position, so the same person throughout."""
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
