"""What the demo adds to every page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from demo.filling import progress


def filling(request: HttpRequest) -> dict[str, object]:
    """`site_notice`: one line that says how far the filling is; empty once the practice is filled."""
    return {"site_notice": SimpleLazyObject(notice)}


def notice() -> str:
    """The line, or an empty string."""
    percent = progress.percent()
    return "" if percent is None else f"The demo practice is still being filled: {percent}%."
