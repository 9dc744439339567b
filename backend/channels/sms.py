"""Sending texts: one protocol, the provider named by SMS_BACKEND."""

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
    """More than one GSM text, or a character that GSM 7-bit does not have."""


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
    """A text of at most 160 GSM characters to one number (E.164). Raises TextTooLong."""

    to: str
    body: str

    def __post_init__(self) -> None:
        if gsm_length(self.body) > LIMIT:
            raise TextTooLong(f"{gsm_length(self.body)} characters; a text has {LIMIT}.")

    @property
    def reference(self) -> str:
        """Our own name for it, told to nobody: providers keep no key of ours, but they do keep number and words."""
        return reference_of(self.to, self.body)


def reference_of(to: str, body: str) -> str:
    """The reference of any text, also of one read back from a provider."""
    return hashlib.sha256(f"{to}\n{body}".encode()).hexdigest()


class Provider(Protocol):
    """What a provider of texts can do."""

    def send(self, text: Text) -> str:
        """Hand over one text; returns the provider's id. Raises NotSent or Refused only if it surely did not go."""
        ...

    def find(self, *, reference: str, since: datetime) -> str | None:
        """The provider's id of a text with this reference handed over since then; None if it knows of none."""
        ...


def provider() -> Provider:
    """The provider that settings name. Raises NotSent while texts are switched off."""
    if not settings.SMS_BACKEND:
        raise NotSent("Texts are switched off.")
    chosen: Provider = import_string(settings.SMS_BACKEND)()
    return chosen


def send(text: Text) -> str:
    """Send by the configured provider."""
    return provider().send(text)


def find(*, reference: str, since: datetime) -> str | None:
    """Look a text up at the configured provider."""
    return provider().find(reference=reference, since=since)
