"""The way between two offices: nobody is in two places, and the road takes time in each direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduling.availability.timegrid.grid import cells_of, smeared, union

# For a pair that nobody has entered: too long is a lost opening, too short is a clinician who is late.
UNKNOWN_MINUTES = 60
# No way takes longer.
FARTHEST_MINUTES = 600


@dataclass(frozen=True, slots=True)
class Travel:
    """Minutes from one location id to another, by direction: `minutes[origin, destination]`."""

    minutes: Mapping[tuple[int, int], int]
    unknown: int = UNKNOWN_MINUTES

    def cells(self, origin: int, destination: int) -> int:
        """Cells that the way takes, rounded up; none within one place."""
        if origin == destination:
            return 0
        return cells_of(self.minutes.get((origin, destination), self.unknown))


def blocked(travel: Travel, located: Mapping[int, int], place: int) -> int:
    """The cells in which somebody cannot be at `place` because of commitments elsewhere (F14).

    `located`: location id -> mask of the cells spent there, buffers included; office visits, and online or phone work
    done from an office. Work from home has no place and is not in it. A commitment at P from a to b blocks
    [a - travel(place to P), b + travel(P to place)).
    """
    # Together what is equally far: spreading a mask takes longer than looking up a way.
    as_far: dict[tuple[int, int], int] = {}
    for other, cells in located.items():
        if other != place and cells:
            ways = travel.cells(place, other), travel.cells(other, place)
            as_far[ways] = as_far.get(ways, 0) | cells
    return union(smeared(cells, back, ahead) for (back, ahead), cells in as_far.items())
