"""The home page, leaving the site, and how to stay private."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from front.context import practice_or_none
from front.middleware import public

from .catalog import ways

NEUTRAL_SITE = "https://www.weather.gov/"


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home page: the lines of services, and the phone number."""
    return render(request, "public/home.html", {"ways": ways(now=timezone.now())})


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """End this browser's session and go to a neutral site.

    The only address that acts on GET: it must work as a plain link, and it ends only the visitor's own session.
    """
    request.session.flush()
    practice = practice_or_none()
    response = HttpResponse(status=303)
    response["Location"] = practice.exit_url if practice else NEUTRAL_SITE
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_safe
def ended(request: HttpRequest) -> HttpResponse:
    """The page for a booking whose session is over."""
    return render(request, "public/ended.html", status=200)


@public
@require_safe
def private(request: HttpRequest) -> HttpResponse:
    """How to use this site without leaving traces, and whom to call."""
    return render(request, "public/private.html")
