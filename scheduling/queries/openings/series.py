"""Series and standing appointments: which dates can be booked, and alternatives for those that cannot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from scheduling.availability.refusals import Reason, Refusal
from scheduling.availability.single.criteria import Criteria
from scheduling.availability.single.openings import Opening as Found
from scheduling.availability.single.series import LONGEST, Ask, Decided, decide_all, free_starts, further
from scheduling.availability.snapshot import Mode as CoreMode
from scheduling.availability.timegrid import recurrence as dates
from scheduling.availability.timegrid.masks import monday_of
from scheduling.availability.timegrid.walltime import day_start, local_date
from scheduling.formats import short_day
from scheduling.models import Service
from scheduling.opening_id import UnknownOpening
from scheduling.queries.loading.snapshot import Scope, load
from scheduling.queries.openings.criteria import STRANGERS, Party, single_criteria
from scheduling.queries.openings.opening import UNKNOWN, Opening
from scheduling.queries.openings.refusals import WORDS

# For a date months ahead, “just taken” would be wrong: the clinician may be on vacation.
CLASHES = WORDS | {Reason.TAKEN: "This time is not free."}
MOST_WEEKS_BETWEEN = 12
MOST_ALTERNATIVES = 3
_WEEK = timedelta(days=7)


class BadSeries(Exception):
    """These dates cannot be one booking; `str()` says why, in words for a person."""


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One local date of a series. `starts_at`: UTC; None if clocks skip its wall time or show it twice.

    `clash`: one sentence if it cannot be booked, else empty. `alternatives`: at most three starts (UTC) with the same
    clinician, place and mode in the same week, the nearest first.
    """

    date: date
    starts_at: datetime | None
    clash: str = ""
    alternatives: list[datetime] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Series:
    """A series with its dates decided.

    `opening`: all starts that are free; its id books them. `occurrences`: in order of date, without the dates left
    out; a moved date has its new start.
    """

    opening: Opening
    occurrences: list[Occurrence]
    every_n_weeks: int


def series(
    *,
    opening: Opening,
    times: int | None,
    every_n_weeks: int,
    now: datetime,
    party: Party = STRANGERS,
    waive_notice: bool = False,
    skip: Collection[date] = (),
    move: Mapping[date, datetime] = MappingProxyType({}),
) -> Series:
    """Decide the series that begins with `opening`: `times` dates, or None for 26 weeks of a standing appointment.

    `skip`: local dates to leave out. `move`: local dates to hold at another start (UTC); in a standing appointment it
    must be in the same week. Two starts on one day are refused unless `waive_notice` (the desk), as in `hold`. Takes
    five statements for any number of dates. Raises BadSeries, UnknownOpening.
    """
    if opening.service.is_program or opening.service.party == Service.Party.GROUP or len(opening.pins) != 1:
        raise UnknownOpening(UNKNOWN)
    _check(times, every_n_weeks)
    zone = opening.location.tzinfo
    asked = dates.repeated(opening.starts_at, every_n_weeks, times, zone)
    _check_changes(asked, skip, move, opening, same_week=times is None)
    kept = [_moved(one, move) for one in asked if one.day not in skip]
    if not kept:
        raise BadSeries("No date is left.")
    days = {one.day if one.start is None else local_date(one.start, zone) for one in kept}
    if not waive_notice and len(days) < len(kept):
        raise BadSeries("Two of the dates are on the same day. Call us, and we will find times for both.")
    found = decide_dates(opening, kept, now=now, party=party, waive_notice=waive_notice)
    free, occurrences = [one.start for one in found.free], [found.occurrence(one) for one in kept]
    if times is None and not any(one.clash for one in occurrences):
        _check_pattern(opening, free, every_n_weeks)
    return Series(
        opening=_of_starts(opening, free)
        if times is not None
        else _standing_opening(opening, free, every_n_weeks, asked[-1]),
        occurrences=occurrences,
        every_n_weeks=every_n_weeks,
    )


def _check(times: int | None, every_n_weeks: int) -> None:
    if not 1 <= every_n_weeks <= MOST_WEEKS_BETWEEN:
        raise BadSeries(f"Choose every week, or up to every {MOST_WEEKS_BETWEEN} weeks.")
    if times is not None and (times < 1 or (times - 1) * every_n_weeks * _WEEK >= LONGEST):
        raise BadSeries("A series lasts a year at most.")


def _check_changes(
    asked: list[dates.Occurrence],
    skip: Collection[date],
    move: Mapping[date, datetime],
    opening: Opening,
    *,
    same_week: bool,
) -> None:
    days = {one.day for one in asked}
    for day in {*skip, *move}:
        if day not in days:
            raise BadSeries(f"{short_day(day)} is not one of the dates.")
    first_on = asked[0].day
    for day, start in move.items():
        there = local_date(start, opening.location.tzinfo)
        if same_week and monday_of(there) != monday_of(day):
            raise BadSeries("A date of a standing appointment moves within its week.")
        if abs(there - first_on) >= LONGEST:
            raise BadSeries("A series lasts a year at most.")


def _check_pattern(opening: Opening, starts: list[datetime], every_n_weeks: int) -> None:
    """Refuse a standing appointment whose dates are mostly moved: its pattern is computed from them."""
    zone = opening.location.tzinfo
    asked, found = dates.Pattern.of(opening.starts_at, 1, zone), dates.standing_pattern(starts, every_n_weeks, zone)
    if found is None or (found.first_on.weekday(), found.minute) != (asked.first_on.weekday(), asked.minute):
        raise BadSeries("Most dates are moved. Choose the time at which most of them are.")


def _moved(one: dates.Occurrence, move: Mapping[date, datetime]) -> dates.Occurrence:
    return dates.Occurrence(one.day, move[one.day]) if one.day in move else one


def _of_starts(opening: Opening, starts: list[datetime]) -> Opening:
    if not starts:
        return opening
    length = opening.ends_at - opening.starts_at
    first, *others = starts
    return opening._replace(starts_at=first, ends_at=first + length, further=tuple(others), every_n_weeks=0, weeks=0)


def _standing_opening(opening: Opening, starts: list[datetime], every_n_weeks: int, last: dates.Occurrence) -> Opening:
    # `weeks` runs to the last date asked for, even if that one is left out.
    if not starts:
        return opening
    first = monday_of(local_date(starts[0], opening.location.tzinfo))
    weeks = (monday_of(last.day) - first).days // 7 + 1
    return _of_starts(opening, starts)._replace(every_n_weeks=every_n_weeks, weeks=weeks)


class DecidedDates(NamedTuple):
    """Dates of one booking, decided together. `criteria`: those of the first start, `first`. `reasons`: by start."""

    opening: Opening
    ask: Ask
    criteria: Criteria
    first: datetime
    decided: Decided
    reasons: Mapping[datetime, Refusal]

    @property
    def free(self) -> list[Found]:
        """The dates that can be booked, in order of time."""
        return [one for one in self.decided.found if isinstance(one, Found)]

    def occurrence(self, one: dates.Occurrence) -> Occurrence:
        """A date with its clash and alternatives."""
        refusal = self.reasons.get(one.start) if one.start is not None else None
        clash = one.fault or (CLASHES[refusal.reason] if refusal is not None else "")
        others = self._alternatives(one) if clash else []
        return Occurrence(date=one.day, starts_at=one.start, clash=clash, alternatives=others)

    def _alternatives(self, one: dates.Occurrence) -> list[datetime]:
        # The horizon limits only the first start.
        monday = monday_of(one.day)
        criteria = self.criteria if one.start == self.first else further(self.criteria, self.first)
        free = free_starts(self.decided.snapshot, criteria, self.ask, monday, monday + _WEEK)
        target = one.start or self._near(one.day)
        return sorted(free, key=lambda start: (abs(start - target), start))[:MOST_ALTERNATIVES]

    def _near(self, day: date) -> datetime:
        # The wall time has no instant or two on this day; an hour's difference does not matter for sorting.
        local = self.opening.starts_at.astimezone(self.opening.location.tzinfo)
        return day_start(day, self.opening.location.tzinfo) + timedelta(hours=local.hour, minutes=local.minute)


def decide_dates(
    opening: Opening,
    kept: list[dates.Occurrence],
    *,
    now: datetime,
    party: Party,
    waive_notice: bool,
    continues: bool = False,
) -> DecidedDates:
    """Decide the dates of one booking on a fresh snapshot. `continues`: it has begun, so the horizon does not apply."""
    zone = opening.location.tzinfo
    starts = sorted(one.start for one in kept if one.start is not None)
    days = [one.day for one in kept] + [local_date(start, zone) for start in starts]
    # Whole weeks, so that a date can move within its own.
    first, until = monday_of(min(days)), monday_of(max(days)) + _WEEK
    loaded = load(
        Scope(
            service=opening.service,
            first=first,
            until=until,
            location_ids=frozenset({opening.location.pk}),
            clinician_ids=frozenset(opening.pins),
            client_ids=party.client_ids,
            apart=party.apart,
        ),
        now=now,
    )
    criteria = single_criteria(
        opening.service, loaded, first=first, until=until, now=now, party=party, waive_notice=waive_notice
    )
    begins = starts[0] if starts else opening.starts_at
    if continues:
        criteria = further(criteria, begins)
    ask = Ask(opening.location.pk, CoreMode(opening.mode), opening.pins[0])
    decided = decide_all(loaded.snapshot, criteria, starts, ask)
    refused = zip(starts, decided.found, strict=True)
    reasons = {start: one for start, one in refused if isinstance(one, Refusal)}
    return DecidedDates(opening, ask, criteria, begins, decided, reasons)
