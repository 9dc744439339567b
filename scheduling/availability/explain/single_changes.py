"""The smallest changes that give a single appointment a start, each found by asking for openings with it made."""

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

# How many of a kind are told, and how many days away another day may be.
FEW = 3
NEAR_DAYS = 3


class Kind(StrEnum):
    """What is changed, the smallest change first."""

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
    """`snapshot` and `criteria` with the one change made; `opening`: the best answer to it. `waived`: the one
    limit that an exception lifts; what is found otherwise is bookable as it is."""

    kind: Kind
    snapshot: Snapshot
    criteria: Criteria
    opening: Opening
    waived: Why | None = None


def changes(snapshot: Snapshot, criteria: Criteria, anybody: Criteria, location_id: int, now: datetime) -> list[Change]:
    """What opens `criteria`, which is for one local date at `location_id`, or comes near it.

    `anybody`: the same for that date without naming a clinician or a mode. `snapshot` reaches NEAR_DAYS to both sides;
    nothing is proposed before `now`.
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
    # The first start with each of them; where nothing was narrowed there is nothing to find.
    firsts: dict[object, Opening] = {}
    for one in openings(snapshot, wider) if wider != criteria else ():
        key = {Kind.ANOTHER_CLINICIAN: one.clinician_id, Kind.ANOTHER_OFFICE: one.location_id}.get(kind, one.mode)
        firsts.setdefault(key, one)
    return (Change(kind, snapshot, wider, one) for one in list(firsts.values())[:FEW])


def _another_day(snapshot: Snapshot, criteria: Criteria, location_id: int, now: datetime) -> Iterator[Change]:
    # The nearest day before and the nearest after, as far as there are any.
    zone = snapshot.zone(location_id)
    first, until = criteria.first - timedelta(days=NEAR_DAYS), criteria.until + timedelta(days=NEAR_DAYS)
    wider = replace(criteria, first=max(first, local_date(now, zone)), until=until)
    found = openings(snapshot, wider) if wider.first < wider.until else []
    before = [one for one in found if local_date(one.start, zone) < criteria.first]
    after = [one for one in found if local_date(one.start, zone) >= criteria.until]
    if before:
        nearest = local_date(before[-1].start, zone)
        yield Change(
            Kind.ANOTHER_TIME, snapshot, wider, next(one for one in before if local_date(one.start, zone) == nearest)
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
    """The same with one limit out of force; None where it is none for a single appointment."""
    if why is Why.NOTICE:
        return snapshot, replace(criteria, earliest=min(criteria.earliest, now))
    if why is Why.HORIZON:
        return snapshot, replace(criteria, latest=snapshot.window.end)
    if why in (Why.DAILY_LIMIT, Why.WEEKLY_LIMIT, Why.INTENSIVE_LIMIT, Why.BREAK):
        return in_force(snapshot, RULES - {why}), criteria
    return None
