"""The clinicians of a case at one location, or at several to which all of them can come at the same times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduling.availability.programs.prefilter import StartsByLength
from scheduling.availability.programs.staffing import Casting
from scheduling.availability.rules.rest import resting
from scheduling.availability.rules.starts import clinician_starts

if TYPE_CHECKING:
    from scheduling.availability.programs.layout import Layout
    from scheduling.availability.programs.problem import Case, StartDates


class Crew:
    """`starts`: clinician id -> starts, of those who can come at all."""

    def __init__(self, case: Case, location_id: int) -> None:
        self.case, self.location_id = case, location_id
        self.starts = {
            one: self._starts(one, location_id)
            for one in case.able
            if case.picture.clinicians[one].hours.get(location_id)
        }
        self._castings: dict[Layout, Casting] = {}

    def casting(self, dates: StartDates) -> Casting:
        """Who takes the positions on these dates."""
        known = self._castings.get(dates.layout)
        if known is None:
            known = self._castings[dates.layout] = Casting(self.case, self.location_id, self.starts, dates)
        return known

    def _starts(self, one: int, location_id: int) -> StartsByLength:
        picture, program = self.case.picture, self.case.program
        clinician = picture.clinicians[one]
        awake = ~resting(picture, clinician, location_id, program.rest_days)
        return {
            length: clinician_starts(picture, clinician, location_id, shape, program.licensed) & awake
            for length, shape in self.case.shapes.items()
        }


def alike(case: Case, location_id: int) -> object:
    """Equal for locations to which everybody who is able can come at the same times."""
    picture, licensed = case.picture, case.program.licensed
    people = []
    for one in case.able:
        clinician = picture.clinicians[one]
        licenses = clinician.licensed_at(location_id) if licensed else -1
        people.append((one, clinician.hours.get(location_id), licenses, location_id if clinician.located else None))
    return picture.zone(location_id), picture.locations[location_id].open, people
