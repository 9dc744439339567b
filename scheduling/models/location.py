"""Offices, their hours, closures and travel times."""

from zoneinfo import ZoneInfo, available_timezones

from django.contrib.postgres.fields import DateTimeRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from phonenumber_field.modelfields import PhoneNumberField

from scheduling.availability.timegrid.travel import FARTHEST_MINUTES

from .periods import minutes_check, period_check


def validate_zone(name: str) -> None:
    """Raise ValidationError for a name that is not in the time zone database (F44)."""
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is not a time zone. Use a name like America/Chicago.")


class Location(models.Model):
    """An office with its time zone."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80, unique=True)
    street = models.CharField(max_length=120)
    city = models.CharField(max_length=60)
    state = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=10)
    zone = models.CharField(max_length=40, default="America/Chicago", validators=[validate_zone])
    phone = PhoneNumberField()
    arrival = models.CharField(max_length=300, blank=True, help_text="How to get in and where to park.")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def address(self) -> str:
        return f"{self.street}, {self.city}, {self.state} {self.postal_code}"


class LocationHours(models.Model):
    """Opening hours of an office on a weekday (0 is Monday), in minutes of its local day; 1440 is midnight (F36)."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    starts_minute = models.PositiveSmallIntegerField()
    ends_minute = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="location_hours_weekday"),
            minutes_check("location_hours_minutes", "starts_minute", "ends_minute", 1440),
            models.UniqueConstraint(fields=["location", "weekday", "starts_minute"], name="location_hours_once"),
        ]

    def __str__(self) -> str:
        return f"{self.location_id} day {self.weekday} {self.starts_minute}-{self.ends_minute}"


class Closure(models.Model):
    """A period in which a room, an office, or (if neither is set) the whole practice is closed.

    Work from home continues while an office is closed, but not while the whole practice is.
    """

    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="closures")
    room = models.ForeignKey(
        "scheduling.Room", null=True, blank=True, on_delete=models.CASCADE, related_name="closures"
    )
    during = DateTimeRangeField()
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            period_check("closure_period"),
            models.CheckConstraint(
                condition=Q(location__isnull=True) | Q(room__isnull=True),
                name="closure_names_room_or_location",
            ),
        ]

    def __str__(self) -> str:
        return f"closure {self.pk}"


class TravelTime(models.Model):
    """Minutes of travel from one office to another. Each direction has its own row."""

    origin = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    destination = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "destination"], name="travel_time_once"),
            models.CheckConstraint(condition=~Q(origin=F("destination")), name="travel_time_between_two"),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=FARTHEST_MINUTES), name="travel_time_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} to {self.destination_id}: {self.minutes} min"
