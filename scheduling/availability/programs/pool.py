"""Pools: the clinicians who can come to a location, with their starts.

Locations to which everyone can come at the same times share one pool, so that their teams are searched only once.
"""

from __future__ import annotations

from scheduling.availability.programs.layout import Layout
from scheduling.availability.programs.prefilter import StartsByLength
from scheduling.availability.programs.problem import Problem, StartDates
from scheduling.availability.programs.staffing import Staffing
from scheduling.availability.rules.rest import resting
from scheduling.availability.rules.starts import clinician_starts


class Pool:
    """`starts`: clinician id -> starts by length of block, for clinicians with hours at the location."""

    def __init__(self, problem: Problem, location_id: int) -> None:
        self.problem, self.location_id = problem, location_id
        self.starts = {
            person: self._starts(person, location_id)
            for person in problem.able
            if problem.snapshot.clinicians[person].hours.get(location_id)
        }
        self._staffings: dict[Layout, Staffing] = {}

    def staffing(self, dates: StartDates) -> Staffing:
        """The staffing of these start dates, cached by layout."""
        known = self._staffings.get(dates.layout)
        if known is None:
            known = self._staffings[dates.layout] = Staffing(self.problem, self.location_id, self.starts, dates)
        return known

    def _starts(self, person: int, location_id: int) -> StartsByLength:
        snapshot, program = self.problem.snapshot, self.problem.program
        clinician = snapshot.clinicians[person]
        rested = ~resting(snapshot, clinician, location_id, program.rest_days)
        return {
            length: clinician_starts(snapshot, clinician, location_id, shape, program.licensed) & rested
            for length, shape in self.problem.shapes.items()
        }


class Pools:
    """The pools of a problem, one for each group of locations to which its clinicians can come at the same times."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._known: list[tuple[object, Pool]] = []  # a list, because hashing long masks costs more than comparing them

    def at(self, location_id: int) -> Pool:
        """The pool of clinicians for the location."""
        key = _access_key(self._problem, location_id)
        for other, pool in self._known:
            if other == key:
                return pool
        pool = Pool(self._problem, location_id)
        self._known.append((key, pool))
        return pool


def _access_key(problem: Problem, location_id: int) -> object:
    """A key that is equal for locations to which every able clinician can come at the same times."""
    snapshot, licensed = problem.snapshot, problem.program.licensed
    access = []
    for person in problem.able:
        clinician = snapshot.clinicians[person]
        licenses = clinician.licensed_at(location_id) if licensed else -1
        access.append((person, clinician.hours.get(location_id), licenses, location_id if clinician.located else None))
    return snapshot.zone(location_id), snapshot.locations[location_id].open, access
