"""Error pages with neutral words and the phone number. They repeat nothing of the request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from .context import practice_or_none


def page_for(request: HttpRequest, status: int, *, words: str = "") -> HttpResponse:
    """The page for an HTTP status, with `words` as its sentence if given."""
    return render(request, f"{status}.html", {"words": words}, status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, 403)


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a wrong CSRF token, usually from a page that was open for too long."""
    return render(request, "403.html", {"stale": True}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, 404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a server error, rendered without request or session, because either may have failed."""
    return HttpResponse(render_to_string("500.html", {"practice": practice_or_none()}), status=500)
