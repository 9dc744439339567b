"""Public pages before the first question: privacy, the list of services, and one service in detail."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from front.middleware import public
from scheduling.models import Service
from scheduling.queries.openings.opening import blocks_of, get_service

from .catalog import WORDS, offers_of, ways
from .choices import places_of
from .pattern import pattern_of
from .policy import policy_of


@public
@require_safe
def before(request: HttpRequest) -> HttpResponse:
    """Privacy, Exit and examples of our messages, before the first question."""
    return render(request, "public/before.html", {"line": _line(request)})


@public
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Services on offer, of one line or of all."""
    return render(request, "public/services.html", {"ways": ways(_line(request), now=timezone.now())})


@public
@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """One service: its days, its price, and the cancellation policy."""
    found = service_or_404(slug)
    now = timezone.now()
    offer = offers_of([found], now=now)[0]
    blocks = blocks_of(found) if found.is_program else []
    pattern = pattern_of(blocks, couple=found.party == Service.Party.COUPLE)
    context = {
        "service": found,
        "offer": offer,
        "pattern": pattern,
        "places": places_of(found),
        "policy": policy_of(found, now=now) if offer.price else [],
    }
    return render(request, "public/service.html", context)


def service_or_404(slug: str) -> Service:
    """The service on offer with this slug, with its program. Raises Http404."""
    try:
        return get_service(slug)
    except Service.DoesNotExist as error:
        raise Http404 from error


def _line(request: HttpRequest) -> str:
    line = request.GET.get("line", "")
    return line if line in WORDS else ""
