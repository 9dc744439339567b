"""The smallest changes that open a date for a single appointment, each found by listing openings with it made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from scheduling.availability.explain.obstacles import RULES, WAIVABLE, Why, in_force
from scheduling.availability.single.criteria import Criteria
from scheduling.availability.single.openings import Opening, openings
from scheduling.availability.snapshot import Snapshot
from scheduling.availability.timegrid.walltime import local_date

# How many changes of one kind are proposed, and how many days away another day may be.
FEW = 3
NEAR_DAYS = 3


class Kind(StrEnum):
    """The kind of a change, the smallest change first."""

    ANOTHER_ROOM = "another_room"
    ANOTHER_CLINICIAN = "another_clinician"
    SWAP = "swap"
    MOVED_BLOCK = "moved_block"
    ANOTHER_MODE = "another_mode"
    ANOTHER_OFFICE = "another_office"
    ANOTHER_TIME = "another_time"
    EXCEPTION = "exception"


@dataclass(frozen=True)
class Change:
    """One change and the opening it leads to. `snapshot`, `criteria`: the problem with the change made.

    `waived`: the one limit that an exception lifts. Without it, the opening can be booked as it is.
    """

    kind: Kind
    snapshot: Snapshot
    criteria: Criteria
    opening: Opening
    waived: Why | None = None


def changes(snapshot: Snapshot, criteria: Criteria, anybody: Criteria, location_id: int, now: datetime) -> list[Change]:
    """The changes that lead to an opening for `criteria`, which is for one local date, at `location_id`.

    `anybody`: the same criteria without a named clinician or mode. `snapshot` must cover NEAR_DAYS before and after the
    date. Nothing is proposed before `now`.
    """
    criteria = replace(criteria, location_ids=frozenset({location_id}))
    return [
        *_another(Kind.ANOTHER_CLINICIAN, snapshot, criteria, replace(criteria, clinician_ids=anybody.clinician_ids)),
        *_another(Kind.ANOTHER_MODE, snapshot, criteria, replace(criteria, modes=anybody.modes)),
        *_another(Kind.ANOTHER_OFFICE, snapshot, criteria, replace(criteria, location_ids=None)),
        *_another_day(snapshot, criteria, location_id, now),
        *_exceptions(snapshot, criteria, now),
    ]


def _another(kind: Kind, snapshot: Snapshot, criteria: Criteria, wider: Criteria) -> Iterator[Change]:
    # The first opening for each clinician, office or mode. Equal criteria mean that nothing can be widened.
    first_by_key: dict[object, Opening] = {}
    for opening in openings(snapshot, wider) if wider != criteria else ():
        key = {Kind.ANOTHER_CLINICIAN: opening.clinician_id, Kind.ANOTHER_OFFICE: opening.location_id}.get(
            kind, opening.mode
        )
        first_by_key.setdefault(key, opening)
    return (Change(kind, snapshot, wider, opening) for opening in list(first_by_key.values())[:FEW])


def _another_day(snapshot: Snapshot, criteria: Criteria, location_id: int, now: datetime) -> Iterator[Change]:
    # At most one opening before the date and one after it, each on the nearest day.
    zone = snapshot.zone(location_id)
    first, until = criteria.first - timedelta(days=NEAR_DAYS), criteria.until + timedelta(days=NEAR_DAYS)
    wider = replace(criteria, first=max(first, local_date(now, zone)), until=until)
    found = openings(snapshot, wider) if wider.first < wider.until else []
    before = [opening for opening in found if local_date(opening.start, zone) < criteria.first]
    after = [opening for opening in found if local_date(opening.start, zone) >= criteria.until]
    if before:
        nearest = local_date(before[-1].start, zone)
        yield Change(
            Kind.ANOTHER_TIME,
            snapshot,
            wider,
            next(opening for opening in before if local_date(opening.start, zone) == nearest),
        )
    if after:
        yield Change(Kind.ANOTHER_TIME, snapshot, wider, after[0])


def _exceptions(snapshot: Snapshot, criteria: Criteria, now: datetime) -> Iterator[Change]:
    for why in WAIVABLE:
        waived = waive(snapshot, criteria, why, now)
        found = [] if waived is None else openings(*waived)
        if waived is not None and found:
            yield Change(Kind.EXCEPTION, *waived, found[0], why)


def waive(snapshot: Snapshot, criteria: Criteria, why: Why, now: datetime) -> tuple[Snapshot, Criteria] | None:
    """Snapshot and criteria with one limit out of force; None if it does not apply to single appointments."""
    if why is Why.NOTICE:
        return snapshot, replace(criteria, earliest=min(criteria.earliest, now))
    if why is Why.HORIZON:
        return snapshot, replace(criteria, latest=snapshot.window.end)
    if why in (Why.DAILY_LIMIT, Why.WEEKLY_LIMIT, Why.INTENSIVE_LIMIT, Why.BREAK):
        return in_force(snapshot, RULES - {why}), criteria
    return None
