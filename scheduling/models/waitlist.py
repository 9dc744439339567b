"""The waitlist, and the offers made to clients on it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from .booking import Booking
from .client import Client
from .clinician import Clinician
from .location import Location
from .service import Service


class WaitlistEntry(models.Model):
    """A client's wish for a service between two local dates, perhaps with an office, a clinician and weekdays."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="waitlist_entries")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    clinician = models.ForeignKey(Clinician, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    earliest_on = models.DateField()
    latest_on = models.DateField()
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(latest_on__gte=F("earliest_on")), name="waitlist_dates"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("created_at")),
                name="waitlist_closes_after_it_was_made",
            ),
            models.CheckConstraint(condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]), name="waitlist_weekdays"),
        ]

    def __str__(self) -> str:
        return f"waitlist entry {self.pk}"


class Offer(models.Model):
    """A hold made for a client on the waitlist."""

    entry = models.ForeignKey(WaitlistEntry, on_delete=models.PROTECT, related_name="offers")
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="offer")
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(answered_at__isnull=True), name="offer_one_open_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("made_at")),
                name="offer_answered_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"
