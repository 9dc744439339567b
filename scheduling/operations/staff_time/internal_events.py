"""Reserve the people and the room of internal events, such as supervision or a meeting, on every date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from psycopg.types.range import Range

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction
from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item
from scheduling.availability.timegrid.walltime import WallTimeError, local_date, to_instant
from scheduling.formats import short_day
from scheduling.models import InternalEvent, Reservation
from scheduling.operations.bookings.expire import expire_on_step
from scheduling.operations.locks import lock_resources

Period = tuple[datetime, datetime]
LAST = datetime.max.replace(tzinfo=UTC)
CLASH = "A person or the room has an appointment during “{title}” on {day}. Decide which one moves."


class NotReserved(Exception):
    """The event cannot be reserved; `str()` says why, in words for staff."""


def reserve_event_step(*, event: InternalEvent, by: Actor, now: datetime) -> int:
    """Reserve the people and the room of an event for every occurrence that ends after `now`. Raises NotReserved.

    A changed event is reserved again; past occurrences stay. Where a person or the room is taken already, that
    reservation stays and a work item is opened for the date. Returns the number of dates in conflict.
    """
    assert_in_transaction()
    if faults := event.faults():
        raise NotReserved(" ".join(faults.values()))
    resources = _resources_of(event)
    before = Reservation.objects.unreleased().filter(internal_event=event).values_list("resource", flat=True)
    lock_resources([*resources, *before])
    expire_on_step(resource_ids=resources, by=by, now=now)
    free_event_step(event=event, now=now)
    periods = [period for period in _one_by_one(occurrences(event)) if period[1] > now]
    free, clashing = _free_and_clashing(resources, periods)
    Reservation.objects.bulk_create(
        Reservation(resource_id=resource_id, during=period, internal_event=event)
        for resource_id, period in sorted(free)
    )
    for start, _ in clashing:
        _open_clash_step(event, start, now)
    return len(clashing)


def free_event_step(*, event: InternalEvent, now: datetime) -> None:
    """Delete the event's reservations that end after `now`."""
    assert_in_transaction()
    Reservation.objects.unreleased().filter(internal_event=event, during__endswith__gt=now).delete()


def remove_event_step(*, event: InternalEvent) -> None:
    """Delete an event with all of its reservations, past ones too."""
    assert_in_transaction()
    Reservation.objects.filter(internal_event=event).delete()
    event.delete()


def occurrences(event: InternalEvent) -> Iterator[Period]:
    """Periods (UTC) of the event: the first, then every `repeat_weeks` weeks at the same wall time.

    `repeat_until` is exclusive. The zone is the office's, or that of the person with the lowest id. A date on which
    clocks skip the time or show it twice is left out (F28, F29).
    """
    zone = _zone_of(event)
    lasting = event.during.upper - event.during.lower
    yield event.during.lower, event.during.upper
    if event.repeat_weeks and event.repeat_until is not None:
        local = event.during.lower.astimezone(zone).replace(tzinfo=None)
        while (local := local + timedelta(weeks=event.repeat_weeks)).date() < event.repeat_until:
            try:
                start = to_instant(local, zone)
            except WallTimeError:
                continue
            yield start, start + lasting


def _one_by_one(periods: Iterable[Period]) -> Iterator[Period]:
    # An event may last until its next occurrence. When clocks go forward, that one starts an hour sooner.
    for (start, end), (following, _) in pairwise([*periods, (LAST, LAST)]):
        yield start, min(end, following)


def _zone_of(event: InternalEvent) -> ZoneInfo:
    if event.location is not None:
        return event.location.tzinfo
    first = event.people.order_by("pk").first()
    return ZoneInfo(first.zone if first is not None else "America/Chicago")


def _resources_of(event: InternalEvent) -> list[int]:
    people = list(event.people.values_list("pk", flat=True))
    return people if event.room_id is None else [*people, event.room_id]


def _free_and_clashing(
    resources: Iterable[int], periods: list[Period]
) -> tuple[list[tuple[int, Period]], list[Period]]:
    # (resource id, period) pairs that are free, and the periods in which at least one resource is taken.
    ids = list(resources)
    if not ids or not periods:
        return [], []
    whole = Range(periods[0][0], max(end for _, end in periods))
    taken = Reservation.objects.unreleased().filter(resource__in=ids, during__overlap=whole)
    rows = [
        (resource_id, during.lower, during.upper) for resource_id, during in taken.values_list("resource", "during")
    ]
    free: list[tuple[int, Period]] = []
    clashing: list[Period] = []
    for start, end in periods:
        busy = {resource_id for resource_id, lower, upper in rows if lower < end and start < upper}
        free += [(resource_id, (start, end)) for resource_id in ids if resource_id not in busy]
        clashing += [(start, end)] if busy else []
    return free, clashing


def _open_clash_step(event: InternalEvent, start: datetime, now: datetime) -> None:
    day = local_date(start, _zone_of(event))
    open_item(
        kind=WorkItem.Kind.CLASH,
        key=f"event-clash:{event.pk}:{day.isoformat()}",
        subject="day",
        subject_id=day.isoformat(),
        location_id=_desk_of(event),
        words=CLASH.format(title=event.title, day=short_day(day)),
        now=now,
    )


def _desk_of(event: InternalEvent) -> int | None:
    # An event without an office goes to the desk of the person with the lowest id.
    if event.location_id is not None:
        return event.location_id
    return event.people.order_by("pk").values_list("base_location", flat=True).first()
