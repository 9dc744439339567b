"""Return to a page after signing in again, even if the session ended before a POST or an htmx request.

An address that takes only POST would be a dead end after signing in. A fragment would show the sign-in page inside
another page.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

BACK, HOME = "comes_back_to", "/home/"
View = Callable[..., HttpResponse]
Page = Callable[..., str]


def comes_back_to(page: Page) -> Callable[[View], View]:
    """Mark a view that takes POST: `page(request, **kwargs)` is the address of the page that belongs to it."""

    def mark(view: View) -> View:
        setattr(view, BACK, page)
        return view

    return mark


def leading_back(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Add the page to return to if the response asks to sign in; for an htmx request, redirect the whole page."""
    asked = urlsplit(response.headers.get("Location", ""))
    if response.status_code != 302 or asked.path != reverse("account_login"):
        return response
    if request.headers.get("HX-Request"):
        page = _page_at(request, request.headers.get("HX-Current-URL", "")) or _page_of(request, request.resolver_match)
        return HttpResponseClientRedirect(redirect_to_login(page or HOME)["Location"])
    if request.method == "POST" and "next" in parse_qs(asked.query):
        page = _page_of(request, request.resolver_match) or _page_at(request, request.headers.get("Referer", ""))
        return redirect_to_login(page) if page else response
    return response


def _page_of(request: HttpRequest, match: ResolverMatch | None) -> str:
    """The page set by `comes_back_to` for a view; empty if there is none."""
    page: Page | None = getattr(match.func, BACK, None) if match else None
    return page(request, **match.kwargs) if page and match else ""


def _page_at(request: HttpRequest, address: str) -> str:
    """Path and query of our page at `address`, or of the page set by `comes_back_to` for it; else empty."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return ""
    return _page_of(request, match) or parts._replace(scheme="", netloc="", fragment="").geturl()
