"""Middleware of pages: do not store personal pages, return to a page after signing in, show limits as a 429 page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from .accounts.coming_back import leading_back
from .errors import page_for
from .limits import TooMany

PUBLIC = "front_public"
Handler = Callable[[HttpRequest], HttpResponse]


def public(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a view whose page is the same for everybody, so that caches may store it."""
    setattr(view, PUBLIC, True)
    return view


class NoStore:
    """`Cache-Control: no-store` on every page not marked public, so that Back after leaving shows nothing."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = leading_back(request, self.get_response(request))
        match = request.resolver_match
        may_store = match is not None and getattr(match.func, PUBLIC, False) and response.status_code in {200, 304}
        if not may_store and not request.path.startswith(settings.STATIC_URL):
            add_never_cache_headers(response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show TooMany as a 429 page with Retry-After. The API has its own handler."""
        if not isinstance(error, TooMany):
            return None
        response = page_for(request, 429, words=str(error))
        response["Retry-After"] = str(error.retry_after)
        return response
