"""Repeating a POST without doing it twice (F23): the Idempotency-Key header, kept for 24 hours.

The first answer of an operation that ran is repeated to the letter, also a refusal. What was refused before it ran (a
bad body, a limit) is not kept: the same key may try again. What failed on our side may be tried again too, and goes on
with what the first run has made.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from rest_framework.exceptions import APIException, ParseError

from front.limits import TooMany

from .errors import Problem
from .models import IdempotentCall

KEPT = timedelta(hours=24)
# Longer than the slowest call to the payment provider, so that two never run at once.
ABANDONED = timedelta(minutes=3)
KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True)
class Answer:
    """A status, a JSON body, and the address of what was made."""

    status: int
    body: dict[str, Any]
    location: str = ""
    is_repeated: bool = False


@dataclass(frozen=True)
class Secrets:
    """What follows from an Idempotency-Key and this installation's own secret, for one scope."""

    lookup: str
    box: Fernet
    mac_key: bytes

    @classmethod
    def of(cls, key: str, scope: str) -> Secrets:
        """Derive (RFC 5869). The salt keeps short keys from being tried out on stolen rows."""
        salt = hashlib.sha256(b"idempotency:" + settings.SECRET_KEY.encode()).digest()
        derived = HKDF(algorithm=SHA256(), length=96, salt=salt, info=scope.encode()).derive(key.encode())
        return cls(derived[:32].hex(), Fernet(base64.urlsafe_b64encode(derived[32:64])), derived[64:])

    def mac(self, body: Any) -> str:
        """Tells whether two bodies ask for the same, and says nothing of them without the key."""
        canonical = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        return hmac.new(self.mac_key, canonical, hashlib.sha256).hexdigest()


def key_in(header: str | None) -> str:
    """The key of a request; empty if it has none. Raises ParseError for one that is no key."""
    if header is None:
        return ""
    if not KEY.fullmatch(header):
        raise ParseError("An Idempotency-Key has 1 to 255 visible ASCII characters. Use a random UUID.")
    return header


def once(*, key: str, scope: str, body: Any, run: Callable[[int | None], Answer], now: datetime) -> Answer:
    """Run, or repeat what the first call of this key answered. `scope` names the caller and the operation.

    `run` is given the number of the call, the same when it runs again because the first run died before it answered;
    None without a key. Raises Problem: 409 while the first is at work, 422 if it asked for something else.
    """
    if not key:
        return run(None)
    secrets = Secrets.of(key, scope)
    call, is_ours = _claim(secrets, secrets.mac(body), now)
    if not is_ours:
        return _kept(call, secrets)
    try:
        answer = run(call.pk)
    except (APIException, TooMany):  # refused in words before anything was written: the key is free again
        IdempotentCall.objects.filter(pk=call.pk).delete()
        raise
    except BaseException:  # nobody knows how far it came: the same number runs again
        IdempotentCall.objects.filter(pk=call.pk).update(claimed_at=now - ABANDONED)
        raise
    _keep(call, secrets, answer)
    return answer


def _claim(secrets: Secrets, mac: str, now: datetime) -> tuple[IdempotentCall, bool]:
    """The row of this call, and whether it is ours to run. Raises Problem."""
    IdempotentCall.objects.filter(lookup=secrets.lookup, created_at__lte=now - KEPT).delete()
    call, is_new = IdempotentCall.objects.get_or_create(
        lookup=secrets.lookup, defaults={"request_mac": mac, "created_at": now, "claimed_at": now}
    )
    if is_new:
        return call, True
    if not hmac.compare_digest(call.request_mac, mac):
        raise Problem(422, "This Idempotency-Key was used for another request. Use a new one.", code="key_reused")
    if call.status is not None:
        return call, False
    abandoned = IdempotentCall.objects.filter(pk=call.pk, status=None, claimed_at__lte=now - ABANDONED)
    if abandoned.update(claimed_at=now):
        return call, True
    raise Problem(409, "The first call with this Idempotency-Key is still at work.", code="in_progress", wait=1)


def _keep(call: IdempotentCall, secrets: Secrets, answer: Answer) -> None:
    packed = json.dumps([answer.body, answer.location]).encode()
    IdempotentCall.objects.filter(pk=call.pk).update(status=answer.status, answer=secrets.box.encrypt(packed))


def _kept(call: IdempotentCall, secrets: Secrets) -> Answer:
    assert call.status is not None
    assert call.answer is not None
    body, location = json.loads(secrets.box.decrypt(bytes(call.answer)))
    return Answer(call.status, body, location, is_repeated=True)


def purge(*, now: datetime) -> int:
    """Delete what is older than 24 hours. Returns how many rows went."""
    deleted, _ = IdempotentCall.objects.filter(created_at__lte=now - KEPT).delete()
    return deleted
