"""Why a start cannot be had, as a code; the words for people are chosen elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from scheduling.availability.rules.starts import Shape, clinician_starts
from scheduling.availability.single.candidates import seats
from scheduling.availability.single.criteria import Wish
from scheduling.availability.snapshot import Mode, Picture
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


def reason_against(picture: Picture, wish: Wish, start: datetime, location_id: int, mode: Mode) -> Reason:
    """The first rule of `wish` that a start breaks; TAKEN if every rule holds but nobody is free."""
    if mode not in wish.modes or not wish.wants_location(location_id) or location_id not in picture.locations:
        return Reason.NOT_OFFERED
    if start < wish.earliest:
        return Reason.TOO_SOON
    if start >= wish.latest:
        return Reason.TOO_FAR
    window, zone, cell = picture.window, picture.zone(location_id), picture.window.cell(start)
    if cell is None or not step_mask(window, zone, wish.step) >> cell & 1:
        return Reason.OFF_STEP
    if not dates_mask(window, zone, wish.first, wish.until) >> cell & 1:
        return Reason.OUTSIDE_DATES
    return Reason.TAKEN if _worked(picture, wish, location_id, mode) >> cell & 1 else Reason.OUTSIDE_HOURS


def _worked(picture: Picture, wish: Wish, location_id: int, mode: Mode) -> int:
    # The starts there would be if nobody had anything else to do.
    mask = 0
    for clinician in picture.clinicians.values():
        if wish.wants_clinician(clinician):
            idle = replace(clinician, busy=0, located={})
            for seat_id in seats(clinician, location_id):
                if seat_id is not None or mode is not Mode.OFFICE:
                    mask |= clinician_starts(picture, idle, seat_id, Shape(wish.shape.length), wish.licensed)
    return mask
