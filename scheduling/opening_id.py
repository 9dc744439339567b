"""Encode an opening as an id. The id is not a secret and reserves nothing: booking decides again under lock."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

# The most starts in one id: a year of weeks and a few more.
MOST_STARTS = 60
_NAME = re.compile(r"[-a-zA-Z0-9_]{1,60}")


class UnknownOpening(Exception):
    """The id is malformed, or names something that is no longer offered."""


@dataclass(frozen=True, kw_only=True)
class OpeningId:
    """The fields of an opening. All starts are UTC.

    clinicians: for a program, the clinician of every role of every block, in order of time.
    further: later starts, ascending, booked together with the first (series, standing appointment, cohort).
    every_n_weeks: the interval of a standing appointment, which continues after the last start; 0 for all others.
    weeks: the number of weeks decided so far, from the week of the first start, including skipped weeks; 0 means
        up to the last start.
    """

    service: str
    location: str
    mode: str
    starts_at: datetime
    clinicians: tuple[int, ...]
    further: tuple[datetime, ...] = ()
    every_n_weeks: int = 0
    weeks: int = 0

    @property
    def starts(self) -> tuple[datetime, ...]:
        """All starts, including the first."""
        return (self.starts_at, *self.further)

    def encode(self) -> str:
        """URL-safe base64 of compact JSON."""
        parts: list[object] = [self.service, self.location, self.mode, _minute(self.starts_at), self.clinicians]
        if self.further or self.every_n_weeks or self.weeks:
            parts += [[_minute(start) for start in self.further], self.every_n_weeks]
        if self.weeks:
            parts.append(self.weeks)
        packed = json.dumps(parts, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> OpeningId:
        """Decode the text made by `encode`. Raises UnknownOpening for any other text."""
        try:
            parts = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
            service, location, mode, minute, clinicians, *rest = parts
            minutes, every_n_weeks, decided = (*rest, 0) if len(rest) == 2 else rest or ((), 0, 0)
            starts = [_instant(minute), *map(_instant, minutes)]
            if len(starts) > MOST_STARTS or any(later <= earlier for earlier, later in pairwise(starts)):
                raise ValueError("not the starts of one booking")
            return cls(
                service=_text(service),
                location=_text(location),
                mode=_text(mode),
                starts_at=starts[0],
                clinicians=tuple(_id(value) for value in clinicians),
                further=tuple(starts[1:]),
                every_n_weeks=_weeks(every_n_weeks, most=12),
                weeks=_weeks(decided, most=MOST_STARTS),
            )
        except (ValueError, TypeError, binascii.Error, OverflowError, OSError, RecursionError) as error:
            raise UnknownOpening("This opening is not known. Look for times again.") from error


def _minute(instant: datetime) -> int:
    return int(instant.timestamp()) // 60


def _instant(value: object) -> datetime:
    instant = datetime.fromtimestamp(_id(value) * 60, UTC)
    if not 2000 <= instant.year < 2200:
        raise ValueError("not a year from 2000 to 2199")
    return instant


def _weeks(value: object, most: int) -> int:
    if _id(value) > most:
        raise ValueError("not a number of weeks")
    return _id(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ValueError("not a name")
    return value


def _id(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise ValueError("not an id")
    return value
