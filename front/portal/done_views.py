"""The page after payment, and the link that one partner passes on to the other."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from backend.accounts.actor import Actor
from billing.operations.returning import settle
from billing.queries.ledger import balance
from billing.queries.payments import live_page
from billing.queries.terms import policy_lines_of
from front.contact import contact_lines
from front.errors import page_for
from front.journey import Journey
from scheduling.models import Booking, Participant, Service
from scheduling.operations.links.links import AlreadyIntroduced, introduce

from .own import own_days, own_or_404
from .person import person_of

Status = Booking.Status


@require_safe
def done(request: HttpRequest, reference: str) -> HttpResponse:
    """State of the booking after payment. It asks the provider, so it is right before a webhook arrives.

    A browser that does not have the booking (a page opened on another device) gets the same words for any reference.
    """
    try:
        actor, participant = own_or_404(request, reference)
    except Http404:
        return render(request, "portal/returned.html")
    if participant.track != Participant.Track.A:
        return redirect("portal:manage", reference=reference)
    now = timezone.now()
    status = settle(booking_id=participant.booking_id, now=now).status
    if status in (Status.CONFIRMED, Status.COMPLETED):
        participant.booking.status = status
        Journey(request).end()
        return render(request, "portal/done.html", _booked(actor, participant, now=now))
    if status == Status.PAID_CONFLICT:
        return render(request, "portal/conflict.html", {"booking": participant.booking})
    if status == Status.HELD and not _asked_just_now(participant.booking_id, now=now):
        return render(request, "portal/processing.html", {"booking": participant.booking})
    if Journey(request).booking_id != participant.booking_id:  # booked by the desk, paid by link
        return redirect("portal:pay", reference=reference)
    return redirect(f"{reverse('public:check')}?payment=open")


def _asked_just_now(booking_id: int, *, now: datetime) -> bool:
    """False if the provider gave no answer about a live page, so that its state is not known yet."""
    page = live_page(booking_id)
    return page is None or page.asked_at == now


def _booked(actor: Actor, participant: Participant, *, now: datetime) -> dict[str, object]:
    booking = participant.booking
    return {
        "booking": booking,
        "days": own_days(actor, participant),
        "balance": balance(booking),
        "policy": policy_lines_of(booking, now=now),
        "contact": contact_lines(person_of(participant)),
        "told_by_mail": bool(participant.client and participant.client.may_email),
        "has_partner": booking.service.party == Service.Party.COUPLE,
    }


@require_POST
def pass_on(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a link for the partner, once. It opens the shared dates and the partner's own choices."""
    _actor, participant = own_or_404(request, reference)
    if participant.track != Participant.Track.A:
        return redirect("portal:manage", reference=reference)
    try:
        secret = introduce(booking_id=participant.booking_id, now=timezone.now())
    except AlreadyIntroduced as error:
        return page_for(request, 409, words=str(error))
    link = f"{settings.BASE_URL}{reverse('portal:open', args=[secret])}"
    return render(request, "portal/pass_on.html", {"link": link, "booking": participant.booking})
