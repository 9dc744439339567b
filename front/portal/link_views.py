"""Open a link from a message, and ask for a new link."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from front.actors import grant
from front.forms import posted
from front.limits import TooMany, count, limited
from scheduling.operations.links.links import send_links
from scheduling.queries.people.links import link_of

from .forms import LinkForm


@limited("links_per_address", methods=("GET", "HEAD"))
@require_safe
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Store a live link in the session and redirect to an address without the secret.

    Revoked and unknown links get the same page. Opening a link changes nothing in the booking, so a mail scanner that
    follows it does no harm (F128).
    """
    token = link_of(secret=secret)
    if token is None:
        return render(request, "portal/stopped.html", status=404)
    grant(request, token)
    return redirect("portal:manage", reference=token.participant.booking.reference)


@limited("links_per_address")
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Ask for new links by mail. The answer is the same for known and unknown addresses."""
    form = LinkForm(posted(request))
    if not form.is_valid():
        return render(request, "portal/link.html", {"form": form}, status=422 if form.errors else 200)
    now, email = timezone.now(), form.cleaned_data["email"]
    with suppress(TooMany):  # a different answer would show that the address was tried before
        count("link_mails_per_target", email.lower(), now=now)
        send_links(email=email, now=now)
    return redirect("portal:link-sent")


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Show what happens next, the same for every address."""
    return render(request, "portal/link_sent.html")
