"""Standing appointments: every week, and every second week at the same time as somebody else's other weeks."""

from __future__ import annotations

from datetime import timedelta

from scheduling.queries.openings.opening import Opening, get_service

from .scene import Scene, has_booked, look, repeat

CLINICIAN = "Marlow Finch"
LEFT_OUT = 3  # which of the dates, counted from 0: the client is on vacation
WEEKLY, FORTNIGHTLY, OTHER_WEEKS = 45, 46, 47  # numbers of people


def book_standing(scene: Scene) -> None:
    """One that leaves out holidays and a week of vacation, and two people who alternate."""
    for number, every_n_weeks, week in ((WEEKLY, 1, 1), (FORTNIGHTLY, 2, 1), (OTHER_WEEKS, 2, 2)):
        if not has_booked(number):
            opening = _first(scene, week, late=every_n_weeks == 2)
            if opening is not None:
                pattern = repeat(opening, times=None, every_n_weeks=every_n_weeks, now=scene.now, leave_out={LEFT_OUT})
                scene.book(pattern, [number], scene.now)


def _first(scene: Scene, week: int, *, late: bool) -> Opening | None:
    """The first or last time on the first open day of a week; not in the blocks of an intensive's lead."""
    first = scene.monday + timedelta(weeks=week)
    found = look(
        service=get_service("individual"),
        first=first,
        until=first + timedelta(days=5),
        now=scene.now,
        clinician=scene.clinicians[CLINICIAN],
        mode="office",
        waive_notice=True,
    )
    wanted = (16, 10) if late else (11, 0)
    place = scene.places["mckinney"].tzinfo
    at = [one for one in found if (local := one.starts_at.astimezone(place)) and (local.hour, local.minute) >= wanted]
    return at[0] if at else None
