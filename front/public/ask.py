"""A visitor's search: a service, a place or mode, and maybe a clinician."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from front.openings.times import WINDOW_DAYS, WINDOW_PROGRAM_DAYS
from scheduling.availability.timegrid.walltime import local_date
from scheduling.models import Clinician, Mode, Service
from scheduling.opening_id import OpeningId
from scheduling.queries.openings.listing import Openings, openings
from scheduling.queries.openings.opening import Opening
from scheduling.queries.openings.search import Search

from .choices import Place

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ask:
    """A visitor's search for openings, as of `now`. `person`: None for anyone."""

    service: Service
    place: Place
    person: Clinician | None
    now: datetime

    @property
    def today(self) -> date:
        office = self.place.location or self.service.locations.first()
        return local_date(self.now, office.tzinfo) if office else self.now.date()

    @property
    def is_group(self) -> bool:
        return self.service.party == Service.Party.GROUP

    @property
    def is_session(self) -> bool:
        """True for a single visit, as opposed to a program or a group."""
        return not self.service.is_program and not self.is_group

    @property
    def any_office(self) -> bool:
        """True if any office will do. The page then names the offices that have each start."""
        return self.place.mode == Mode.OFFICE and self.place.location is None

    @property
    def window(self) -> timedelta:
        return timedelta(days=WINDOW_DAYS if self.is_session else WINDOW_PROGRAM_DAYS)

    @property
    def last(self) -> date:
        """Last local date that can be booked."""
        return self.today + timedelta(days=self.service.horizon_days)

    def find(self, since: date) -> Openings:
        """Openings of the window from `since`, in order of time."""
        return self._between(since, since + self.window)

    def offices_at(self, opening: str) -> list[Opening]:
        """Openings of all offices at the start of an opening's id. Raises UnknownOpening."""
        start = OpeningId.decode(opening).starts_at
        # One more day at each end, because local dates differ from UTC's.
        found = self._between(start.date() - _DAY, start.date() + 2 * _DAY)
        return [one for one in found.openings if one.starts_at == start]

    def _between(self, first: date, until: date) -> Openings:
        return openings(
            Search(
                service=self.service,
                first=first,
                until=until,
                now=self.now,
                location=self.place.location,
                clinician=self.person,
                mode=self.place.mode,
            )
        )
