"""Why a start cannot be had, as a code; the words for people are chosen elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
