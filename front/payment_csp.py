"""What pages that lead to the payment page add to the Content-Security-Policy."""

from django.conf import settings

# Browsers check where a form leads through every redirect, so the payment page's origin is named here.
PAYMENT_CSP = {"form-action": settings.PAYMENT_ORIGINS}
