"""Pay for a booking that the desk holds, by the person's own link on their own device."""

from __future__ import annotations

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing.models import BookingTerms
from billing.operations.errors import PaymentUnavailable
from billing.operations.paying import pay_again
from billing.queries.payments import payment_of
from billing.queries.terms import policy_lines_of
from front.limits import limited
from front.payment_csp import PAYMENT_CSP
from scheduling.models import Participant
from scheduling.operations.bookings.extend import TooManyPaymentPages
from scheduling.operations.bookings.refused import HoldEnded

from .own import own_days, own_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@limited("bookings_per_address")
@csp_update(PAYMENT_CSP)  # type: ignore[arg-type]  # its stub knows no views with arguments
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the amount due (GET); go to the payment page (POST). Only the first person pays.

    The terms were agreed with the desk.
    """
    actor, participant = own_or_404(request, reference)
    booking, now = participant.booking, timezone.now()
    due = payment_of(booking, now=now).due_now
    if participant.track != Participant.Track.A or not due:
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            made = pay_again(booking_id=booking.pk, by=actor, now=now)
        except (HoldEnded, TooManyPaymentPages, PaymentUnavailable) as error:
            problem = str(error)
        except BookingTerms.DoesNotExist as error:
            raise Http404 from error
        else:
            if made.checkout_url:
                return HttpResponse(status=303, headers={"Location": made.checkout_url})
            return redirect("portal:done", reference=reference)
    context = {
        "booking": booking,
        "days": own_days(actor, participant),
        "due": due,
        "policy": policy_lines_of(booking, now=now),
        "problem": problem,
        "errors": bool(problem),
    }
    return render(request, "portal/pay.html", context, status=409 if problem else 200)
