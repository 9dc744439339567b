"""Commitments of clinicians for staff: kinds and hours, never which client they see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, Value
from django.db.models.functions import Coalesce
from psycopg.types.range import Range

from scheduling.availability.timegrid.grid import Span
from scheduling.models import BusyTime, InternalEvent, Reservation, TimeOff

APPOINTMENT, AWAY, IMPORTED = "appointment", "away", "imported"
KINDS = InternalEvent.Kind
WORDS = {
    APPOINTMENT: "another appointment",
    AWAY: "time off",
    IMPORTED: "busy in their own calendar",
    KINDS.SUPERVISION: "supervision",
    KINDS.MEETING: "a meeting",
    KINDS.ADMIN: "office work",
    KINDS.ON_CALL: "on call",
}


class Commitment(NamedTuple):
    """One commitment. `kind`: a key of WORDS.

    `taken`: the reserved span, buffers included. `starts_at`, `ends_at`: UTC, of an appointment without its buffers.
    """

    clinician_id: int
    taken: Span
    starts_at: datetime
    ends_at: datetime
    kind: str


def commitments(clinician_ids: Collection[int], start: datetime, end: datetime, *, now: datetime) -> list[Commitment]:
    """Commitments of the clinicians between two UTC instants, in order of time.

    One SQL statement; none without clinicians.
    """
    if not clinician_ids:
        return []
    overlapping = {"during__overlap": Range(start, end)}
    reserved = (
        Reservation.objects.live(now)
        .filter(resource__in=clinician_ids, **overlapping)
        .annotate(shown=Coalesce("appointment__during", "during"))
        .annotate(kind=Coalesce("internal_event__kind", Value(APPOINTMENT)))
        .values_list("resource", "during", "shown", "kind")
    )
    away = TimeOff.objects.filter(clinician__in=clinician_ids, **overlapping).values_list(
        "clinician", "during", F("during"), Value(AWAY)
    )
    imported = BusyTime.objects.filter(clinician__in=clinician_ids, **overlapping).values_list(
        "clinician", "during", F("during"), Value(IMPORTED)
    )
    rows = reserved.union(away, imported, all=True)
    found = [
        Commitment(one, Span(taken.lower, taken.upper), shown.lower, shown.upper, kind)
        for one, taken, shown, kind in rows
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.clinician_id))
