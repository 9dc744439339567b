"""Pages of the message viewer. Their URLs exist only if settings.DEMO is true."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from . import store
from .bookings import references
from .store import Stored

SHOWN = 300
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.S | re.I)


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """List all messages, the latest first. `?to=` filters by recipient; `?format=json` returns JSON."""
    to = request.GET.get("to", "").strip().lower()
    found = [message for message in store.newest() if not to or message.to.lower() == to]
    if request.GET.get("format") == "json":
        return JsonResponse(as_json(found), safe=False)
    shown = found[:SHOWN]
    names = references(shown)
    rows = [{"message": message, "booking": names.get(message.id, "")} for message in shown]
    return render(request, "demo/messages/list.html", {"rows": rows, "to": to, "more": len(found) - len(shown)})


@require_safe
def message(request: HttpRequest, message_id: str) -> HttpResponseBase:
    """Show one message with all its parts."""
    found = _get(message_id)
    words = {"message": found, "booking": references([found]).get(found.id, "")}
    return csp_update({"frame-src": [SELF]})(lambda _: render(request, "demo/messages/detail.html", words))(request)


@require_safe
@xframe_options_sameorigin
def body(request: HttpRequest, message_id: str) -> HttpResponseBase:
    """Return the HTML part alone, for a frame, without scripts, pictures, forms, or links that leave the frame."""
    found = _get(message_id)
    policy = {
        "default-src": [NONE],
        "style-src": [style_source(found.html)],
        "sandbox": True,
        "base-uri": [NONE],
        "form-action": [NONE],
        "frame-ancestors": [SELF],
    }
    return csp_replace(policy)(lambda _: HttpResponse(found.html))(request)


def style_source(html: str) -> str:
    """CSP source that allows only the message's own style sheet: its hash in the form of CSP 3 §2.3.1."""
    match = _STYLE.search(html)
    if match is None:
        return NONE
    return f"'sha256-{base64.b64encode(hashlib.sha256(match[1].encode()).digest()).decode()}'"


def as_json(found: list[Stored]) -> list[dict[str, Any]]:
    """Messages as JSON objects. `booking` is null if the message is not about a booking."""
    names = references(found)
    keys = ("channel", "to", "subject", "text", "html", "calendar", "raw", "sent_at")
    return [{key: getattr(message, key) for key in keys} | {"booking": names.get(message.id)} for message in found]


def _get(message_id: str) -> Stored:
    found = store.get(message_id)
    if found is None:
        raise Http404
    return found
