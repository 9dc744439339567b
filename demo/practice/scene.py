"""What every part of the filling needs: the actor, the time, and the practice's rows by name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from backend.accounts.actor import Actor
from backend.accounts.models import User
from billing.operations.booking import book
from scheduling.models import Booking, Client, Clinician, Location, Participant
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.clients import Person
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.opening import Opening
from scheduling.queries.openings.search import Search
from scheduling.queries.openings.series import series

from .clients import as_known, person
from .founding import OWNER, ZONE

WEEKS_BACK, WEEKS_AHEAD = 3, 5  # around the current week, which counts as ahead
FRIDAY = 4
REASON = "Pays at the visit"


def weeks_to_fill(today: date, *, short: bool) -> range:
    """Weeks to fill, counted from the current one. `short`: one week with at least one more working day."""
    if not short:
        return range(-WEEKS_BACK, WEEKS_AHEAD)
    return range(1, 2) if today.weekday() >= FRIDAY else range(1)


@dataclass(frozen=True)
class Scene:
    """The practice as of `now` (UTC). `today`: its local date. `weeks`: to fill, counted from the current one."""

    by: Actor
    now: datetime
    today: date
    weeks: range
    places: dict[str, Location]
    clinicians: dict[str, Clinician]

    @classmethod
    def load(cls, now: datetime, *, short: bool) -> Scene:
        """Read the practice that `found` created: `places` by slug, `clinicians` by name, in the order of creation."""
        today = now.astimezone(ZONE).date()
        return cls(
            by=Actor(user=User.objects.get(email=OWNER)),
            now=now,
            today=today,
            weeks=weeks_to_fill(today, short=short),
            places={place.slug: place for place in Location.objects.order_by("pk")},
            clinicians={one.name: one for one in Clinician.objects.order_by("pk")},
        )

    @property
    def monday(self) -> date:
        """First day of the current week."""
        return self.today - timedelta(days=self.today.weekday())

    def called(self, day: date) -> datetime:
        """When a person called on `day` to book: 16:00 UTC (10 or 11 AM in Dallas), but not later than now."""
        return min(datetime.combine(day, time(16), UTC), self.now)

    def book(self, opening: Opening, numbers: Sequence[int], now: datetime) -> Booking | None:
        """Book for the people with these numbers; see `book_people`."""
        return self.book_people(opening, as_known(numbers), now)

    def book_people(
        self, opening: Opening, people: Sequence[Person], now: datetime, *, notify: bool = False
    ) -> Booking | None:
        """Book as the desk does, confirmed without payment; None if the time is taken."""
        try:
            return book(
                opening=opening.id,
                people=people,
                accept_policy=True,
                by=self.by,
                now=now,
                unpaid_reason=REASON,
                notify=notify,
            ).booking
        except Taken:
            return None


def look(**wanted: Any) -> list[Opening]:
    """Openings of a search; see `Search`."""
    return openings(Search(**wanted)).openings


def repeat(
    opening: Opening, *, times: int | None, every_n_weeks: int, now: datetime, leave_out: Collection[int] = ()
) -> Opening:
    """The series that begins with `opening`, without dates in conflict and those at the positions `leave_out`."""
    asked = partial(series, opening=opening, times=times, every_n_weeks=every_n_weeks, now=now, waive_notice=True)
    found = asked()
    dates = found.occurrences
    skipped = {one.date for at, one in enumerate(dates) if one.clash or at in leave_out}
    return asked(skip=skipped).opening if 0 < len(skipped) < len(dates) else found.opening


def has_booked(number: int, service: str = "") -> bool:
    """True if this person has a booking, of `service` (a slug) if given.

    A filling that continues after an interruption asks this, so that it books nothing twice.
    """
    client = Client.objects.filter(email=person(number).email).values_list("pk", flat=True).first()
    if client is None:
        return False
    booked = Participant.objects.filter(client=client)
    return booked.filter(booking__service__slug=service).exists() if service else booked.exists()
