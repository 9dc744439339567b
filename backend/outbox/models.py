"""The outbox: one row per message or command, receiver and purpose. It does not depend on the broker's data."""

from django.db import models
from django.db.models import Q


class Delivery(models.Model):
    """A message planned in the transaction of its cause, claimed after commit, checked again, then sent or withdrawn.

    `key` names receiver, purpose and cause and is unique, so the same message is never planned twice. `subject`
    and `subject_id` are opaque ids of the cause, `receiver_id` of the receiver. The text is written when it is sent.
    """

    class Status(models.TextChoices):
        PLANNED = "planned"
        CLAIMED = "claimed"
        SENT = "sent"
        WITHDRAWN = "withdrawn"
        MISSED = "missed"
        FAILED = "failed"
        UNKNOWN = "unknown"

    class Channel(models.TextChoices):
        EMAIL = "email"
        SMS = "sms"
        COMMAND = "command"

    key = models.CharField(max_length=160, unique=True)
    purpose = models.CharField(max_length=40, help_text="Names the handler, e.g. booking_confirmed.")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    receiver_id = models.BigIntegerField(null=True, blank=True)
    location_id = models.BigIntegerField(null=True, blank=True, help_text="Whose desk hears of it if it fails.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    due_at = models.DateTimeField()
    too_late_at = models.DateTimeField(null=True, blank=True, help_text="From then on it is missed, not sent.")
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True, help_text="Message-ID, or how a text is known again.")
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["planned", "claimed", "sent", "withdrawn", "missed", "failed", "unknown"]),
                name="delivery_status",
            ),
            models.CheckConstraint(condition=Q(channel__in=["email", "sms", "command"]), name="delivery_channel"),
            models.CheckConstraint(
                condition=Q(status="claimed", claimed_at__isnull=False, claim__isnull=False)
                | (~Q(status="claimed") & Q(claim__isnull=True)),
                name="delivery_claimed_names_the_claim",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "claimed"], finished_at__isnull=True)
                | (~Q(status__in=["planned", "claimed"]) & Q(finished_at__isnull=False)),
                name="delivery_finished_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(status="planned"), name="delivery_due"),
            models.Index(fields=["claimed_at"], condition=Q(status="claimed"), name="delivery_claimed"),
            models.Index(fields=["subject", "subject_id"], name="delivery_by_subject"),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="delivery_by_message"),
        ]

    def __str__(self) -> str:
        return self.key
