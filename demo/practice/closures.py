"""Closures: public holidays of the next half year, a room, and half a day at an office."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from psycopg.types.range import Range

from backend.transactions import durable
from scheduling.availability.timegrid.walltime import day_start, instant
from scheduling.models import Closure, Location, Room
from scheduling.operations.staff_time.absences import save_closure_step

from .founding import ZONE
from .scene import Scene

LONGEST = timedelta(weeks=30)  # longer than any service's horizon
MONDAY, TUESDAY, THURSDAY = 0, 1, 3


def close(scene: Scene) -> None:
    """Save the closures. Holidays close the whole practice, work from home included."""
    first = scene.today + timedelta(weeks=scene.weeks.start - 1)
    for day, name in holidays(first, scene.today + LONGEST):
        _close(scene, name, Range(day_start(day, ZONE), day_start(day + timedelta(days=1), ZONE)))
    tuesday = scene.monday + timedelta(weeks=1, days=TUESDAY)
    room = Room.objects.get(location__slug="lewisville", name="Reed")
    _close(scene, "New carpet", Range(instant(tuesday, 8 * 60, ZONE), instant(tuesday, 20 * 60, ZONE)), room=room)
    thursday = scene.monday + timedelta(weeks=2, days=THURSDAY)
    noon = Range(instant(thursday, 12 * 60, ZONE), instant(thursday, 20 * 60, ZONE))
    _close(scene, "The water is off", noon, location=scene.places["carrollton"])


def holidays(first: date, until: date) -> Iterator[tuple[date, str]]:
    """Holidays from `first` to `until` (exclusive), with their names."""
    for year in range(first.year, until.year + 1):
        for day, name in _of_year(year):
            if first <= day < until:
                yield day, name


def _of_year(year: int) -> Iterator[tuple[date, str]]:
    yield date(year, 1, 1), "New Year's Day"
    yield _nth(year, 6, MONDAY, 1) - timedelta(weeks=1), "Memorial Day"
    yield date(year, 7, 4), "Independence Day"
    yield _nth(year, 9, MONDAY, 1), "Labor Day"
    thanksgiving = _nth(year, 11, THURSDAY, 4)
    yield thanksgiving, "Thanksgiving"
    yield thanksgiving + timedelta(days=1), "Day after Thanksgiving"
    yield date(year, 12, 25), "Christmas Day"


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=n - 1)


def _close(
    scene: Scene, reason: str, during: Range[datetime], *, location: Location | None = None, room: Room | None = None
) -> None:
    if not Closure.objects.filter(reason=reason, during__overlap=during).exists():
        row = Closure(location=location, room=room, during=during, reason=reason)
        durable(save_closure_step)(row=row, now=scene.now)
