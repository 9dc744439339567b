"""Load the external persons whom the blocks of a program need, and when they can come."""

from __future__ import annotations

from collections import defaultdict

from psycopg.types.range import Range

from scheduling.availability.timegrid.grid import Span, Window
from scheduling.models import ExternalWindow, ProgramBlock, Service

# Location id (None: any) -> cells.
Windows = dict[int | None, int]


def external_windows(service: Service, window: Window) -> dict[int, Windows]:
    """Cells in which each active external person of `service` can come, by person and location, in one statement.

    Windows are rounded inward to cells: a window from 9:02 counts from 9:05.
    """
    needed = ProgramBlock.objects.filter(program=service.pk, external__isnull=False).values("external")
    rows = ExternalWindow.objects.filter(
        person__in=needed, person__is_active=True, during__overlap=Range(window.start, window.end)
    )
    spans: dict[int, dict[int | None, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for person_id, location_id, during in rows.values_list("person", "location", "during"):
        spans[person_id][location_id].append(Span(during.lower, during.upper))
    return {
        person_id: {place: window.inward(open_spans) for place, open_spans in by_place.items()}
        for person_id, by_place in spans.items()
    }
