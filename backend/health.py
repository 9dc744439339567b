"""`/health/` for load balancers and people on call; `/metrics` for a Prometheus on the same machine."""

from __future__ import annotations

import ipaddress
import logging
import os
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from backend.celery import app
from backend.outbox.models import Delivery

logger = logging.getLogger(__name__)
State = Literal["ok", "late", "failed"]
BROKER_SECONDS = 2
OUTBOX_PATIENCE = timedelta(minutes=10)  # a sweep runs every minute, a retry waits a few


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served, else 503. `status` is `ok`, `degraded` or `failed`; details are in the logs only.

    Without the broker or with a late outbox, pages still work and nothing is lost. That is `degraded`, which is no
    reason for a load balancer to take the machine out of service.
    """
    required = {"database": _state(_database), "cache": _state(_cache)}
    optional = {"broker": _state(_broker), "outbox": _state(_outbox)}
    failed = any(state != "ok" for state in required.values())
    degraded = any(state != "ok" for state in optional.values())
    status = "failed" if failed else "degraded" if degraded else "ok"
    return JsonResponse({"status": status, "checks": required | optional}, status=503 if failed else 200)


def _state(check: Callable[[], State | None]) -> State:
    """Run one check. Any exception counts as failed, because drivers raise errors of many types."""
    try:
        return check() or "ok"
    except Exception:
        logger.exception("health check %s failed", check.__name__.strip("_"))
        return "failed"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache() -> None:
    key, value = f"health:{uuid.uuid4()}", os.urandom(8).hex()
    cache.set(key, value, timeout=10)
    if cache.get(key) != value:
        raise RuntimeError("The cache did not return the value just stored.")
    cache.delete(key)


def _broker() -> None:
    if settings.CELERY_BROKER_URL.startswith("filesystem"):
        folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]
        if not os.access(folder, os.W_OK):
            raise RuntimeError("The broker directory is not writable.")
        return
    with app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)


def _outbox() -> State:
    """`late` if a delivery has been due for longer than `OUTBOX_PATIENCE`, which means that no worker is running."""
    overdue = Delivery.objects.filter(status=Delivery.Status.PLANNED, due_at__lt=timezone.now() - OUTBOX_PATIENCE)
    return "late" if overdue.exists() else "ok"


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text for requests from this machine; 404 for all others, including those through a local proxy."""
    if not _from_this_machine(request):
        raise Http404
    answer: HttpResponse = ExportToDjangoView(request)
    return answer


def _from_this_machine(request: HttpRequest) -> bool:
    if any(header in request.headers for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
