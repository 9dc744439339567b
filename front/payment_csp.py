"""Content-Security-Policy for pages that lead to the payment page."""

from django.conf import settings

# Browsers apply form-action to every redirect after a form, so the payment page's origin must be listed.
PAYMENT_CSP = {"form-action": settings.PAYMENT_ORIGINS}
