"""A person's own page of a booking, and their own choices."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from backend.audit.models import AuditLine
from backend.audit.operations import record
from billing.queries.ledger import balance
from billing.queries.terms import policy_lines_of
from front.actors import grant
from front.contact import contact_lines
from front.forms import posted
from scheduling.models import Booking, Participant
from scheduling.operations.bookings.choose_contact import choose_contact
from scheduling.queries.people.links import link_of

from .forms import OwnForm
from .own import dates_only, is_over, must_choose, own_days, own_or_404
from .person import person_of

# Statuses whose times are shown, as those of a live hold are.
STANDING = frozenset({Booking.Status.CONFIRMED, Booking.Status.COMPLETED})


@require_safe
def manage(request: HttpRequest, reference: str) -> HttpResponse:
    """A person's part of a booking: dates, times, place, contact choices, and for the payer the money."""
    actor, participant = own_or_404(request, reference)
    if must_choose(participant):
        return redirect("portal:choices", reference=reference)
    now = timezone.now()
    record(
        verb=AuditLine.Verb.VIEW, subject="participant", subject_id=participant.pk, detail="own part", by=actor, now=now
    )
    booking = participant.booking
    pays = participant.track == Participant.Track.A
    context = {
        "booking": booking,
        "days": own_days(actor, participant),
        "balance": balance(booking) if pays else None,
        "policy": policy_lines_of(booking, now=now) if pays else [],
        "contact": contact_lines(person_of(participant)),
        "over": is_over(booking),
        "stands": booking.is_live_hold(now) or booking.status in STANDING,
    }
    return render(request, "portal/manage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose how this person may be reached, and whether they want calendar entries. Partners choose separately."""
    actor, participant = own_or_404(request, reference)
    if is_over(participant.booking):
        return redirect("portal:manage", reference=reference)
    form = OwnForm.of(participant, posted(request))
    if form.is_valid():
        secret = choose_contact(participant_id=participant.pk, choice=form.person(), by=actor, now=timezone.now())
        token = link_of(secret=secret)
        assert token is not None
        grant(request, token)
        link = f"{settings.BASE_URL}{reverse('portal:open', args=[secret])}"
        return render(request, "portal/chosen.html", {"link": link, "reference": reference})
    first = must_choose(participant)
    context = {
        "form": form,
        "booking": participant.booking,
        "first": first,
        "dates": dates_only(own_days(actor, participant)),
        "back": "" if first else reverse("portal:manage", args=[reference]),
    }
    return render(request, "portal/choices.html", context, status=422 if form.errors else 200)
