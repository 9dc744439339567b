"""Who together could take a position, the best first: the fewest handovers, then whoever is booked least."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

# Clinician id -> the blocks of a position that they could take.
Able = Mapping[int, int]
# People who could share a position: the fewest handovers that they need, the minutes they are booked, and who they are.
Choice = tuple[int, int, Sequence[int]]
# Some of a team: who, what each is free for and what all are, the minutes they are booked, who may come next.
_Partial = tuple[tuple[int, ...], tuple[int, ...], int, int, int]


def choices(need: int, able: Able, people: int, load: Mapping[int, int]) -> list[Choice]:
    """Who could cover the blocks `need`, at most `people` together, the best first.

    One person throughout comes first, in the order given. Where everybody may take part they are one choice.
    """
    steady: list[Choice] = [(0, 0, (one,)) for one, blocks in able.items() if blocks == need]
    if people == 1:
        return steady
    if people >= len(able):
        fewest = handovers(need, tuple(able.values()))
        return [] if fewest is None else [(fewest, 0, list(able))]
    return steady + sorted(_shared(need, able, people, load), key=_worth)


@lru_cache(maxsize=65536)
def handovers(need: int, free: tuple[int, ...]) -> int | None:
    """The fewest changes of hands with which people who are `free` for so many blocks cover `need`, each block being
    anybody's; None if they cannot. Whoever can go on longest takes over: nothing else needs fewer."""
    rest, changes = need, 0
    while True:
        furthest = 0
        for blocks in free:
            missing = rest & ~blocks
            if not missing:
                return changes
            first = missing & -missing
            if first > furthest:
                furthest = first
        if not rest & furthest - 1:
            return None
        rest &= -furthest
        changes += 1


def _shared(need: int, able: Able, people: int, load: Mapping[int, int]) -> Iterator[Choice]:
    # Teams of two or more. Where one of them could do without the other, the other still is one more to hand over to.
    each = list(able.items())
    teams: list[_Partial] = [((one,), (blocks,), blocks, load[one], at) for at, (one, blocks) in enumerate(each, 1)]
    for size in range(2, people + 1):
        yield from [
            (handovers(need, (*free, blocks)) or 1, booked + load[one], (*team, one))
            for team, free, united, booked, start in teams
            for one, blocks in each[start:]
            if united | blocks == need
        ]
        if size < people:
            teams = [
                ((*team, one), (*free, blocks), united | blocks, booked + load[one], at)
                for team, free, united, booked, start in teams
                for at, (one, blocks) in enumerate(each[start:], start + 1)
            ]


def _worth(choice: Choice) -> tuple[int, int]:
    return choice[0], choice[1]
