"""Names and times for the sentences that staff read: wall time of the location, and no name of another client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from scheduling.availability.timegrid.grid import Span
from scheduling.availability.timegrid.walltime import day_start, local_date
from scheduling.formats import clock, short_day
from scheduling.models import Location, Service
from scheduling.queries.loading.snapshot import Loaded
from scheduling.queries.why_not.commitments import Commitment


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names by id, and the context of one question.

    `day`: the local date of `location` asked about. `is_known`: True if known clients attend. `roles`, `outside`
    (external persons), `blocks`: id -> name. `people`: block id (None: the single appointment) -> how many people its
    room must hold.
    """

    service: Service
    location: Location
    day: date
    loaded: Loaded
    now: datetime
    is_known: bool = False
    commitments: Sequence[Commitment] = ()
    roles: Mapping[int, str] = field(default_factory=dict)
    outside: Mapping[int, str] = field(default_factory=dict)
    blocks: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int | None, int] = field(default_factory=dict)

    def name(self, clinician_id: int | None) -> str:
        """The name of a clinician."""
        row = None if clinician_id is None else self.loaded.clinicians.get(clinician_id)
        return row.name if row else "This clinician"

    def office(self, location_id: int | None) -> str:
        """The name of an office. Offices without the service are not loaded, so they have no name here."""
        row = None if location_id is None else self.loaded.locations.get(location_id)
        return row.name if row else "another office"

    def when(self, span: Span | None) -> str:
        """“on Wed, Mar 10, 9:00 AM to 10:30 AM”; without hours if `span` is None, which means the whole date."""
        if span is None:
            return f"on {short_day(self.day)}"
        return f"on {short_day(self.day_of(span))}, {self.hours(span.start, span.end)}"

    def day_of(self, span: Span | None) -> date:
        """The local date on which `span` begins; `day` for None."""
        return self.day if span is None else local_date(span.start, self.location.tzinfo)

    def hours(self, start: datetime, end: datetime) -> str:
        """“9:00 AM to 10:30 AM”, for two UTC instants."""
        zone = self.location.tzinfo
        return f"{clock(start.astimezone(zone))} to {clock(end.astimezone(zone))}"

    def hours_on(self, day: date, start: datetime, end: datetime) -> str:
        """As `hours`, for the part that lies on the local date `day`; “all day” if it covers the whole date."""
        zone = self.location.tzinfo
        midnight, next_midnight = day_start(day, zone), day_start(day + timedelta(days=1), zone)
        if start <= midnight and next_midnight <= end:
            return "all day"
        return self.hours(max(start, midnight), min(end, next_midnight))

    def doing(self, clinician_id: int | None, span: Span | None) -> list[Commitment]:
        """The commitments that keep a clinician from a visit at `span` with its buffers; None means all of the date."""
        if span is None:
            zone = self.location.tzinfo
            around = Span(day_start(self.day, zone), day_start(self.day + timedelta(days=1), zone))
        else:
            before, after = (timedelta(minutes=n) for n in (self.service.buffer_before, self.service.buffer_after))
            around = span.widened(before, after)
        return [one for one in self.commitments if one.clinician_id == clinician_id and one.taken.overlaps(around)]
