"""The terms of one booking, frozen when it is booked."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from scheduling.models import Booking

from .policy import Policy
from .price import ClientRate


class BookingTerms(models.Model):
    """Price, deposit, balance date and cancellation tiers of one booking. Later prices and policies do not apply to it.

    `tiers` is a list of `{"hours_before": int, "fee_share_basis_points": int}`, the longest first. `balance_on` is
    a day of the location's calendar; without it `later_cents` are due after the visit.
    """

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, primary_key=True, related_name="terms")
    policy = models.ForeignKey(Policy, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    policy_version = models.CharField(max_length=40, help_text="The words that were shown and accepted.")
    rate = models.ForeignKey(ClientRate, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3, default="usd")
    price_cents = models.PositiveIntegerField()
    due_now_cents = models.PositiveIntegerField()
    later_cents = models.PositiveIntegerField()
    balance_on = models.DateField(null=True, blank=True)
    tiers = models.JSONField(default=list)
    frozen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "booking terms"
        constraints = [
            models.CheckConstraint(
                condition=Q(price_cents=F("due_now_cents") + F("later_cents")), name="booking_terms_add_up"
            ),
            models.CheckConstraint(
                condition=Q(later_cents__gt=0) | Q(balance_on__isnull=True), name="booking_terms_balance_is_dated"
            ),
            models.CheckConstraint(condition=~Q(policy_version=""), name="booking_terms_name_the_words"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[a-z]{3}$"), name="booking_terms_currency"),
        ]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"terms of {self.booking_id}"
