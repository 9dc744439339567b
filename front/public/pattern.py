"""The days of a program in words, before dates are chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from django.utils.translation import gettext as _

from scheduling.formats import clock
from scheduling.models import ProgramBlock

Line = tuple[str, str]


@dataclass(frozen=True)
class DayPattern:
    """Equal days of a program: “Days 2 to 4”, with the hours and names of their blocks."""

    title: str
    lines: tuple[Line, ...]


def pattern_of(blocks: Iterable[ProgramBlock], *, couple: bool) -> list[DayPattern]:
    """Days of a program in order. Equal days in a row become one."""
    by_day = [(day, tuple(_lines(list(group), couple))) for day, group in groupby(blocks, key=lambda one: one.day)]
    patterns = []
    for lines, same in groupby(by_day, key=lambda pair: pair[1]):
        numbers = [day + 1 for day, _lines in same]
        patterns.append(DayPattern(_title(numbers, everything=len(numbers) == len(by_day)), lines))
    return patterns


def _title(numbers: list[int], *, everything: bool) -> str:
    if everything:
        return _("Every day")
    if len(numbers) == 1:
        return _("Day %(first)d") % {"first": numbers[0]}
    return _("Days %(first)d to %(last)d") % {"first": numbers[0], "last": numbers[-1]}


def _lines(blocks: list[ProgramBlock], couple: bool) -> Iterable[Line]:
    """One line for all blocks at the same hours, on either track."""
    for (starts, ends), group in groupby(blocks, key=lambda one: (one.starts_minute, one.ends_minute)):
        same = list(group)
        names = dict.fromkeys(block.name for block in same)
        words = _(" and ").join(names)
        if couple and len(same) > 1:
            words = _("%(what)s, each with your own clinician") % {"what": words}
        yield (_("%(start)s to %(end)s") % {"start": _clock(starts), "end": _clock(ends)}, words)


def _clock(minute: int) -> str:
    return clock(datetime(2000, 1, 1, minute // 60 % 24, minute % 60, tzinfo=UTC))
