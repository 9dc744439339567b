"""Obstacles: what keeps a date from being booked. Also snapshots with only some of the rules in force."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from scheduling.availability.snapshot import Clinician, Room, Snapshot
from scheduling.availability.timegrid.grid import Span


class Why(StrEnum):
    """A rule that rules out a start. The words for people are chosen in `queries.why_not`."""

    NOT_OFFERED = "not_offered"
    NOBODY = "nobody"
    EXCLUDED = "excluded"
    # The calendar.
    WEEKDAY = "weekday"
    CLOCK_CHANGE = "clock_change"
    ORDER = "order"
    NOTICE = "notice"
    HORIZON = "horizon"
    # The place.
    CLOSED = "closed"
    OUTSIDE_HOURS = "outside_hours"
    NO_ROOM = "no_room"
    ROOM_TOO_SMALL = "room_too_small"
    ROOM_LACKS = "room_lacks"
    ROOM_TAKEN = "room_taken"
    ROOM_NOT_KEPT = "room_not_kept"
    # Clinicians.
    NOT_WORKING = "not_working"
    LICENSE = "license"
    BUSY = "busy"
    TRAVEL = "travel"
    BREAK = "break"
    REST = "rest"
    DAILY_LIMIT = "daily_limit"
    WEEKLY_LIMIT = "weekly_limit"
    INTENSIVE_LIMIT = "intensive_limit"
    PROGRAM_DAILY_LIMIT = "program_daily_limit"
    PROGRAM_LIMIT = "program_limit"
    TWO_CLINICIANS = "two_clinicians"
    TEAM = "team"
    # Clients and external persons.
    CLIENT_BUSY = "client_busy"
    KEPT_APART = "kept_apart"
    EXTERNAL_AWAY = "external_away"
    EXTERNAL_BUSY = "external_busy"


class Obstacle(NamedTuple):
    """One rule that stands in the way, and for whom.

    `span`: the UTC span of the blocked visit or block; None for the whole date. `clinician_id`, `room_id`: the one it
    concerns; the room is the one that comes nearest. ROOM_TAKEN: every other suitable room is taken too. ROOM_NOT_KEPT:
    another room is free, but one room must be kept throughout. `other_id`: depending on `why`, the client (CLIENT_BUSY,
    KEPT_APART), the external person (EXTERNAL_*) or the other office (TRAVEL). `role_id`: the role to be filled.
    """

    why: Why
    span: Span | None = None
    block_id: int | None = None
    clinician_id: int | None = None
    room_id: int | None = None
    other_id: int | None = None
    role_id: int | None = None


# Limits that the practice may waive once. A license, a double booking, travel and keeping apart are never waived.
WAIVABLE = (
    Why.NOTICE,
    Why.HORIZON,
    Why.DAILY_LIMIT,
    Why.WEEKLY_LIMIT,
    Why.INTENSIVE_LIMIT,
    Why.PROGRAM_DAILY_LIMIT,
    Why.PROGRAM_LIMIT,
    Why.REST,
    Why.BREAK,
)

# Rule -> the fields of a clinician that hold it, each with the value that puts it out of force.
_OF_CLINICIANS: dict[Why, dict[str, Any]] = {
    Why.BUSY: {"busy": 0},
    Why.TRAVEL: {"located": {}},
    Why.BREAK: {"breaks": ()},
    Why.REST: {"rests": {}},
    Why.DAILY_LIMIT: {"daily_limit": None},
    Why.WEEKLY_LIMIT: {"weekly_limit": None},
    Why.INTENSIVE_LIMIT: {"intensive_daily_limit": None},
}
RULES = frozenset(_OF_CLINICIANS) | {Why.CLOSED, Why.NOT_WORKING, Why.CLIENT_BUSY, Why.KEPT_APART, Why.ROOM_TAKEN}
# A capacity that no group of people exceeds.
_EVERY_ROOM = 1_000_000


def in_force(snapshot: Snapshot, rules: Collection[Why], features: frozenset[str] = frozenset()) -> Snapshot:
    """`snapshot` with only `rules` (a subset of RULES) in force. Rules of criteria or programs are not in a snapshot.

    Without NOT_WORKING, clinicians always work at each place where they have any hours. Without ROOM_TAKEN, each
    location has one room that is always free, holds everyone and has `features`.
    """
    full = snapshot.window.full
    locations, rooms = snapshot.locations, snapshot.rooms
    if Why.CLOSED not in rules:
        locations = {pk: replace(one, open=full) for pk, one in locations.items()}
    if Why.ROOM_TAKEN not in rules:
        rooms = {-pk: Room(-pk, pk, _EVERY_ROOM, features=features) for pk in locations}
    return replace(
        snapshot,
        locations=locations,
        rooms=rooms,
        clinicians={pk: _clinician(one, rules, full) for pk, one in snapshot.clinicians.items()},
        client_busy=snapshot.client_busy if Why.CLIENT_BUSY in rules else {},
        apart=snapshot.apart if Why.KEPT_APART in rules else {},
    )


def _clinician(clinician: Clinician, rules: Collection[Why], full: int) -> Clinician:
    changed_fields: dict[str, Any] = {}
    for rule, fields in _OF_CLINICIANS.items():
        if rule not in rules:
            changed_fields |= fields
    if Why.NOT_WORKING not in rules:
        changed_fields["hours"] = {place: full for place, cells in clinician.hours.items() if cells}
    return replace(clinician, **changed_fields)
