"""The ledger: append-only lines of money owed and money paid."""

import pgtrigger
from django.db import models
from django.db.models import Q

from scheduling.models import Appointment, Booking

from .attempt import PaymentAttempt

# Signs are those of the client's account: OWED kinds lower it, GIVEN kinds raise it, and a settled account is zero.
OWED = ("charge", "fee", "refund", "dispute")
GIVEN = ("payment", "credit", "waiver", "refund_failed")


class LedgerEntry(models.Model):
    """One line in signed cents: negative for charges and refunds, positive for payments, credits and waivers.

    The sum over a booking is its credit; a negative sum is owed. Each provider object is recorded once per kind,
    even if it is reported twice (F60). An adjustment may have either sign and needs a note.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", "Charge"
        FEE = "fee", "Fee"
        CREDIT = "credit", "Charge taken back"
        WAIVER = "waiver", "Waived"
        PAYMENT = "payment", "Payment"
        REFUND = "refund", "Refund"
        REFUND_FAILED = "refund_failed", "Refund failed"
        DISPUTE = "dispute", "Lost dispute"
        ADJUSTMENT = "adjustment", "Adjustment"

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="ledger")
    appointment = models.ForeignKey(Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="ledger")
    attempt = models.ForeignKey(PaymentAttempt, null=True, blank=True, on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    amount_cents = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="usd")
    stripe_ref = models.CharField(max_length=120, blank=True, help_text="The provider's intent, refund or dispute.")
    note = models.CharField(max_length=200, blank=True, help_text="Why, or how it was paid; no names.")
    actor = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OWED, amount_cents__lt=0)
                | Q(kind__in=GIVEN, amount_cents__gt=0)
                | (Q(kind="adjustment") & ~Q(amount_cents=0)),
                name="ledger_sign_fits_the_kind",
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[a-z]{3}$"), name="ledger_currency"),
            models.CheckConstraint(
                condition=~Q(kind__in=["payment", "refund", "refund_failed", "dispute"])
                | ~Q(stripe_ref="")
                | ~Q(note=""),
                name="ledger_money_names_its_source",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["waiver", "adjustment"]) | ~Q(note=""),
                name="ledger_waiver_has_a_reason",
                violation_error_message="Say why.",
            ),
            models.UniqueConstraint(
                fields=["kind", "stripe_ref"], condition=~Q(stripe_ref=""), name="ledger_stripe_object_once"
            ),
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(kind="charge", appointment__isnull=True),
                name="ledger_booking_charged_once",
            ),
            models.UniqueConstraint(
                fields=["booking", "appointment"],
                condition=Q(kind="charge", appointment__isnull=False),
                name="ledger_appointment_charged_once",
            ),
        ]
        indexes = [models.Index(fields=["booking", "at"], name="ledger_of_booking")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_cents} {self.currency}"
