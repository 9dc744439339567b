"""The Idempotency-Key header: a repeated POST is not done twice (F23). Answers are kept for 24 hours.

Once an operation has run, its first answer is repeated exactly, even a refusal. A call that was refused before it ran
(a bad body, a limit) is not kept, so the same key may try again. After a failure on our side the same key may try
again too, and continues with the rows that the first run made.
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
from django.db import connection
from rest_framework.exceptions import APIException, ParseError

from front.limits import TooMany

from .errors import Problem
from .models import IdempotentCall

KEPT = timedelta(hours=24)
# Longer than the slowest call to the payment provider, so that two runs never overlap.
ABANDONED = timedelta(minutes=3)
ADD = """
INSERT INTO api_idempotentcall (lookup, request_mac, created_at, claimed_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (lookup) DO NOTHING RETURNING id
"""
KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True)
class Answer:
    """A status, a JSON body, and the address of the new row for the Location header."""

    status: int
    body: dict[str, Any]
    location: str = ""
    is_repeated: bool = False


@dataclass(frozen=True)
class Secrets:
    """Secrets derived from an Idempotency-Key, the scope of the call and SECRET_KEY."""

    lookup: str
    box: Fernet
    mac_key: bytes

    @classmethod
    def of(cls, key: str, scope: str) -> Secrets:
        """Derive with HKDF (RFC 5869). Without the salt, short keys could be guessed from stolen rows."""
        salt = hashlib.sha256(b"idempotency:" + settings.SECRET_KEY.encode()).digest()
        derived = HKDF(algorithm=SHA256(), length=96, salt=salt, info=scope.encode()).derive(key.encode())
        return cls(derived[:32].hex(), Fernet(base64.urlsafe_b64encode(derived[32:64])), derived[64:])

    def mac(self, body: Any) -> str:
        """MAC that shows whether two bodies are equal, and reveals nothing about them without the key."""
        canonical = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        return hmac.new(self.mac_key, canonical, hashlib.sha256).hexdigest()


def key_in(header: str | None) -> str:
    """The key of a request; empty if it has none. Raises ParseError for an invalid key."""
    if header is None:
        return ""
    if not KEY.fullmatch(header):
        raise ParseError("An Idempotency-Key has 1 to 255 visible ASCII characters. Use a random UUID.")
    return header


@dataclass(frozen=True)
class Run:
    """One run of the call with id `call`. `may_have_run`: an earlier run ended before it answered."""

    call: int
    may_have_run: bool = False


def once(*, key: str, scope: str, body: Any, run: Callable[[Run | None], Answer], now: datetime) -> Answer:
    """Run the operation, or repeat the answer to the first call with this key. `scope`: the caller and the operation.

    Without a key, `run` gets None. Raises Problem: 409 while the first call is running, 422 if its body was different.
    """
    if not key:
        return run(None)
    secrets = Secrets.of(key, scope)
    claimed = _claim(secrets, secrets.mac(body), now)
    if isinstance(claimed, Answer):
        return claimed
    row = IdempotentCall.objects.filter(pk=claimed.call)
    try:
        answer = run(claimed)
    except (APIException, TooMany):  # refused before anything was written, so the key is free again
        row.delete()
        raise
    except BaseException:  # some rows may be written, so the next run needs the same call id
        row.update(claimed_at=now - ABANDONED)
        raise
    packed = json.dumps([answer.body, answer.location]).encode()
    row.update(status=answer.status, answer=secrets.box.encrypt(packed))
    return answer


def _claim(secrets: Secrets, mac: str, now: datetime) -> Run | Answer:
    """Claim a run of this call, or return the kept answer. Raises Problem.

    Takes one statement for a new key, which is the usual case.
    """
    number = _add(secrets, mac, now)
    if number is None and _forget(secrets, now):
        number = _add(secrets, mac, now)
    if number is not None:
        return Run(number)
    call = IdempotentCall.objects.filter(lookup=secrets.lookup).first()
    if call is None:  # the other run was refused meanwhile and has deleted its row
        raise _at_work()
    if not hmac.compare_digest(call.request_mac, mac):
        raise Problem(422, "This Idempotency-Key was used for another request. Use a new one.", code="key_reused")
    if call.status is not None:
        return _kept(call, secrets)
    abandoned = IdempotentCall.objects.filter(pk=call.pk, status=None, claimed_at__lte=now - ABANDONED)
    if abandoned.update(claimed_at=now):
        return Run(call.pk, may_have_run=True)
    raise _at_work()


def _at_work() -> Problem:
    return Problem(409, "The first call with this Idempotency-Key is still running.", code="in_progress", wait=1)


def _add(secrets: Secrets, mac: str, now: datetime) -> int | None:
    """Add a call and return its id; None if there is one with this key."""
    with connection.cursor() as cursor:
        cursor.execute(ADD, [secrets.lookup, mac, now, now])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _forget(secrets: Secrets, now: datetime) -> bool:
    """Delete the call with this key if it is older than 24 hours."""
    old = IdempotentCall.objects.filter(lookup=secrets.lookup, created_at__lte=now - KEPT)
    return old.delete()[0] > 0


def _kept(call: IdempotentCall, secrets: Secrets) -> Answer:
    assert call.status is not None
    assert call.answer is not None
    body, location = json.loads(secrets.box.decrypt(bytes(call.answer)))
    return Answer(call.status, body, location, is_repeated=True)


def purge(*, now: datetime) -> int:
    """Delete calls that are older than 24 hours. Returns their number."""
    deleted, _ = IdempotentCall.objects.filter(created_at__lte=now - KEPT).delete()
    return deleted
