"""Where somebody comes back to after signing in again: to a page, also where an act was under way.

A session may end between looking and acting. An address that only takes what is posted would then be a dead end, and a
fragment would put the sign-in page into the middle of another one.
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
    """Mark a view that takes posts: `page(request, **kwargs)` is the address that is looked at before and after."""

    def mark(view: View) -> View:
        setattr(view, BACK, page)
        return view

    return mark


def leading_back(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer, unless it asks to sign in: then the same with a way back, for a fragment by the whole page."""
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
    """The page that a view says it comes back to; empty if it says none."""
    page: Page | None = getattr(match.func, BACK, None) if match else None
    return page(request, **match.kwargs) if page and match else ""


def _page_at(request: HttpRequest, address: str) -> str:
    """Path and query of a page of ours that a browser says it shows, or of the one that comes before it; else empty."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return ""
    return _page_of(request, match) or parts._replace(scheme="", netloc="", fragment="").geturl()
