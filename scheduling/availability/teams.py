"""Who together could take a position, the best first: the fewest handovers, then whoever is booked least."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

# Clinician id -> the blocks of a position that they could take.
Able = Mapping[int, int]


class Choice(NamedTuple):
    """People who could share a position. `handovers`: the fewest that they need; `load`: minutes they are booked."""

    handovers: int
    load: int
    members: Sequence[int]


def choices(need: int, able: Able, people: int, load: Mapping[int, int]) -> list[Choice]:
    """Who could cover the blocks `need`, at most `people` together, the best first.

    One person throughout comes first, in the order given. Where everybody may take part they are one choice.
    """
    steady = [Choice(0, 0, (one,)) for one, blocks in able.items() if blocks == need]
    if people == 1:
        return steady
    if people >= len(able):
        fewest = handovers(need, tuple(able.values()))
        return [] if fewest is None else [Choice(fewest, 0, list(able))]
    shared = [
        Choice(
            max(len(team) - 1, handovers(need, tuple([able[one] for one in team])) or 0),
            sum([load[one] for one in team]),
            team,
        )
        for team in _covering(need, able, people)
    ]
    shared.sort(key=_worth)
    return steady + shared


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


def _covering(need: int, able: Able, people: int) -> Iterator[tuple[int, ...]]:
    # Teams of two or more, in the order given.
    each = list(able.items())
    teams: list[tuple[tuple[int, ...], int, int]] = [((one,), blocks, at) for at, (one, blocks) in enumerate(each, 1)]
    for _ in range(people - 1):
        teams = [
            ((*team, one), united | blocks, at)
            for team, united, start in teams
            for at, (one, blocks) in enumerate(each[start:], start + 1)
        ]
        yield from [team for team, united, _ in teams if united == need]


def _worth(choice: Choice) -> tuple[int, int]:
    return choice[:2]
