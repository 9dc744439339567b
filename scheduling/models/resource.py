"""Resources: one row to lock and reserve per clinician, room, client or external person."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models, transaction
from django.db.models import Q


class Resource(models.Model):
    """The row that is locked and reserved. Its owner (clinician, room, …) has the same primary key."""

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
        triggers = [pgtrigger.ReadOnly(name="kind_stays", fields=["kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


def owner_trigger(kind: Resource.Kind) -> pgtrigger.Trigger:
    """Require that the owner's resource row is of this kind, so that one row is never a clinician and a room."""
    return pgtrigger.Trigger(
        name="owns_its_kind",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("resource_id"),
        func=f"""
            IF NOT EXISTS (SELECT FROM scheduling_resource WHERE id = NEW.resource_id AND kind = '{kind}') THEN
                RAISE EXCEPTION 'owns_its_kind: resource % is no {kind}', NEW.resource_id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'owns_its_kind';
            END IF;
            RETURN NEW;
        """,
    )


class ResourceOwner(models.Model):
    """Base of models that own a resource. Saving a new row creates its resource row first."""

    RESOURCE_KIND: ClassVar[str]

    resource = models.OneToOneField(Resource, on_delete=models.PROTECT, primary_key=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            if self.resource_id is None:
                self.resource = Resource.objects.create(kind=self.RESOURCE_KIND)
            super().save(*args, **kwargs)
