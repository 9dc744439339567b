"""Book one intensive in each week, three weeks ahead."""

from __future__ import annotations

from datetime import timedelta

from scheduling.models import Booking
from scheduling.queries.openings.opening import get_service

from .scene import Scene, has_booked, look

FIRST_PERSON = 50
TURNS = ("3-day", "4-day", "5-day")


def book_intensives(scene: Scene) -> None:
    """Book one program in each week, of a different length in turn. A week without an opening stays empty."""
    for week in scene.weeks:
        number = FIRST_PERSON + 2 * (week - scene.weeks.start)
        if not has_booked(number):
            _book(scene, week, number)


def _book(scene: Scene, week: int, number: int) -> Booking | None:
    first = scene.monday + timedelta(weeks=week)
    now = scene.called(first - timedelta(weeks=3))
    for turn in range(len(TURNS)):
        service = get_service(TURNS[(week + turn) % len(TURNS)])
        found = look(service=service, first=first, until=first + timedelta(days=5), now=now)
        if found:
            return scene.book(found[0], range(number, number + service.capacity), now)
    return None
