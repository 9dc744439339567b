"""Codes for why a start cannot be booked. The words for people are chosen in the queries and pages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a start is refused. A decision gives the first reason that holds, which need not be the only one."""

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
    """The answer of a decision: this start cannot be booked."""

    reason: Reason
