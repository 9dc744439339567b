"""Kept answers of calls with an Idempotency-Key."""

from django.db import models
from django.db.models import Q


class IdempotentCall(models.Model):
    """One call. Its secrets are derived from the Idempotency-Key, so the stored row alone reveals nothing.

    `lookup` finds the row. `request_mac` shows whether a repeated call has the same body. `answer` is encrypted.
    `status` is empty while the first call is running.
    """

    lookup = models.CharField(max_length=64, unique=True)
    request_mac = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.BinaryField(null=True, blank=True)
    created_at = models.DateTimeField(db_index=True)
    claimed_at = models.DateTimeField(help_text="When the run that is at work, or was, began.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__isnull=True, answer__isnull=True)
                | Q(status__gte=200, status__lte=499, answer__isnull=False),
                name="idempotent_call_is_at_work_or_answered",
            )
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"
