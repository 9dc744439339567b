"""What is locked and reserved: one row per clinician, room, client or external person."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q


class Resource(models.Model):
    """The lockable row. Its owner (clinician, room, ...) shares the primary key."""

    class Kind(models.TextChoices):
        CLINICIAN = "clinician"
        ROOM = "room"
        CLIENT = "client"
        EXTERNAL = "external"

    kind = models.CharField(max_length=12, choices=Kind.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["clinician", "room", "client", "external"]),
                name="resource_kind_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ResourceOwner(models.Model):
    """A model that is a resource: saving a new row makes the resource row first."""

    RESOURCE_KIND: ClassVar[str]

    resource = models.OneToOneField(Resource, on_delete=models.PROTECT, primary_key=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            if self.resource_id is None:
                self.resource = Resource.objects.create(kind=self.RESOURCE_KIND)
            super().save(*args, **kwargs)
