"""Work items: tasks for the desk or the owner."""

from django.db import models
from django.db.models import F, Q


class WorkItem(models.Model):
    """One task for the desk. `key` is unique while the item is open, so a repeated cause opens one item only.

    `subject` and `subject_id` are opaque ids of the cause. `location_id` names the location whose desk handles
    the item (empty: the owner). There are no foreign keys, because the apps that open items import this one.
    """

    class Kind(models.TextChoices):
        CLASH = "clash"
        ODD_MONEY = "odd_money"
        UNDELIVERED = "undelivered"
        DEADLINE = "deadline"
        REQUEST = "request"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    location_id = models.BigIntegerField(null=True, blank=True)
    words = models.CharField(max_length=300, help_text="What to do, without names.")
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    resolution = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(resolved_at__isnull=True), name="work_item_open_once"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=False) | Q(resolved_by__isnull=True, resolution=""),
                name="work_item_resolution_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["clash", "odd_money", "undelivered", "deadline", "request"]),
                name="work_item_kind",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | Q(resolved_at__gte=F("opened_at")),
                name="work_item_is_resolved_after_it_was_opened",
            ),
        ]
        indexes = [
            models.Index(
                fields=["location_id", "opened_at"],
                condition=Q(resolved_at__isnull=True),
                name="work_item_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
