"""Payment attempts: one intended call to the payment provider, committed before the call is made."""

import pgtrigger
from django.db import models
from django.db.models import Q

from scheduling.models import Booking, Client

LIVE = ("planned", "open")
# An expired or failed attempt may still succeed, because the provider's money counts. Only a refund can fail after
# it succeeded (F63).
ATTEMPT_MOVES = (
    ("planned", "open"),
    ("planned", "succeeded"),
    ("planned", "expired"),
    ("planned", "failed"),
    ("open", "succeeded"),
    ("open", "expired"),
    ("open", "failed"),
    ("expired", "succeeded"),
    ("failed", "succeeded"),
    ("succeeded", "failed"),
)


class PaymentAttempt(models.Model):
    """A payment page or a refund: its idempotency key, its exact parameters and the provider's answer.

    At most one page is live per booking and purpose, and one refund per payment, so two clicks open one page (F75).
    `token` is the opaque id in the provider's metadata. `refund_of` is the payment that a refund gives back.
    """

    class Purpose(models.TextChoices):
        DEPOSIT = "deposit"
        BALANCE = "balance"
        REFUND = "refund"

    class Status(models.TextChoices):
        PLANNED = "planned"
        OPEN = "open"
        SUCCEEDED = "succeeded"
        EXPIRED = "expired"
        FAILED = "failed"

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="payment_attempts")
    payer = models.ForeignKey(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    refund_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="refunds")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    amount_cents = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, default="usd")
    token = models.UUIDField(unique=True)
    idempotency_key = models.CharField(max_length=80, unique=True)
    parameters = models.JSONField(help_text="What is sent, to the letter; a repeated call repeats it.")
    stripe_session_id = models.CharField(max_length=120, blank=True)
    stripe_intent_id = models.CharField(max_length=80, blank=True)
    stripe_refund_id = models.CharField(max_length=80, blank=True)
    url = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When the provider was last asked about it.")
    settled_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=120, blank=True, help_text="The provider's code, no words.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=["deposit", "balance", "refund"]), name="attempt_purpose"),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "open", "succeeded", "expired", "failed"]), name="attempt_status"
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="attempt_is_for_money"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[a-z]{3}$"), name="attempt_currency"),
            models.CheckConstraint(
                condition=Q(purpose="refund", refund_of__isnull=False)
                | (~Q(purpose="refund") & Q(refund_of__isnull=True)),
                name="attempt_refund_names_the_payment",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "open"], settled_at__isnull=True)
                | Q(status__in=["succeeded", "expired", "failed"], settled_at__isnull=False),
                name="attempt_settled_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="open")
                | Q(purpose="refund")
                | (~Q(stripe_session_id="") & ~Q(url="") & Q(expires_at__isnull=False)),
                name="attempt_open_page_has_an_address_and_an_end",
            ),
            models.UniqueConstraint(
                fields=["booking", "purpose"],
                condition=Q(status__in=LIVE) & ~Q(purpose="refund"),
                name="attempt_one_live_page_for_a_purpose",
            ),
            models.UniqueConstraint(
                fields=["refund_of"],
                condition=Q(status__in=LIVE, purpose="refund"),
                name="attempt_one_live_refund_of_a_payment",
            ),
            models.UniqueConstraint(
                fields=["stripe_session_id"], condition=~Q(stripe_session_id=""), name="attempt_session_once"
            ),
            models.UniqueConstraint(
                fields=["stripe_intent_id"],
                condition=~Q(stripe_intent_id="") & ~Q(purpose="refund"),
                name="attempt_intent_once",
            ),
            models.UniqueConstraint(
                fields=["stripe_refund_id"], condition=~Q(stripe_refund_id=""), name="attempt_refund_once"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(status__in=LIVE), name="attempt_live"),
        ]
        triggers = [
            pgtrigger.FSM(name="moves", field="status", transitions=list(ATTEMPT_MOVES)),
            pgtrigger.Protect(
                name="only_refunds_fail_late",
                operation=pgtrigger.UpdateOf("status"),
                condition=pgtrigger.Q(old__status="succeeded", new__status="failed")
                & ~pgtrigger.Q(new__purpose="refund"),
            ),
            pgtrigger.Protect(
                name="born_planned",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__status="planned"),
            ),
            pgtrigger.Protect(
                name="key_and_amount_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "booking",
                    "purpose",
                    "refund_of",
                    "amount_cents",
                    "currency",
                    "token",
                    "idempotency_key",
                    "parameters",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.status in LIVE
