"""Standing appointments: one every week, and two that alternate at the same time every second week."""

from __future__ import annotations

from datetime import timedelta

from scheduling.queries.openings.opening import Opening, get_service

from .scene import Scene, has_booked, look, repeat

CLINICIAN = "Marlow Finch"
LEFT_OUT = 3  # position of the date left out, counted from 0: the client is on vacation
WEEKLY, FORTNIGHTLY, OTHER_WEEKS = 45, 46, 47  # numbers of people


def book_standing(scene: Scene) -> None:
    """Book one that leaves out holidays and a week of vacation, and two that alternate."""
    for number, every_n_weeks, week in ((WEEKLY, 1, 1), (FORTNIGHTLY, 2, 1), (OTHER_WEEKS, 2, 2)):
        if not has_booked(number):
            opening = _first(scene, week, late=every_n_weeks == 2)
            if opening is not None:
                pattern = repeat(opening, times=None, every_n_weeks=every_n_weeks, now=scene.now, leave_out={LEFT_OUT})
                scene.book(pattern, [number], scene.now)


def _first(scene: Scene, week: int, *, late: bool) -> Opening | None:
    """The first start on or after 11:00 AM (`late`: 4:10 PM) in a week, which leaves an intensive's blocks free."""
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
