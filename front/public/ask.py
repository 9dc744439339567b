"""What somebody looks for: a service, a way to meet, maybe a person, and from which instant on."""

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
    """What openings are looked for, and at which instant."""

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
        """One visit at one time: neither the days of a program nor a group that is planned already."""
        return not self.service.is_program and not self.is_group

    @property
    def any_office(self) -> bool:
        """Any office will do: so each start says which ones have it."""
        return self.place.mode == Mode.OFFICE and self.place.location is None

    @property
    def window(self) -> timedelta:
        return timedelta(days=WINDOW_DAYS if self.is_session else WINDOW_PROGRAM_DAYS)

    @property
    def last(self) -> date:
        """The last local date that can be booked."""
        return self.today + timedelta(days=self.service.horizon_days)

    def find(self, since: date) -> Openings:
        """Openings of one window, in order of time."""
        return self._between(since, since + self.window)

    def offices_at(self, opening: str) -> list[Opening]:
        """What each office has at the start that an opening's id names. Raises UnknownOpening."""
        start = OpeningId.decode(opening).starts_at
        # A day more at both ends: whatever the zone.
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
