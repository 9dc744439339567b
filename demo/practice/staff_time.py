"""Other time of clinicians: meetings, vacations, breaks and their own calendars."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from psycopg.types.range import Range

from backend.transactions import durable
from scheduling.availability.timegrid.walltime import day_start, instant, local_date
from scheduling.models import Appointment, Break, BusyTime, InternalEvent, TimeOff
from scheduling.operations.staff_time.absences import save_time_off_step
from scheduling.operations.staff_time.internal_events import reserve_event_step

from .founding import ZONE
from .scene import Scene

REPEATS = timedelta(weeks=26)
WEDNESDAY, THURSDAY, FRIDAY = 2, 3, 4


class Meeting(NamedTuple):
    """An internal event of `minutes` from `minute` of the local day, every `every_n_weeks` weeks (0: once)."""

    kind: str
    title: str
    people: tuple[str, ...]
    weekday: int
    minute: int
    minutes: int
    every_n_weeks: int
    place: str = ""


# At times outside the blocks of an intensive's day.
MEETINGS = (
    Meeting(
        "meeting",
        "Team meeting",
        ("Juniper Vale", "Wilhelmina Storey", "Caspian Rowe-Fields", "Peregrine Lund-Abbey"),
        WEDNESDAY,
        750,
        30,
        1,
        "frisco",
    ),
    Meeting("supervision", "Supervision", ("Juniper Vale", "Saffron Delacourt-Hay"), FRIDAY, 980, 40, 2),
    Meeting("admin", "Notes and calls", ("Orrin Penwright",), FRIDAY, 540, 60, 1),
    Meeting("on_call", "On call", ("Marlow Finch",), THURSDAY, 1020, 120, 2),
)


def plan_staff_time(scene: Scene) -> None:
    """Add meetings of each kind, a flexible lunch break, a vacation, and busy time from a clinician's own calendar."""
    for meeting in MEETINGS:
        _meet(scene, meeting, scene.monday + timedelta(weeks=scene.weeks.start, days=meeting.weekday))
    vacation = scene.monday + timedelta(weeks=2)
    _away(scene, "Orrin Penwright", "Vacation", vacation, days=5)
    juniper, thaddeus = scene.clinicians["Juniper Vale"], scene.clinicians["Thaddeus Moorcroft"]
    Break.objects.get_or_create(clinician=juniper, starts_minute=690, ends_minute=810, minutes=30)
    dentist = scene.monday + timedelta(weeks=1, days=THURSDAY)
    busy = Range(instant(dentist, 600, ZONE), instant(dentist, 660, ZONE))
    BusyTime.objects.get_or_create(clinician=thaddeus, source="own calendar", defaults={"during": busy})


def add_clashes(scene: Scene) -> None:
    """Add a sick day and a drill over booked visits, so that the desk has conflicts to decide."""
    if (ill := _next_day_with_visits(scene, "Peregrine Lund-Abbey")) is not None:
        _away(scene, "Peregrine Lund-Abbey", "Sick", ill, days=1)
    if (busy := _next_day_with_visits(scene, "Isolde Marchbank")) is not None:
        training = Meeting("meeting", "Fire drill", ("Isolde Marchbank",), busy.weekday(), 480, 540, 0, "mckinney")
        _meet(scene, training, busy)


def _next_day_with_visits(scene: Scene, name: str) -> date | None:
    ahead = Appointment.objects.filter(
        leads__clinician__name=name, status=Appointment.Status.PLANNED, during__startswith__gt=scene.now
    )
    first = ahead.order_by("during").first()
    return None if first is None else local_date(first.during.lower, ZONE)


def _meet(scene: Scene, meeting: Meeting, first: date) -> None:
    if InternalEvent.objects.filter(title=meeting.title).exists():
        return
    starts = instant(first, meeting.minute, ZONE)

    @durable
    def write() -> None:
        event = InternalEvent.objects.create(
            kind=meeting.kind,
            title=meeting.title,
            location=scene.places.get(meeting.place),
            during=Range(starts, starts + timedelta(minutes=meeting.minutes)),
            repeat_weeks=meeting.every_n_weeks,
            repeat_until=first + REPEATS if meeting.every_n_weeks else None,
        )
        event.people.set(scene.clinicians[name] for name in meeting.people)
        reserve_event_step(event=event, by=scene.by, now=min(starts, scene.now))

    write()


def _away(scene: Scene, name: str, reason: str, first: date, *, days: int) -> None:
    during: Range[datetime] = Range(day_start(first, ZONE), day_start(first + timedelta(days=days), ZONE))
    if not TimeOff.objects.filter(clinician=scene.clinicians[name], reason=reason).exists():
        row = TimeOff(clinician=scene.clinicians[name], during=during, reason=reason)
        durable(save_time_off_step)(row=row, now=scene.now)
