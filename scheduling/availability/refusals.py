"""Why a start cannot be had, as a code; the words for people are chosen elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from scheduling.availability.rules.starts import Shape, clinician_starts
from scheduling.availability.single.candidates import seats
from scheduling.availability.single.criteria import Criteria
from scheduling.availability.snapshot import Mode, Snapshot
from scheduling.availability.timegrid.masks import dates_mask, step_mask


class Reason(StrEnum):
    """Why a start is refused. The first that holds is given."""

    NOT_OFFERED = "not offered"
    OFF_STEP = "off the step"
    TOO_SOON = "too soon"
    TOO_FAR = "too far ahead"
    OUTSIDE_DATES = "outside the dates"
    OUTSIDE_HOURS = "outside the hours"
    CLOSED_TO_NEW = "closed to new people"
    FULL = "full"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A start that cannot be had."""

    reason: Reason


def reason_against(snapshot: Snapshot, criteria: Criteria, start: datetime, location_id: int, mode: Mode) -> Reason:
    """The first rule of `criteria` that a start breaks; TAKEN if every rule holds but nobody is free."""
    if mode not in criteria.modes or not criteria.wants_location(location_id) or location_id not in snapshot.locations:
        return Reason.NOT_OFFERED
    if start < criteria.earliest:
        return Reason.TOO_SOON
    if start >= criteria.latest:
        return Reason.TOO_FAR
    window, zone, cell = snapshot.window, snapshot.zone(location_id), snapshot.window.cell(start)
    if cell is None or not step_mask(window, zone, criteria.step) >> cell & 1:
        return Reason.OFF_STEP
    if not dates_mask(window, zone, criteria.first, criteria.until) >> cell & 1:
        return Reason.OUTSIDE_DATES
    return Reason.TAKEN if _worked(snapshot, criteria, location_id, mode) >> cell & 1 else Reason.OUTSIDE_HOURS


def _worked(snapshot: Snapshot, criteria: Criteria, location_id: int, mode: Mode) -> int:
    # The starts there would be if nobody had anything else to do.
    mask = 0
    for clinician in snapshot.clinicians.values():
        if criteria.wants_clinician(clinician):
            idle = replace(clinician, busy=0, located={})
            for seat_id in seats(clinician, location_id):
                if seat_id is not None or mode is not Mode.OFFICE:
                    mask |= clinician_starts(snapshot, idle, seat_id, Shape(criteria.shape.length), criteria.licensed)
    return mask
