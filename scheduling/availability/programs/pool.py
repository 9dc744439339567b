"""The clinicians of a case at one location, or at several to which all of them can come at the same times."""

from __future__ import annotations

from scheduling.availability.programs.layout import Layout
from scheduling.availability.programs.prefilter import StartsByLength
from scheduling.availability.programs.problem import Problem, StartDates
from scheduling.availability.programs.staffing import Staffing
from scheduling.availability.rules.rest import resting
from scheduling.availability.rules.starts import clinician_starts


class Pool:
    """`starts`: clinician id -> starts, of those who can come at all."""

    def __init__(self, problem: Problem, location_id: int) -> None:
        self.problem, self.location_id = problem, location_id
        self.starts = {
            one: self._starts(one, location_id)
            for one in problem.able
            if problem.snapshot.clinicians[one].hours.get(location_id)
        }
        self._staffings: dict[Layout, Staffing] = {}

    def staffing(self, dates: StartDates) -> Staffing:
        """Who takes the positions on these dates."""
        known = self._staffings.get(dates.layout)
        if known is None:
            known = self._staffings[dates.layout] = Staffing(self.problem, self.location_id, self.starts, dates)
        return known

    def _starts(self, one: int, location_id: int) -> StartsByLength:
        snapshot, program = self.problem.snapshot, self.problem.program
        clinician = snapshot.clinicians[one]
        rested = ~resting(snapshot, clinician, location_id, program.rest_days)
        return {
            length: clinician_starts(snapshot, clinician, location_id, shape, program.licensed) & rested
            for length, shape in self.problem.shapes.items()
        }


class Pools:
    """The pools of a problem: one for all locations to which its people can come at the same times."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._known: list[tuple[object, Pool]] = []  # hashing the masks of a key costs more than comparing keys

    def at(self, location_id: int) -> Pool:
        """Who can come to the location."""
        key = _access_key(self._problem, location_id)
        for other, pool in self._known:
            if other == key:
                return pool
        pool = Pool(self._problem, location_id)
        self._known.append((key, pool))
        return pool


def _access_key(problem: Problem, location_id: int) -> object:
    """Equal for locations to which everybody who is able can come at the same times."""
    snapshot, licensed = problem.snapshot, problem.program.licensed
    people = []
    for one in problem.able:
        clinician = snapshot.clinicians[one]
        licenses = clinician.licensed_at(location_id) if licensed else -1
        people.append((one, clinician.hours.get(location_id), licenses, location_id if clinician.located else None))
    return snapshot.zone(location_id), snapshot.locations[location_id].open, people
