"""Rest between intensives: the days around one intensive on which its clinician leads no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from scheduling.availability.snapshot import Clinician, Snapshot
from scheduling.availability.timegrid.masks import dates_mask


def resting(snapshot: Snapshot, clinician: Clinician, location_id: int, rest_days: int) -> int:
    """The cells at which `clinician` may not start a block of an intensive that asks for `rest_days` around it.

    Of two intensives, the one that asks for more rest decides, whichever was booked first. Rest is counted from the
    local dates on which this clinician leads: helping out on one day of an intensive blocks only the days around it.
    """
    window, zone, mask = snapshot.window, clinician.zone or snapshot.zone(location_id), 0
    for first, until in _stretches(clinician, rest_days):
        mask |= dates_mask(window, zone, first, until)
    return mask


def _stretches(clinician: Clinician, rest_days: int) -> Iterator[tuple[date, date]]:
    # Local dates [first, until) to keep free; stretches may overlap.
    for day, minutes in clinician.intensive.items():
        rest = max(rest_days, clinician.rests.get(day, 0)) if minutes else 0
        if rest:
            yield day - timedelta(days=rest), day + timedelta(days=rest + 1)
