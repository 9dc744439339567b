"""Why no single appointment can start on a date. Loads rows once for all offices, then asks the pure core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from scheduling.availability.explain import obstacles as core
from scheduling.availability.explain.obstacles import Why
from scheduling.availability.explain.single import obstacles
from scheduling.availability.explain.single_changes import NEAR_DAYS, Kind, changes
from scheduling.availability.explain.single_changes import Change as CoreChange
from scheduling.availability.single.criteria import Criteria
from scheduling.availability.single.openings import openings
from scheduling.availability.snapshot import Mode
from scheduling.availability.timegrid.walltime import day_start
from scheduling.formats import clock, length, listed, short_day
from scheduling.queries.loading.snapshot import Loaded, Scope, load
from scheduling.queries.openings.criteria import single_criteria
from scheduling.queries.openings.listing import describe_openings
from scheduling.queries.openings.opening import Opening
from scheduling.queries.why_not.answer import Ask, Change, Obstacle, WhyNot
from scheduling.queries.why_not.commitments import commitments
from scheduling.queries.why_not.names import Names
from scheduling.queries.why_not.sentences import reason, sentence

DAY, AROUND = timedelta(days=1), timedelta(days=NEAR_DAYS)
# How many clinicians who do not work that day are named.
MOST_NAMES = 3
MODES = {"office": "in the office", "online": "online", "phone": "by phone"}


def single(ask: Ask) -> WhyNot:
    """The openings on the date asked for; without any, the obstacles and changes."""
    loaded = load(_scope(ask), now=ask.now)
    anybody = single_criteria(
        ask.service,
        loaded,
        first=ask.day,
        until=ask.day + DAY,
        now=ask.now,
        party=ask.party,
        waive_notice=ask.waive_notice,
    )
    criteria = _narrowed(ask, anybody)
    found = openings(loaded.snapshot, criteria) if criteria.modes else []
    if found:
        return WhyNot(date=ask.day, location=ask.location, openings=describe_openings(found, ask.service, loaded))
    in_the_way = obstacles(loaded.snapshot, criteria, ask.location.pk)
    by = _names(ask, loaded, criteria, in_the_way)
    found_changes = (
        changes(loaded.snapshot, criteria, anybody, ask.location.pk, ask.now)
        if ask.location.pk in loaded.locations
        else []
    )
    return WhyNot(
        date=ask.day,
        location=ask.location,
        obstacles=[*_obstacles(by, in_the_way)],
        changes=[_change(by, one) for one in found_changes],
    )


def _scope(ask: Ask) -> Scope:
    return Scope(
        service=ask.service,
        first=ask.day - AROUND,
        until=ask.day + DAY + AROUND,
        client_ids=ask.party.client_ids,
        apart=ask.party.apart,
    )


def _narrowed(ask: Ask, anybody: Criteria) -> Criteria:
    return replace(
        anybody,
        location_ids=frozenset({ask.location.pk}),
        clinician_ids=None if ask.clinician is None else frozenset({ask.clinician.pk}),
        modes=frozenset(mode for mode in anybody.modes if ask.mode in (None, mode.value)),
    )


def _names(ask: Ask, loaded: Loaded, criteria: Criteria, in_the_way: Sequence[core.Obstacle]) -> Names:
    zone = ask.location.tzinfo
    if ask.clinician is not None:
        loaded = replace(loaded, clinicians={**loaded.clinicians, ask.clinician.pk: ask.clinician})
    busy = {one.clinician_id for one in in_the_way if one.why is Why.BUSY and one.clinician_id is not None}
    return Names(
        service=ask.service,
        location=ask.location,
        day=ask.day,
        loaded=loaded,
        now=ask.now,
        is_known=bool(ask.party.client_ids),
        commitments=commitments(busy, day_start(ask.day, zone), day_start(ask.day + DAY, zone), now=ask.now),
        people={None: criteria.people if Mode.OFFICE in criteria.modes else 1},
    )


def _obstacles(by: Names, in_the_way: Sequence[core.Obstacle]) -> list[Obstacle]:
    absent = [one for one in in_the_way if one.why is Why.NOT_WORKING]
    if len(absent) <= MOST_NAMES:
        return [_obstacle(by, one) for one in in_the_way]
    names = [by.name(one.clinician_id) for one in absent]
    shown = [*names[:MOST_NAMES], f"{len(names) - MOST_NAMES} more"]
    words = f"{listed(shown)} do not work in {by.location.name} on {short_day(by.day)}."
    others = [_obstacle(by, one) for one in in_the_way if one.why is not Why.NOT_WORKING]
    return [*others, Obstacle(reason=Why.NOT_WORKING.value, words=words)]


def _obstacle(by: Names, one: core.Obstacle) -> Obstacle:
    if one.why in (Why.BUSY, Why.NOT_WORKING):
        # It holds for the whole date, so the span of the nearest start would say too little.
        one = one._replace(span=None)
    return Obstacle(
        reason=reason(by, one),
        words=sentence(by, one),
        starts_at=one.span.start if one.span else None,
        ends_at=one.span.end if one.span else None,
        clinician=by.loaded.clinicians.get(one.clinician_id or 0),
        room=by.loaded.rooms.get(one.room_id or 0),
    )


def _change(by: Names, one: CoreChange) -> Change:
    (opening,) = describe_openings([one.opening], by.service, by.loaded)
    words = _exception_words(by, one, opening) if one.waived else _words(one.kind, opening)
    return Change(kind=one.kind.value, words=words, opening=None if one.waived else opening)


def _words(kind: Kind, opening: Opening) -> str:
    (clinician,) = opening.clinicians
    local = opening.starts_at.astimezone(opening.location.tzinfo)
    at = clock(local)
    if kind is Kind.ANOTHER_OFFICE:
        return f"{clinician} is free at {at} in {opening.location}."
    if kind is Kind.ANOTHER_MODE:
        return f"{clinician} is free at {at} {MODES[opening.mode]}."
    if kind is Kind.ANOTHER_TIME:
        return f"{clinician} is free at {at} on {short_day(local.date())}."
    return f"{clinician} is free at {at}."


def _exception_words(by: Names, one: CoreChange, opening: Opening) -> str:
    (clinician,) = opening.clinicians
    limit = {
        Why.NOTICE: f"the notice of {length(by.service.notice_minutes)}",
        Why.HORIZON: f"the horizon of {by.service.horizon_days} days",
        Why.DAILY_LIMIT: f"{clinician}'s limit of {length(clinician.daily_minutes_cap or 0)} a day",
        Why.WEEKLY_LIMIT: f"{clinician}'s limit of {length(clinician.weekly_minutes_cap or 0)} a week",
        Why.INTENSIVE_LIMIT: f"{clinician}'s daily limit for intensives",
        Why.BREAK: f"{clinician}'s break",
    }
    at = clock(opening.starts_at.astimezone(by.location.tzinfo))
    return f"An approved exception to {limit[one.waived or Why.NOTICE]} opens {at}."
