"""Payment and cancellation policies, stored as versions that are never edited."""

import pgtrigger
from django.db import models
from django.db.models import Q

from scheduling.models import Service


class Policy(models.Model):
    """One version of a service's terms. A change is a new version; the latest one with `valid_from` today or earlier
    is in force.

    Due at booking is nothing (the client pays after the visit), a sum, a share, or all. The rest is due
    `balance_days_before` the first day, on the location's calendar.
    """

    class DueNow(models.TextChoices):
        NOTHING = "nothing"
        SUM = "sum"
        SHARE = "share"
        ALL = "all"

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="policies")
    version = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateField()
    due_now = models.CharField(max_length=8, choices=DueNow.choices, default=DueNow.ALL)
    deposit_cents = models.PositiveIntegerField(null=True, blank=True)
    deposit_share_basis_points = models.PositiveSmallIntegerField(null=True, blank=True)
    balance_days_before = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(fields=["service", "version"], name="policy_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="policy_version_counts_from_one"),
            models.CheckConstraint(
                condition=Q(
                    due_now="sum",
                    deposit_cents__gt=0,
                    deposit_share_basis_points__isnull=True,
                    balance_days_before__isnull=False,
                )
                | Q(
                    due_now="share",
                    deposit_cents__isnull=True,
                    deposit_share_basis_points__gte=1,
                    deposit_share_basis_points__lte=9999,
                    balance_days_before__isnull=False,
                )
                | Q(
                    due_now__in=["nothing", "all"],
                    deposit_cents__isnull=True,
                    deposit_share_basis_points__isnull=True,
                    balance_days_before__isnull=True,
                ),
                name="policy_deposit_fits_what_is_due_now",
                violation_error_message=(
                    "A deposit is a sum or a share below 100 %, with a day for the balance; otherwise leave all empty."
                ),
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_edited", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The version that a participant accepts, such as `12.3`: primary key of the service, then `version`."""
        return f"{self.service_id}.{self.version}"


class PolicyTier(models.Model):
    """The fee for canceling less than `hours_before` the start, as a share of the price (10,000 is all of it).

    Whole days are counted on the location's calendar, at the same wall time (F39).
    """

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="tiers")
    hours_before = models.PositiveSmallIntegerField()
    fee_share_basis_points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "hours_before"], name="policy_tier_once"),
            models.CheckConstraint(condition=Q(hours_before__lte=24 * 180), name="policy_tier_hours"),
            models.CheckConstraint(
                condition=Q(fee_share_basis_points__gte=1, fee_share_basis_points__lte=10000),
                name="policy_tier_share",
                violation_error_message="The fee is more than nothing and at most the whole price.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_edited", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.policy_id}: {self.hours_before} h, {self.fee_share_basis_points}"
