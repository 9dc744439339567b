"""Error pages: neutral words, the phone number, nothing of what was asked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from .context import practice_or_none


def page_for(request: HttpRequest, status: int, *, words: str = "") -> HttpResponse:
    """The page of an HTTP status, with a sentence of its own where there is one."""
    return render(request, f"{status}.html", {"words": words}, status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, 403)


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form whose CSRF token does not fit: mostly a page that was open for too long."""
    return render(request, "403.html", {"stale": True}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, 404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without request or session, since either may be what broke."""
    return HttpResponse(render_to_string("500.html", {"practice": practice_or_none()}), status=500)
