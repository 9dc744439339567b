"""Receive the payment provider's webhooks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing.gateway import BadSignature
from billing.operations.webhook import receive

LARGEST_BYTES = 256 * 1024


@csrf_exempt  # the provider's signature replaces the CSRF token
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """200 once stored and processed, 400 for a bad signature. After a 5xx the provider sends it again (F51)."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BYTES:
        return HttpResponse(status=413)
    try:
        receive(payload=request.body, signature=request.headers.get("Stripe-Signature", ""), now=timezone.now())
    except BadSignature:
        return HttpResponse(status=400)
    return HttpResponse(status=200)
