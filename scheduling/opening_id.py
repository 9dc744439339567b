"""The id of an opening: what it pins, encoded. Not a secret and not a promise: it is decided again under lock."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime


class UnknownOpening(Exception):
    """The id was not made here, or names something that is no longer offered."""


@dataclass(frozen=True, kw_only=True)
class OpeningId:
    """`starts_at` is UTC. `clinicians`: for a program the person of every role of every block, in order of time."""

    service: str
    location: str
    mode: str
    starts_at: datetime
    clinicians: tuple[int, ...]

    def encode(self) -> str:
        """URL-safe base64 of compact JSON."""
        minute = int(self.starts_at.timestamp()) // 60
        parts = [self.service, self.location, self.mode, minute, self.clinicians]
        packed = json.dumps(parts, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> OpeningId:
        """The reverse of `encode`. Raises UnknownOpening for anything else."""
        try:
            parts = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
            service, location, mode, minute, clinicians = parts
            return cls(
                service=_text(service),
                location=_text(location),
                mode=_text(mode),
                starts_at=datetime.fromtimestamp(int(minute) * 60, UTC),
                clinicians=tuple(_id(value) for value in clinicians),
            )
        except (ValueError, TypeError, binascii.Error, OverflowError, OSError, RecursionError) as error:
            raise UnknownOpening("This opening is not known. Look for times again.") from error


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 60 or "\x00" in value:
        raise ValueError("not a name")
    return value


def _id(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise ValueError("not an id")
    return value
