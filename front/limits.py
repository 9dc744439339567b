"""Limits on how often one network address or target may act, counted over all workers (F19, F140)."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from backend.accounts.models import digest_of

from .actors import address_of

HOUR = 3600
DAY = 24 * HOUR
View = Callable[..., HttpResponseBase]


class TooMany(Exception):
    """A limit is reached. `retry_after`: seconds. The middleware answers with 429."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many tries from this network. Wait a few minutes, or call us.")
        self.retry_after = retry_after


def count(name: str, target: str, *, now: datetime, limit: int | None = None, seconds: int = HOUR) -> None:
    """Count one act of `target` under settings.LIMITS[name] in fixed windows of `seconds`. Raises TooMany.

    The target is hashed into the key, so that the cache holds no address. Incrementing is atomic in the cache.
    """
    allowed = settings.LIMITS[name] if limit is None else limit
    window, passed = divmod(int(now.timestamp()), seconds)
    key = f"count:{name}:{window}:{digest_of(target)[:24]}"
    if _increment(key, timeout=seconds + 60) > allowed:
        raise TooMany(seconds - passed)


def _increment(key: str, *, timeout: int) -> int:
    try:
        return int(cache.incr(key))
    except ValueError:  # the first one; if another worker was quicker, count on theirs
        return 1 if cache.add(key, 1, timeout=timeout) else int(cache.incr(key))


def limited(name: str, *, methods: tuple[str, ...] = ("POST",)) -> Callable[[View], View]:
    """Decorator: count requests of these methods by network address before the view runs."""

    def wrap(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in methods:
                count(name, address_of(request), now=timezone.now())
            return view(request, *args, **kwargs)

        return counted

    return wrap
