"""Travel time between offices: nobody is in two places at once, and each direction has its own minutes (promise 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduling.availability.timegrid.grid import cells_of, smeared, union

# Assumed for a pair that nobody has entered. Too long loses an opening; too short makes a clinician late.
UNKNOWN_MINUTES = 60
# No travel time may be longer. Searches look no further around a commitment.
FARTHEST_MINUTES = 600


@dataclass(frozen=True, slots=True)
class Travel:
    """Travel minutes between location ids, by direction: `minutes[origin, destination]`; `unknown` for other pairs."""

    minutes: Mapping[tuple[int, int], int]
    unknown: int = UNKNOWN_MINUTES

    def cells(self, origin: int, destination: int) -> int:
        """Cells of travel time from `origin` to `destination`, rounded up; 0 within one place."""
        if origin == destination:
            return 0
        return cells_of(self.minutes.get((origin, destination), self.unknown))


def blocked(travel: Travel, located: Mapping[int, int], place: int) -> int:
    """The cells in which a clinician cannot be at `place` because of commitments at other places (F14).

    `located`: location id -> mask of the cells spent there, buffers included. It holds office visits, and online or
    phone work done from an office. Work from home has no place, so it is not included. A commitment at P from a to b
    blocks [a - travel(place to P), b + travel(P to place)).
    """
    # Masks of equally distant places are joined first: widening a mask costs more than looking up a travel time.
    by_distance: dict[tuple[int, int], int] = {}
    for other, cells in located.items():
        if other != place and cells:
            distance = travel.cells(place, other), travel.cells(other, place)
            by_distance[distance] = by_distance.get(distance, 0) | cells
    return union(smeared(cells, back, ahead) for (back, ahead), cells in by_distance.items())
