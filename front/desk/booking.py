"""The page of one booking at the desk, and the actions on a hold."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from backend.worklist.models import WorkItem
from billing.models import BookingTerms
from billing.operations.booking import book_held
from billing.operations.errors import PaymentUnavailable
from billing.operations.paying import let_go, pay_again
from billing.operations.telling import send_pay_link
from billing.queries.payments import payment_of
from billing.queries.quotes import NotPriced, quote
from front.accounts.coming_back import comes_back_to
from front.actors import actor_of
from scheduling.models import Booking, Participant
from scheduling.opening_id import UnknownOpening
from scheduling.operations.access_log import note_looks
from scheduling.operations.bookings.extend import TooManyPaymentPages, extend
from scheduling.operations.bookings.participants import NotNamed
from scheduling.operations.bookings.refused import HoldEnded, Taken
from scheduling.operations.bookings.status import MoveRefused
from scheduling.operations.clients import Person
from scheduling.operations.links.links import hand_out_link
from scheduling.queries.calendars.visits import appointments_of
from scheduling.queries.openings.booked import booked_opening
from scheduling.queries.people.visibility import visible_to

from .forms import CommitForm
from .guard import desk_only
from .money import accounts
from .patterns import pattern_of
from .words import BOOKING_WORDS, contact_of


def page_of(request: HttpRequest, reference: str, **part: str) -> str:
    """Address of the booking's page, for all addresses below it."""
    return reverse("desk:booking", args=[reference])


REFUSED = (HoldEnded, NotNamed, TooManyPaymentPages, PaymentUnavailable, NotPriced, Taken, MoveRefused, UnknownOpening)


def booking_or_404(request: HttpRequest, reference: str) -> Booking:
    """The booking with this reference, if the user may see it. Raises Http404."""
    visible = visible_to(Booking, actor_of(request)).select_related("service", "location", "standing")
    return get_object_or_404(visible, reference=reference)


@require_safe
@desk_only
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """The page of a booking."""
    return _page(request, booking_or_404(request, reference))


@require_POST
@desk_only
@comes_back_to(page_of)
def commit(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a payment page, or confirm without payment for a reason."""
    booking = booking_or_404(request, reference)
    if booking.status == Booking.Status.CONFIRMED:  # sent twice (F23)
        return redirect("desk:booking", reference=reference)
    form = CommitForm(request.POST)
    if not form.is_valid():
        return _page(request, booking, form=form, status=422)
    data = form.cleaned_data
    try:
        book_held(
            booking_id=booking.pk,
            people=[Person(client_id=one.client_id) for one in _named(booking)],
            accept_policy=True,
            by=actor_of(request),
            now=timezone.now(),
            unpaid_reason=data["reason"].strip() if data["how"] == CommitForm.UNPAID else "",
            notify=not data["quietly"],
        )
    except REFUSED as error:
        booking = booking_or_404(request, reference)
        if booking.status != Booking.Status.CONFIRMED:  # otherwise another click has confirmed it (F23)
            return _page(request, booking, form=form, problem=str(error), status=409)
    return redirect("desk:booking", reference=reference)


@require_POST
@desk_only
@comes_back_to(page_of)
def pay_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Open the payment page again, for example after the last one expired."""
    booking = booking_or_404(request, reference)
    try:
        pay_again(booking_id=booking.pk, by=actor_of(request), now=timezone.now())
    except BookingTerms.DoesNotExist as error:
        raise Http404 from error
    except REFUSED as error:
        return _page(request, booking, problem=str(error), status=409)
    return redirect("desk:booking", reference=reference)


@require_POST
@desk_only
@comes_back_to(page_of)
def pay_link(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the link to pay by the channels that the person chose."""
    booking = booking_or_404(request, reference)
    sent = send_pay_link(booking_id=booking.pk, by=actor_of(request), now=timezone.now())
    if not sent:
        return _page(
            request, booking, problem="They did not choose a way to get it. Read it aloud or print it.", status=409
        )
    return redirect(f"{reverse('desk:booking', args=[reference])}?sent={sent}")


@require_POST
@desk_only
@comes_back_to(page_of)
def more_time(request: HttpRequest, reference: str) -> HttpResponse:
    """Extend the hold to 15 minutes from now, at most 60 from its start."""
    booking = booking_or_404(request, reference)
    try:
        extend(booking_id=booking.pk, by=actor_of(request), now=timezone.now())
    except REFUSED as error:
        return _page(request, booking, problem=str(error), status=409)
    return redirect("desk:booking", reference=reference)


@require_POST
@desk_only
@comes_back_to(page_of)
def release(request: HttpRequest, reference: str) -> HttpResponse:
    """Release a hold."""
    booking = booking_or_404(request, reference)
    try:
        let_go(booking_id=booking.pk, by=actor_of(request), now=timezone.now(), reason="desk")
    except REFUSED as error:
        return _page(request, booking, problem=str(error), status=409)
    return redirect("desk:booking", reference=reference)


@require_POST
@desk_only
@comes_back_to(page_of)
def link(request: HttpRequest, reference: str, track: str) -> HttpResponse:
    """Issue a link to one person's part and show it once, to read out or print."""
    booking = booking_or_404(request, reference)
    participant = get_object_or_404(visible_to(Participant, actor_of(request)), booking=booking, track=track)
    secret = hand_out_link(participant=participant, by=actor_of(request), now=timezone.now())
    address = f"{settings.BASE_URL}{reverse('portal:open', args=[secret])}"
    return _page(request, booking, made=(track, address))


def _named(booking: Booking) -> list[Participant]:
    return list(booking.participants.exclude(client=None).select_related("client").order_by("track"))


def _page(
    request: HttpRequest,
    booking: Booking,
    *,
    form: CommitForm | None = None,
    problem: str = "",
    made: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    everybody = list(booking.participants.select_related("client").order_by("track"))
    people = [one for one in everybody if one.client]
    note_looks(client_ids=[one.client_id for one in people if one.client_id], page="booking", by=actor, now=now)
    is_held = booking.is_live_hold(now)
    rows = appointments_of(booking)
    context: dict[str, Any] = {
        "area": "book" if is_held else "day",
        "booking": booking,
        "word": BOOKING_WORDS[booking.status],
        "is_held": is_held,
        "people": [(one, contact_of(one.client) if one.client else None) for one in everybody],
        "has_links": booking.status in ("confirmed", "completed"),
        "made": made,
        "rows": rows,
        "pattern": pattern_of(booking, rows),
        "account": accounts([booking.pk]).get(booking.pk),
        "payment": payment_of(booking, now=now),
        "may_send": bool(people and people[0].client and (people[0].client.may_email or people[0].client.may_text)),
        "form": form or CommitForm(),
        "errors": bool(problem or (form and form.errors)),
        "problem": problem,
        "sent": request.GET.get("sent", ""),
        "quote": _quote(booking, people, now) if is_held else None,
        "items": WorkItem.objects.filter(subject="booking", subject_id=str(booking.pk), resolved_at=None),
    }
    return render(request, "desk/booking.html", context, status=status)


def _quote(booking: Booking, people: list[Participant], now: Any) -> Any:
    try:
        return quote(booked_opening(booking), client=people[0].client if people else None, now=now)
    except NotPriced:
        return None
