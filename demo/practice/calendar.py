"""A calendar some 60 % full for eight weeks around today, made through the real operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from backend.accounts.actor import Actor
from backend.transactions import durable
from billing.operations.booking import book
from scheduling.models import Attendance, Clinician, Service
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.clients import Person, add_client_step
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.opening import Opening, get_service
from scheduling.queries.openings.search import Search

WEEKS_BACK, WEEKS_AHEAD = 3, 5  # around the present week, which is the first of those ahead
FRIDAY = 4
FULL = 0.6  # of the minutes that somebody works
REASON = "Pays at the visit"


def weeks_to_fill(today: date, *, short: bool) -> range:
    """Weeks counted from that of `today`. `short`: one week, of which a whole working day lies ahead."""
    if not short:
        return range(-WEEKS_BACK, WEEKS_AHEAD)
    return range(1, 2) if today.weekday() >= FRIDAY else range(1)


@dataclass
class Calendar:
    """Fills weeks for one actor of the desk, who has booked nothing later than `now` (UTC).

    `regulars`: who comes again every week, by clinician, service and turn.
    """

    by: Actor
    people: Iterator[Person]
    now: datetime
    regulars: dict[tuple[int, int, int], list[int]] = field(default_factory=dict)
    booked: int = 0

    def fill(self, clinicians: Iterable[Clinician], today: date, weeks: range) -> Iterator[str]:
        """Fill `weeks` counted from that of `today`, one clinician after another; yields what was done, for a bar."""
        monday = today - timedelta(days=today.weekday())
        team = list(clinicians)
        for week in weeks:
            first = monday + timedelta(weeks=week)
            yield self._intensives(first, week)
            for clinician in team:
                yield self._visits(clinician, first)

    def _intensives(self, monday: date, week: int) -> str:
        """One program a week, the couple's in turn with the individual one, booked three weeks before."""
        service = get_service("4-day" if week % 2 else "3-day")
        now = self._called(monday - timedelta(weeks=3))
        found = openings(Search(service=service, first=monday, until=monday + timedelta(days=5), now=now)).openings
        for opening in found[:1]:
            self._book(opening, [self._new(now) for _ in range(service.capacity)], now)
        return f"week of {monday:%b %d}"

    def _visits(self, clinician: Clinician, monday: date) -> str:
        """Take every free start in turn until so much of the week is booked; regulars come to the first ones."""
        now = self._called(monday - timedelta(days=3))
        wanted = FULL * _minutes_worked(clinician, monday)
        services = list(clinician.services.exclude(party="group").order_by("capacity", "pk"))
        turn = 0
        for service, opening in self._in_turn(services, clinician, monday, now):
            length = service.duration_minutes or 0
            if wanted < length:
                break
            if self._book(opening, self._clients(clinician, service, turn, now), now):
                wanted -= length + service.buffer_after
                turn += 1
        return clinician.name

    def _in_turn(
        self, services: list[Service], clinician: Clinician, monday: date, now: datetime
    ) -> Iterator[tuple[Service, Opening]]:
        """Openings that do not touch each other: three visits for one person, then one for two."""
        until, ends = monday + timedelta(days=6), _moment(monday - timedelta(days=7))
        lists = [
            openings(
                Search(service=one, first=monday, until=until, now=now, clinician=clinician, waive_notice=True)
            ).openings
            for one in services
        ]
        for turn in range(60):
            which = 1 if turn % 4 == 3 and len(services) > 1 else 0
            # Leave a gap now and then, as real calendars have.
            pause = timedelta(minutes=60 if turn % 3 == 2 else 10)
            opening = next((one for one in lists[which] if one.starts_at >= ends + pause), None)
            if opening is None:
                return
            ends = opening.ends_at
            yield services[which], opening

    def _clients(self, clinician: Clinician, service: Service, turn: int, now: datetime) -> list[int]:
        """The same people in the same turn of every week, alone or as a couple."""
        key = clinician.pk, service.pk, turn
        if key not in self.regulars:
            self.regulars[key] = [self._new(now) for _ in range(service.capacity)]
        return self.regulars[key]

    def _called(self, day: date) -> datetime:
        return min(_moment(day), self.now)

    def _new(self, now: datetime) -> int:
        return durable(add_client_step)(person=next(self.people), by=self.by, now=now).pk

    def _book(self, opening: Opening, clients: list[int], now: datetime) -> bool:
        try:
            people = [Person(client_id=pk) for pk in clients]
            book(
                opening=opening.id,
                people=people,
                accept_policy=True,
                by=self.by,
                now=now,
                unpaid_reason=REASON,
                notify=False,
            )
        except Taken:
            return False
        self.booked += 1
        return True


def _minutes_worked(clinician: Clinician, monday: date) -> int:
    return sum(
        hours.ends_minute - hours.starts_minute
        for hours in clinician.working_hours.all()
        if hours.anchor_on is None or (monday - hours.anchor_on).days % (7 * hours.every_n_weeks) == 0
    )


def _moment(day: date) -> datetime:
    """Ten in the morning in Dallas, more or less."""
    return datetime.combine(day, time(16), UTC)


@durable
def close_past_visits(*, now: datetime) -> int:
    """What is over was attended, but for a few who did not come. Returns how many."""
    over = Attendance.objects.filter(status="booked", appointment__during__endswith__lte=now)
    missed = over.filter(pk__iregex=r"7$").update(status=Attendance.Status.NO_SHOW)
    return missed + over.update(status=Attendance.Status.ATTENDED)
