"""Rooms that can be booked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from .location import Location
from .resource import Resource, ResourceOwner, owner_trigger


class Room(ResourceOwner):
    """A room of an office, with its capacity in people and its features."""

    RESOURCE_KIND = Resource.Kind.ROOM

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=40)
    capacity = models.PositiveSmallIntegerField(default=3, help_text="People, the clinician included.")
    features = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "name"], name="room_name_once_in_a_location"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="room_seats_somebody"),
        ]
        triggers = [owner_trigger(Resource.Kind.ROOM)]

    def __str__(self) -> str:
        return self.name
