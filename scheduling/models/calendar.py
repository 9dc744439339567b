"""Calendar objects sent to clients, and the tokens of private calendar feeds."""

from django.db import models
from django.db.models import F, Q

from backend.accounts.models import digest_check

from .booking import Booking
from .client import Client


class CalendarObject(models.Model):
    """One UID per client and booking. SEQUENCE rises with every change that is sent (RFC 5546 §2.1.4, F83)."""

    class Method(models.TextChoices):
        NONE = "", "nothing sent yet"
        REQUEST = "REQUEST"
        CANCEL = "CANCEL"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="calendar_objects")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="calendar_objects")
    uid = models.CharField(max_length=80, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    organizer = models.EmailField()
    last_method = models.CharField(max_length=8, choices=Method.choices, blank=True)
    stamped_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "booking"], name="calendar_object_once"),
            models.CheckConstraint(
                condition=Q(last_method__in=["", "REQUEST", "CANCEL"]), name="calendar_object_method"
            ),
        ]

    def __str__(self) -> str:
        return self.uid


class FeedToken(models.Model):
    """The secret in the URL of a user's private calendar feed, stored as a digest. At most one is live (F130)."""

    class Detail(models.TextChoices):
        BUSY = "busy"
        INITIALS = "initials"

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="feed_tokens")
    digest = models.CharField(max_length=64, unique=True)
    detail = models.CharField(max_length=8, choices=Detail.choices, default=Detail.BUSY)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(revoked_at__isnull=True), name="feed_token_one_live"),
            models.CheckConstraint(condition=Q(detail__in=["busy", "initials"]), name="feed_token_detail"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("created_at")),
                name="feed_token_dies_after_it_was_made",
            ),
            digest_check("feed_token_is_a_digest"),
        ]

    def __str__(self) -> str:
        return f"feed of user {self.user_id}"
