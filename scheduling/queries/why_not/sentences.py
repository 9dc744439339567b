"""One sentence for staff for each rule that keeps a date from opening."""

from __future__ import annotations

from collections.abc import Callable

from scheduling.availability.explain.obstacles import Obstacle, Why
from scheduling.formats import length, listed, short_day
from scheduling.queries.why_not.commitments import APPOINTMENT, AWAY, IMPORTED, WORDS, Commitment
from scheduling.queries.why_not.names import Names

# How many commitments of a clinician one sentence lists.
MOST_COMMITMENTS = 4
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def sentence(by: Names, one: Obstacle) -> str:
    """The sentence for one obstacle."""
    return SENTENCES[one.why](by, one)


def reason(by: Names, one: Obstacle) -> str:
    """The stable code: that of the pure core, but “away” if the clinician is busy with time off only."""
    doing = by.doing(one.clinician_id, one.span) if one.why is Why.BUSY else []
    return AWAY if doing and all(it.kind == AWAY for it in doing) else one.why.value


def _not_offered(by: Names, one: Obstacle) -> str:
    if one.clinician_id is not None:
        return f"{by.name(one.clinician_id)} does not offer {by.service.name}."
    return f"{by.service.name} is not offered in {by.location.name} in this way."


def _nobody(by: Names, one: Obstacle) -> str:
    if one.role_id is None:
        return f"No eligible clinician offers {by.service.name}."
    return f"No eligible clinician has the role {by.roles.get(one.role_id, '')}."


def _excluded(by: Names, one: Obstacle) -> str:
    # Why a clinician is not offered to this client (keep apart, a partner) is not shown to anyone.
    row = by.loaded.clinicians.get(one.clinician_id or 0)
    if row is not None and not row.takes_new_clients and not by.is_known:
        return f"{row.name} is not taking new clients."
    return f"{by.name(one.clinician_id)} cannot be offered here."


def _weekday(by: Names, one: Obstacle) -> str:
    days = sorted(by.service.program.start_weekdays)
    return f"{by.service.name} starts on {listed([WEEKDAYS[day] for day in days])} only."


def _clock_change(by: Names, one: Obstacle) -> str:
    return f"{_block(by, one)} falls in an hour that the clock change skips or repeats."


def _order(by: Names, one: Obstacle) -> str:
    return "Two of the blocks would be too close together on these days."


def _notice(by: Names, one: Obstacle) -> str:
    if one.span is not None and one.span.start < by.now:
        return f"{short_day(by.day_of(one.span))}, {by.hours(one.span.start, one.span.end)}, is in the past."
    if one.span is None and by.day < by.now.astimezone(by.location.tzinfo).date():
        return f"{short_day(by.day)} is in the past."
    return f"{by.service.name} must be booked at least {length(by.service.notice_minutes)} ahead."


def _horizon(by: Names, one: Obstacle) -> str:
    return f"{by.service.name} can be booked at most {by.service.horizon_days} days ahead."


def _closed(by: Names, one: Obstacle) -> str:
    return f"{by.location.name} is closed on {short_day(by.day_of(one.span))}."


def _outside_hours(by: Names, one: Obstacle) -> str:
    if one.span is None:
        return f"{by.location.name} is not open long enough {by.when(None)}."
    return f"{by.location.name} is not open {by.when(one.span)}."


def _no_room(by: Names, one: Obstacle) -> str:
    if one.block_id is None or not by.loaded.rooms:
        return f"{by.location.name} has no room."
    return f"{by.location.name} has too few rooms for the blocks that run at the same time {by.when(one.span)}."


def _room_too_small(by: Names, one: Obstacle) -> str:
    return f"No room in {by.location.name} holds {by.people.get(one.block_id)}."


def _room_lacks(by: Names, one: Obstacle) -> str:
    features = listed(sorted(by.service.room_features))
    return f"No room in {by.location.name} {_holding(by, one)}has what is needed: {features}."


def _room_taken(by: Names, one: Obstacle) -> str:
    return f"Every room in {by.location.name} {_holding(by, one)}is taken {by.when(one.span)}."


def _room_not_kept(by: Names, one: Obstacle) -> str:
    room = by.loaded.rooms[one.room_id or 0]
    return f"{room.name} is taken {by.when(one.span)}, and no room is free for all of these blocks."


def _not_working(by: Names, one: Obstacle) -> str:
    if one.clinician_id is None:
        return f"Nobody with the role {by.roles.get(one.role_id or 0, '')} works in {by.location.name}."
    when = by.when(one.span) if one.block_id is not None else f"on {short_day(by.day_of(one.span))}"
    return f"{by.name(one.clinician_id)} does not work in {by.location.name} {when}."


def _license(by: Names, one: Obstacle) -> str:
    day = short_day(by.day_of(one.span))
    return f"{by.name(one.clinician_id)} has no license that is valid for {by.location.name} on {day}."


def _busy(by: Names, one: Obstacle) -> str:
    name, doing = by.name(one.clinician_id), by.doing(one.clinician_id, one.span)
    if not doing:
        return f"{name} is busy {by.when(one.span)}."
    day = by.day_of(one.span)
    if len(doing) == 1:
        return f"{name} {_is(doing[0])} on {short_day(day)}, {by.hours_on(day, doing[0].starts_at, doing[0].ends_at)}."
    parts = [f"{WORDS[it.kind]} {by.hours_on(day, it.starts_at, it.ends_at)}" for it in doing[:MOST_COMMITMENTS]]
    parts += ["more"] if len(doing) > MOST_COMMITMENTS else []
    return f"{name} is busy on {short_day(day)}: {listed(parts)}."


def _is(one: Commitment) -> str:
    special = {
        APPOINTMENT: "leads another appointment",
        AWAY: "has time off",
        IMPORTED: "is busy in their own calendar",
    }
    return special.get(one.kind) or f"has {WORDS[one.kind]}"


def _travel(by: Names, one: Obstacle) -> str:
    office = by.office(one.other_id)
    return f"{by.name(one.clinician_id)} is traveling to or from {office} {by.when(one.span)}."


def _break(by: Names, one: Obstacle) -> str:
    return f"{by.name(one.clinician_id)} would have no break left on {short_day(by.day_of(one.span))}."


def _rest(by: Names, one: Obstacle) -> str:
    return f"{by.name(one.clinician_id)} needs rest between intensives on {short_day(by.day_of(one.span))}."


def _daily(by: Names, one: Obstacle) -> str:
    row = by.loaded.clinicians[one.clinician_id or 0]
    return _more_than(by, one, row.daily_minutes_cap, f"on {short_day(by.day_of(one.span))}")


def _weekly(by: Names, one: Obstacle) -> str:
    return _more_than(by, one, by.loaded.clinicians[one.clinician_id or 0].weekly_minutes_cap, "in that week")


def _intensive(by: Names, one: Obstacle) -> str:
    row = by.loaded.clinicians[one.clinician_id or 0]
    return _more_than(by, one, row.intensive_minutes_cap, f"of intensives on {short_day(by.day_of(one.span))}")


def _program_daily(by: Names, one: Obstacle) -> str:
    most = by.service.program.max_minutes_per_day
    return _more_than(by, one, most, f"of intensives on {short_day(by.day_of(one.span))}")


def _program_in_all(by: Names, one: Obstacle) -> str:
    return _more_than(by, one, by.service.program.max_minutes_in_all, f"of {by.service.name}")


def _more_than(by: Names, one: Obstacle, minutes: int | None, where: str) -> str:
    return f"{by.name(one.clinician_id)} would lead more than {length(minutes or 0)} {where}."


def _two_clinicians(by: Names, one: Obstacle) -> str:
    role = by.roles.get(one.role_id or 0, "")
    return f"No {role} is left for {_block(by, one)}. One clinician cannot see both partners alone."


def _team(by: Names, one: Obstacle) -> str:
    if one.role_id is None:
        return "No team can cover all of the days."
    return f"Nobody is left as {by.roles.get(one.role_id, '')} for {_block(by, one)}: all are needed elsewhere in it."


def _client_busy(by: Names, one: Obstacle) -> str:
    return f"The client has another appointment {by.when(one.span)}."


def _kept_apart(by: Names, one: Obstacle) -> str:
    return f"The client would meet someone they are kept apart from {by.when(one.span)}."


def _external_away(by: Names, one: Obstacle) -> str:
    return f"{by.outside.get(one.other_id or 0, 'The external person')} is not available {by.when(one.span)}."


def _external_busy(by: Names, one: Obstacle) -> str:
    return f"{by.outside.get(one.other_id or 0, 'The external person')} is needed elsewhere {by.when(one.span)}."


def _block(by: Names, one: Obstacle) -> str:
    return f"“{by.blocks.get(one.block_id or 0, '')}”"


def _holding(by: Names, one: Obstacle) -> str:
    people = by.people.get(one.block_id, 1)
    return f"that holds {people} " if people > 1 else ""


SENTENCES: dict[Why, Callable[[Names, Obstacle], str]] = {
    Why.NOT_OFFERED: _not_offered,
    Why.NOBODY: _nobody,
    Why.EXCLUDED: _excluded,
    Why.WEEKDAY: _weekday,
    Why.CLOCK_CHANGE: _clock_change,
    Why.ORDER: _order,
    Why.NOTICE: _notice,
    Why.HORIZON: _horizon,
    Why.CLOSED: _closed,
    Why.OUTSIDE_HOURS: _outside_hours,
    Why.NO_ROOM: _no_room,
    Why.ROOM_TOO_SMALL: _room_too_small,
    Why.ROOM_LACKS: _room_lacks,
    Why.ROOM_TAKEN: _room_taken,
    Why.ROOM_NOT_KEPT: _room_not_kept,
    Why.NOT_WORKING: _not_working,
    Why.LICENSE: _license,
    Why.BUSY: _busy,
    Why.TRAVEL: _travel,
    Why.BREAK: _break,
    Why.REST: _rest,
    Why.DAILY_LIMIT: _daily,
    Why.WEEKLY_LIMIT: _weekly,
    Why.INTENSIVE_LIMIT: _intensive,
    Why.PROGRAM_DAILY_LIMIT: _program_daily,
    Why.PROGRAM_LIMIT: _program_in_all,
    Why.TWO_CLINICIANS: _two_clinicians,
    Why.TEAM: _team,
    Why.CLIENT_BUSY: _client_busy,
    Why.KEPT_APART: _kept_apart,
    Why.EXTERNAL_AWAY: _external_away,
    Why.EXTERNAL_BUSY: _external_busy,
}
