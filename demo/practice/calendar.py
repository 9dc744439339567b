"""Fill calendars to about 60 % for eight weeks around today. Most people come weekly, at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from scheduling.availability.timegrid.recurrence import repeated
from scheduling.models import Attendance, WorkingHours
from scheduling.queries.openings.opening import Opening, get_service

from .clients import person
from .scene import Scene, has_booked, look, repeat

FULL = 0.6  # share of the minutes that a clinician works
FIRST_NUMBER = 150  # first number of the people who come regularly; other parts use lower numbers
MOST_STRETCHES, TURNS = 90, 6  # most stretches of weekly hours in the practice, and most visits in one
TRIES = 3  # weeks to search for a first day that is not a holiday
VISITS = ("individual", "together", "coaching", "coaching-two")


@dataclass
class Stretch:
    """One row of a clinician's weekly hours, and the days on which it applies."""

    scene: Scene
    hours: WorkingHours
    number: int
    days: list[date] = field(init=False)

    def __post_init__(self) -> None:
        self.days = [day for week in self.scene.weeks if self._comes(day := self._day(week))]

    def _day(self, week: int) -> date:
        return self.scene.monday + timedelta(weeks=week, days=self.hours.weekday)

    def _comes(self, day: date) -> bool:
        anchor = self.hours.anchor_on
        return anchor is None or (day - timedelta(days=day.weekday()) - anchor).days % (7 * self.every_n_weeks) == 0

    @property
    def every_n_weeks(self) -> int:
        return self.hours.every_n_weeks

    def fill(self) -> int:
        """Book until the share `FULL` of each day is taken. Returns the number of bookings."""
        for at in range(min(TRIES, len(self.days))):
            found = list(self._in_turn(self.days[at]))
            if found:
                return sum(self._book(turn, opening, self.days[at:]) for turn, opening in enumerate(found))
        return 0

    def _in_turn(self, day: date) -> Iterator[Opening]:
        """Openings that do not overlap: three visits for one person, then one for two."""
        wanted = FULL * (self.hours.ends_minute - self.hours.starts_minute)
        lists = [self._openings(slug, day) for slug in VISITS if slug in self._sold]
        ends = None
        for turn in range(TURNS):
            which = 1 if turn % 4 == 3 else 0
            # Real calendars have a gap now and then.
            pause = timedelta(minutes=60 if turn % 3 == 2 else 10)
            opening = next((one for one in lists[which] if ends is None or one.starts_at >= ends + pause), None)
            length = opening.service.duration_minutes or 0 if opening else 0
            if opening is None or wanted < length:
                return
            wanted -= length + opening.service.buffer_after
            ends = opening.ends_at
            yield opening

    def _openings(self, slug: str, day: date) -> list[Opening]:
        found = look(
            service=get_service(slug),
            first=day,
            until=day + timedelta(days=1),
            now=self.scene.called(day - timedelta(days=3)),
            clinician=self.hours.clinician,
            waive_notice=True,
        )
        return [one for one in found if self.hours.location_id in (None, one.location.pk)]

    @property
    def _sold(self) -> set[str]:
        return set(self.hours.clinician.services.values_list("slug", flat=True))

    def _book(self, turn: int, opening: Opening, days: list[date]) -> int:
        """Two of three people book all weeks at this time at once. The third calls for each visit."""
        if turn % 3 == 2:
            return sum(self._one_by_one(turn, opening, days))
        people = self._people(turn, opening.service.capacity)
        if has_booked(people[0], opening.service.slug):
            return 0
        now = self.scene.called(days[0] - timedelta(days=3))
        whole = repeat(opening, times=len(days), every_n_weeks=self.every_n_weeks, now=now)
        return int(self.scene.book(whole, people, now) is not None)

    def _one_by_one(self, turn: int, opening: Opening, days: list[date]) -> Iterator[bool]:
        """Book the same person on most of the days, three days before each."""
        starts = repeated(opening.starts_at, self.every_n_weeks, len(days), opening.location.tzinfo)
        length = opening.ends_at - opening.starts_at
        people = self._people(turn, opening.service.capacity)
        for count, one in enumerate(starts):
            if one.start is None or count % 4 == 3:
                continue
            that = opening._replace(starts_at=one.start, ends_at=one.start + length)
            if not _comes_within_a_day(people[0], one.start):
                yield self.scene.book(that, people, self.scene.called(one.day - timedelta(days=3))) is not None

    def _people(self, turn: int, count: int) -> list[int]:
        """Numbers of the people who come in this turn of this stretch only."""
        first = FIRST_NUMBER + self.number * TURNS + turn
        second = FIRST_NUMBER + MOST_STRETCHES * TURNS + self.number * TURNS + turn
        return [first, second][:count]


def stretches(scene: Scene) -> list[Stretch]:
    """All rows of weekly hours, in the order of their clinicians."""
    rows = WorkingHours.objects.select_related("clinician").order_by("clinician", "weekday", "anchor_on", "pk")
    return [Stretch(scene, hours, number) for number, hours in enumerate(rows)]


def _comes_within_a_day(number: int, start: datetime) -> bool:
    around = start - timedelta(hours=12), start + timedelta(hours=12)
    return Attendance.objects.filter(
        participant__client__email=person(number).email, appointment__during__overlap=around
    ).exists()
