"""Received webhooks, each stored once with its outcome."""

from django.db import models
from django.db.models import Q


class StripeEvent(models.Model):
    """A verified webhook. Its content is not stored, because the current state is read from the provider (F52).

    An empty `processed_at` means unprocessed; a redelivery or the reconciler then processes it (F51).
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting"
        RECORDED = "recorded"
        IGNORED = "ignored"
        ODD = "odd"

    event_id = models.CharField(max_length=120, unique=True)
    type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=120, blank=True)
    intent_id = models.CharField(max_length=120, blank=True)
    token = models.UUIDField(null=True, blank=True, help_text="Of our attempt, if the object's metadata names one.")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(event_id=""), name="stripe_event_has_an_id"),
            models.CheckConstraint(
                condition=Q(outcome="waiting", processed_at__isnull=True)
                | Q(outcome__in=["recorded", "ignored", "odd"], processed_at__isnull=False),
                name="stripe_event_processed_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(processed_at__isnull=True), name="stripe_event_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
