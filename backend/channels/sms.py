"""Send texts through the provider class that SMS_BACKEND names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from .errors import NotSent

LIMIT = 160
GSM_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = "^{}\\[~]|€"


class TextTooLong(ValueError):
    """The body is longer than one text or has a character outside GSM 7-bit."""


def gsm_length(body: str) -> int:
    """Septets of `body` in the GSM 7-bit alphabet (3GPP TS 23.038 §6.2.1). Raises TextTooLong for other characters."""
    length = 0
    for character in body:
        if character not in GSM_BASIC and character not in GSM_EXTENDED:
            raise TextTooLong(f"{character!r} is not a GSM character.")
        length += 2 if character in GSM_EXTENDED else 1
    return length


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text of at most 160 septets (GSM 7-bit) to one number in E.164 form. Raises TextTooLong."""

    to: str
    body: str

    def __post_init__(self) -> None:
        if gsm_length(self.body) > LIMIT:
            raise TextTooLong(f"{gsm_length(self.body)} characters; a text has {LIMIT}.")

    @property
    def reference(self) -> str:
        """Key by which a sent text is found again: a provider stores no key of ours, but does store number and body."""
        return reference_of(self.to, self.body)


def reference_of(to: str, body: str) -> str:
    """The reference of a text, ours or one read back from a provider: SHA-256 of number and body, in hex."""
    return hashlib.sha256(f"{to}\n{body}".encode()).hexdigest()


class Provider(Protocol):
    """Interface of a text provider."""

    def send(self, text: Text) -> str:
        """Hand over one text; returns the provider's id. Raises NotSent or Refused only if it was surely not sent."""
        ...

    def find(self, *, reference: str, since: datetime) -> str | None:
        """The provider's id of a text with this reference handed over after `since`, or None."""
        ...


def provider() -> Provider:
    """The provider named in settings. Raises NotSent if none is configured."""
    if not settings.SMS_BACKEND:
        raise NotSent("Texts are switched off.")
    chosen: Provider = import_string(settings.SMS_BACKEND)()
    return chosen


def send(text: Text) -> str:
    """Send a text through the configured provider; returns the provider's id. Raises NotSent or Refused."""
    return provider().send(text)


def find(*, reference: str, since: datetime) -> str | None:
    """The configured provider's id of a text sent after `since`, or None."""
    return provider().find(reference=reference, since=since)
