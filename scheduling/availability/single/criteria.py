"""Criteria for a single appointment: the rules of the service and what the client asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from scheduling.availability.rules.starts import Shape
from scheduling.availability.snapshot import Clinician, Mode


@dataclass(frozen=True, slots=True)
class Criteria:
    """The criteria for one appointment of one service.

    `length`, `buffer_before`, `buffer_after`: minutes. `step`: minutes; starts are multiples of it since local
    midnight. `first`, `until`: local dates of the location, `until` exclusive. `earliest`, `latest`: UTC instants from
    minimum notice and horizon; a start s has `earliest` <= s < `latest` (see `notice`).
    `people`: how many are in the room, clinicians included; `leads`: how many of them are clinicians. `features`: what
    the room must have. `location_ids`, `clinician_ids`: None for any.
    `excluded_ids`: clinicians who are never offered (keep apart, or the linked partner's own). `client_ids`: the known
    clients who attend. `last_room_id`: the room of the client's last visit. `licensed`: the service needs a license.
    """

    service_id: int
    length: int
    step: int
    first: date
    until: date
    earliest: datetime
    latest: datetime
    buffer_before: int = 0
    buffer_after: int = 0
    modes: frozenset[Mode] = frozenset({Mode.OFFICE})
    people: int = 2
    leads: int = 1
    features: frozenset[str] = frozenset()
    location_ids: frozenset[int] | None = None
    clinician_ids: frozenset[int] | None = None
    excluded_ids: frozenset[int] = frozenset()
    client_ids: tuple[int, ...] = field(default=())
    last_room_id: int | None = None
    licensed: bool = True

    @property
    def shape(self) -> Shape:
        """The length and the buffers, in cells."""
        return Shape.of_minutes(self.length, self.buffer_before, self.buffer_after)

    def wants_location(self, location_id: int) -> bool:
        """True if the location is among those asked for."""
        return self.location_ids is None or location_id in self.location_ids

    def wants_clinician(self, clinician: Clinician) -> bool:
        """True if the clinician gives the service, is not excluded and is among those asked for."""
        if self.service_id not in clinician.services or clinician.id in self.excluded_ids:
            return False
        return self.clinician_ids is None or clinician.id in self.clinician_ids


def notice(now: datetime, at_least: timedelta, at_most: timedelta) -> tuple[datetime, datetime]:
    """`earliest` and `latest` for a request made at `now`, in elapsed time: a clock change shifts neither (F37)."""
    return now + at_least, now + at_most
