"""Candidate teams for one position: clinicians who together cover its blocks, the best team first.

The best team needs the fewest handovers, then has the fewest booked minutes. A block is one bit of a mask. A team
covers a position if the union of its members' free blocks contains all blocks of the position.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

# Clinician id -> the blocks of a position that they are free to lead.
Able = Mapping[int, int]
# A team for a position: the fewest handovers it needs, the minutes its members are booked, and their clinician ids.
Choice = tuple[int, int, Sequence[int]]
# A partial team: clinician ids, the free blocks of each, their union, minutes booked, the next candidate's index.
_Partial = tuple[tuple[int, ...], tuple[int, ...], int, int, int]


def choices(need: int, able: Able, people: int, load: Mapping[int, int]) -> list[Choice]:
    """The teams of at most `people` who could cover the blocks `need`, the best first.

    Clinicians who can lead all blocks alone come first, in the order given. If `people` is more than 1 and at least the
    number of candidates, all of them together are the only team.
    """
    alone: list[Choice] = [(0, 0, (person,)) for person, blocks in able.items() if blocks == need]
    if people == 1:
        return alone
    if people >= len(able):
        fewest = handovers(need, tuple(able.values()))
        return [] if fewest is None else [(fewest, 0, list(able))]
    return alone + sorted(_shared(need, able, people, load), key=_worth)


@lru_cache(maxsize=65536)
def handovers(need: int, free: tuple[int, ...]) -> int | None:
    """The fewest handovers with which clinicians cover the blocks `need`; None if they cannot.

    `free`: for each clinician, a mask of blocks. Greedy: the next stretch goes to whoever can cover the most
    consecutive blocks. No other order needs fewer handovers.
    """
    uncovered, changes = need, 0
    while True:
        furthest = 0
        for blocks in free:
            missing = uncovered & ~blocks
            if not missing:
                return changes
            first = missing & -missing
            if first > furthest:
                furthest = first
        if not uncovered & furthest - 1:
            return None
        uncovered &= -furthest
        changes += 1


def _shared(need: int, able: Able, people: int, load: Mapping[int, int]) -> Iterator[Choice]:
    # Teams of two or more count at least one handover: a member who could lead all blocks alone is a choice already.
    everyone = list(able.items())
    teams: list[_Partial] = [
        ((person,), (blocks,), blocks, load[person], at) for at, (person, blocks) in enumerate(everyone, 1)
    ]
    for size in range(2, people + 1):
        yield from [
            (handovers(need, (*free, blocks)) or 1, booked + load[person], (*team, person))
            for team, free, united, booked, start in teams
            for person, blocks in everyone[start:]
            if united | blocks == need
        ]
        if size < people:
            teams = [
                ((*team, person), (*free, blocks), united | blocks, booked + load[person], at)
                for team, free, united, booked, start in teams
                for at, (person, blocks) in enumerate(everyone[start:], start + 1)
            ]


def _worth(choice: Choice) -> tuple[int, int]:
    return choice[0], choice[1]
