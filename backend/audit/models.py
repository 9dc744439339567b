"""Append-only record of views and changes. Lines hold ids, never personal text (promise 14)."""

import pgtrigger
from django.db import models
from django.db.models import Q


class AuditLine(models.Model):
    """One view or change. `subject` is a model label, `subject_id` a primary key; `detail` names fields, not values."""

    class Verb(models.TextChoices):
        VIEW = "view"
        SEARCH = "search"
        CREATE = "create"
        CHANGE = "change"
        EXPORT = "export"
        SIGN_IN = "sign_in"
        SIGN_IN_FAILED = "sign_in_failed"

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=64)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=20, choices=Verb.choices)
    subject = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verb__in=["view", "search", "create", "change", "export", "sign_in", "sign_in_failed"]),
                name="audit_verb",
            )
        ]
        indexes = [models.Index(fields=["subject", "subject_id", "at"], name="audit_by_subject")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb} {self.subject} {self.subject_id}"
