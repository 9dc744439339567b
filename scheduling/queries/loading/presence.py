"""Load when people whom a client must not meet are at an office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from psycopg.types.range import Range

from scheduling.availability.timegrid.grid import Span, Window
from scheduling.models import Mode, Reservation


def others_at(apart: Mapping[int, frozenset[int]], window: Window, *, now: datetime) -> dict[int, dict[int, int]]:
    """Client id -> office id -> cells in which somebody is there whom the client is kept apart from.

    Takes one statement, or none if nobody is kept apart. Only appointments in person bring people to an office.
    """
    avoided = frozenset[int]().union(*apart.values())
    spans: dict[int, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    if avoided:
        rows = Reservation.objects.live(now).filter(
            resource__in=avoided,
            during__overlap=Range(window.start, window.end),
            attendance__appointment__mode=Mode.OFFICE,
        )
        for other, office, during in rows.values_list("resource", "attendance__appointment__office", "during"):
            spans[other][office].append(Span(during.lower, during.upper))
    found: dict[int, dict[int, int]] = {}
    for client_id, others in apart.items():
        offices = {office for other in others for office in spans[other]}
        found[client_id] = {
            office: window.outward(span for other in others for span in spans[other][office]) for office in offices
        }
    return found
