"""Prices of services, and rates agreed with single clients."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from scheduling.models import Client, Service
from scheduling.models.clinician import Clinician


class _Days(Func):
    """The days of a row, `[valid_from, valid_until)`, without an end if `valid_until` is null."""

    function = "DATERANGE"
    output_field = DateRangeField()

    def __init__(self) -> None:
        super().__init__(F("valid_from"), F("valid_until"))


def _ends_after_it_begins(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
        name=name,
        violation_error_message="The end must be after the first day.",
    )


@pghistory.track()
class Price(models.Model):
    """Price in cents of one booking of a service, by clinician level. '' applies to levels without their own price.

    In force on the days `[valid_from, valid_until)` of the responsible location. The day of booking decides.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="prices")
    level = models.CharField(max_length=12, choices=Clinician.Level.choices, blank=True)
    amount_cents = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="The first day on which it no longer holds.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=["", "associate", "standard", "senior"]), name="price_level"),
            _ends_after_it_begins("price_ends_after_it_begins"),
            ExclusionConstraint(
                name="price_one_at_a_time",
                expressions=[
                    ("service", RangeOperators.EQUAL),
                    ("level", RangeOperators.EQUAL),
                    (_Days(), RangeOperators.OVERLAPS),
                ],
                violation_error_message="There is a price for these days already. End it first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.level or 'any level'}: {self.amount_cents}"


@pghistory.track(exclude=["reason"])
class ClientRate(models.Model):
    """The amount in cents that one client pays for a service instead of its price, with the reason and dates."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="rates")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="client_rates")
    amount_cents = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="The first day on which it no longer holds.")
    agreed_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="client_rate_has_a_reason",
                violation_error_message="Say why this rate was agreed.",
            ),
            _ends_after_it_begins("client_rate_ends_after_it_begins"),
            ExclusionConstraint(
                name="client_rate_one_at_a_time",
                expressions=[
                    ("client", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    (_Days(), RangeOperators.OVERLAPS),
                ],
                violation_error_message="A rate is agreed for these days already. End it first.",
            ),
        ]

    def __str__(self) -> str:
        return f"rate {self.pk}"
