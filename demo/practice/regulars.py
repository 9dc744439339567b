"""The client who can sign in: two past visits, four to come."""

from __future__ import annotations

from datetime import timedelta

from scheduling.queries.openings.opening import get_service

from .founding import CLIENT
from .scene import Scene, has_booked, look, repeat

CLINICIAN = "Wilhelmina Storey"
WEEKS_BEHIND, VISITS = 2, 6


def book_for_the_client(scene: Scene) -> None:
    """Book individual counseling every week at the same time, except on holidays."""
    if has_booked(CLIENT):
        return
    first = scene.today - timedelta(weeks=WEEKS_BEHIND) + timedelta(days=1)
    now = scene.called(first - timedelta(days=3))
    found = look(
        service=get_service("individual"),
        first=first,
        until=first + timedelta(days=14),
        now=now,
        clinician=scene.clinicians[CLINICIAN],
        waive_notice=True,
    )
    if found:
        scene.book(repeat(found[0], times=VISITS, every_n_weeks=1, now=now), [CLIENT], now)
