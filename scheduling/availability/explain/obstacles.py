"""What can stand in the way of a date, and the picture with only some of the rules in force."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from scheduling.availability.snapshot import Clinician, Room, Snapshot
from scheduling.availability.timegrid.grid import Span


class Why(StrEnum):
    """One rule that keeps a start from being had; the words for people are chosen elsewhere."""

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
    # The clients, and who comes from outside.
    CLIENT_BUSY = "client_busy"
    KEPT_APART = "kept_apart"
    EXTERNAL_AWAY = "external_away"
    EXTERNAL_BUSY = "external_busy"


class Obstacle(NamedTuple):
    """One thing in the way. `span`: of the visit or block that is blocked, UTC; None for the whole date.

    `clinician_id`, `room_id`: whom or what it is about; of rooms the one that comes nearest. ROOM_TAKEN: so is every
    other that would do; ROOM_NOT_KEPT: another is free, but one room is kept throughout. `other_id`: by reason the
    client (CLIENT_BUSY, KEPT_APART), the person from outside (EXTERNAL_*) or the other office (TRAVEL). `role_id`: the
    program's role to be filled.
    """

    why: Why
    span: Span | None = None
    block_id: int | None = None
    clinician_id: int | None = None
    room_id: int | None = None
    other_id: int | None = None
    role_id: int | None = None


# A limit that the practice may waive once; a license, a double booking, the road and keeping apart are none.
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

# Rule -> the fields of a clinician that state it, with the value of each that states nothing.
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
# Nobody asks for more of a room than this one has.
_EVERY_ROOM = 1_000_000


def in_force(snapshot: Snapshot, rules: Collection[Why], features: frozenset[str] = frozenset()) -> Snapshot:
    """`snapshot` with only `rules` (of RULES) in force; those of a wish or a program are not in a picture.

    Without NOT_WORKING everybody works always at each place where they ever do. Without ROOM_TAKEN each place has one
    room that is always free, holds everybody and has `features`.
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


def _clinician(one: Clinician, rules: Collection[Why], full: int) -> Clinician:
    gone: dict[str, Any] = {}
    for rule, fields in _OF_CLINICIANS.items():
        if rule not in rules:
            gone |= fields
    if Why.NOT_WORKING not in rules:
        gone["hours"] = {place: full for place, cells in one.hours.items() if cells}
    return replace(one, **gone)
