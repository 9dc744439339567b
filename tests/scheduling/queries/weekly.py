"""Weekly series for tests: Tuesdays at three, with the only clinician of the world."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from scheduling.models import LocationHours, Service, WorkingHours
from scheduling.queries.openings.opening import Opening
from scheduling.queries.openings.series import series
from tests.factories import NOW

from .world import World, clock, found

TUESDAY = date(2027, 2, 9)
WEEK = timedelta(weeks=1)


def at(service: Service, day: date = TUESDAY, hour: float = 15, now: datetime = NOW) -> Opening:
    """The opening at this time."""
    return next(one for one in found(service, day, now=now) if one.starts_at == clock(day, hour))


def weekly(
    world: World, times: int | None = 12, first: date = TUESDAY, now: datetime = NOW, **criteria: Any
) -> Opening:
    """The opening of all free dates of a weekly series at three."""
    begins = at(world.service, first, now=now)
    return series(opening=begins, times=times, every_n_weeks=1, now=now, **criteria).opening


def with_start(opening: Opening, start: datetime) -> Opening:
    """The opening with one more date."""
    first, *others = sorted([*opening.starts, start])
    return opening._replace(starts_at=first, further=tuple(others))


def work_around_the_clock(world: World) -> None:
    """Let the clinician work day and night in steps of half an hour, so that a clock change matters."""
    Service.objects.update(step_minutes=30)
    LocationHours.objects.update(starts_minute=0, ends_minute=1440)
    WorkingHours.objects.all().delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(clinician=world.person, location=world.office, weekday=day, starts_minute=0, ends_minute=1440)
        for day in range(7)
    )
    world.service.refresh_from_db()
