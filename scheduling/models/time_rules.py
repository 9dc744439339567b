"""Working hours, breaks, time off, busy times and internal events, and the windows of external people."""

from datetime import timedelta

import pghistory
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.lookups import Exact

from .clinician import Clinician
from .location import Location
from .periods import minutes_check, period_check
from .resource import Resource, ResourceOwner, owner_trigger
from .room import Room

# An internal event repeats for at most this long, because all its occurrences are reserved at once.
LONGEST_REPEAT = timedelta(days=3 * 366)
# The week in which clocks go back is longer by this.
CLOCK_CHANGE = timedelta(hours=1)
# Time zones and repeats of events in these years stay within the range of `datetime`.
FIRST_YEAR, LAST_YEAR = 2000, 2199


@pghistory.track()
class WorkingHours(models.Model):
    """A weekly rule in the location's wall time, or at home (no location) in that of the clinician's zone.

    In minutes of the local day; an `ends_minute` above 1440 is past midnight. The rule applies every n weeks, counted
    from the week of `anchor_on`, on the days `[valid_from, valid_until)`, and only to `services` if there are any.
    """

    clinician = models.ForeignKey(Clinician, on_delete=models.CASCADE, related_name="working_hours")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    starts_minute = models.PositiveSmallIntegerField()
    ends_minute = models.PositiveSmallIntegerField()
    every_n_weeks = models.PositiveSmallIntegerField(default=1)
    anchor_on = models.DateField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    services = models.ManyToManyField("scheduling.Service", blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "working hours"
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="working_hours_weekday"),
            minutes_check("working_hours_minutes", "starts_minute", "ends_minute", 2880),
            models.CheckConstraint(
                condition=Q(ends_minute__lte=models.F("starts_minute") + 1440), name="working_hours_last_a_day_at_most"
            ),
            models.CheckConstraint(
                condition=Q(every_n_weeks=1) | Q(every_n_weeks__gt=1, every_n_weeks__lte=12, anchor_on__isnull=False),
                name="working_hours_alternate_weeks_have_an_anchor",
                violation_error_message="Hours of every second week need a week to count from.",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=models.F("valid_from")),
                name="working_hours_validity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinician_id} day {self.weekday} {self.starts_minute}-{self.ends_minute}"


@pghistory.track()
class Break(models.Model):
    """A break of at least `minutes` in a row between two wall times of the clinician's zone, such as lunch.

    On `weekdays` (0 is Monday; empty: every day). Bookings may move the break between the two times, but must leave
    room for it.
    """

    clinician = models.ForeignKey(Clinician, on_delete=models.CASCADE, related_name="breaks")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    starts_minute = models.PositiveSmallIntegerField()
    ends_minute = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]), name="break_weekdays"),
            minutes_check("break_between", "starts_minute", "ends_minute", 1440),
            models.CheckConstraint(
                condition=Q(Exact(models.F("minutes") % 5, 0))
                & Q(minutes__gte=5, minutes__lte=models.F("ends_minute") - models.F("starts_minute")),
                name="break_fits_between",
                violation_error_message="A break is whole five minutes and fits between its two times.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} minutes for {self.clinician_id}"


@pghistory.track()
class TimeOff(models.Model):
    """An absence of a clinician."""

    clinician = models.ForeignKey(Clinician, on_delete=models.CASCADE, related_name="time_off")
    during = DateTimeRangeField()
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name_plural = "time off"
        constraints = [period_check("time_off_period")]

    def __str__(self) -> str:
        return f"time off {self.pk}"


class BusyTime(models.Model):
    """A period imported from a clinician's own calendar."""

    clinician = models.ForeignKey(Clinician, on_delete=models.CASCADE, related_name="busy_times")
    during = DateTimeRangeField()
    source = models.CharField(max_length=80)

    class Meta:
        constraints = [period_check("busy_time_period")]

    def __str__(self) -> str:
        return f"busy time {self.pk}"


class InternalEvent(models.Model):
    """Supervision, a staff meeting, admin time or on-call time of one or more people, perhaps in a room.

    `during` is the first occurrence. It repeats every `repeat_weeks` weeks (0: once) until `repeat_until`, exclusive.
    Its occurrences are Reservations.
    """

    class Kind(models.TextChoices):
        SUPERVISION = "supervision"
        MEETING = "meeting"
        ADMIN = "admin"
        ON_CALL = "on_call"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=80)
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    people = models.ManyToManyField(Clinician, related_name="internal_events")
    during = DateTimeRangeField()
    repeat_weeks = models.PositiveSmallIntegerField(default=0)
    repeat_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["supervision", "meeting", "admin", "on_call"]), name="internal_event_kind"
            ),
            period_check("internal_event_period"),
            models.CheckConstraint(
                condition=Q(repeat_weeks=0, repeat_until__isnull=True)
                | Q(repeat_weeks__gt=0, repeat_until__isnull=False),
                name="internal_event_repeats_until",
            ),
            models.CheckConstraint(
                condition=Q(room__isnull=True) | Q(location__isnull=False),
                name="internal_event_room_has_a_location",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Raise ValidationError for an event that cannot be reserved, with a message per field to correct."""
        if self.during is not None and (faults := self.faults()):
            raise ValidationError(faults)

    def faults(self) -> dict[str, str]:
        """Messages by field if the event cannot be reserved: years out of range, or repeats that overlap or run on."""
        first, over = self.during.lower, self.during.upper
        if first.year < FIRST_YEAR or over.year > LAST_YEAR:
            return {NON_FIELD_ERRORS: f"Give years from {FIRST_YEAR} to {LAST_YEAR}."}
        if not self.repeat_weeks:
            return {}
        faults = {}
        if over - first > timedelta(weeks=self.repeat_weeks) + CLOCK_CHANGE:
            faults["repeat_weeks"] = "It would repeat before it ends. Repeat it less often, or end it sooner."
        if self.repeat_until and self.repeat_until - first.date() > LONGEST_REPEAT:
            faults["repeat_until"] = "Enter a date within three years of its start. Enter later dates as another event."
        return faults


class ExternalPerson(ResourceOwner):
    """A person without a login whom a block needs. The desk enters the windows in which they can come."""

    RESOURCE_KIND = Resource.Kind.EXTERNAL

    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    class Meta:
        triggers = [owner_trigger(Resource.Kind.EXTERNAL)]

    def __str__(self) -> str:
        return f"external person {self.pk}"


class ExternalWindow(models.Model):
    """A period in which an external person can come to an office, or to any office if `location` is empty."""

    person = models.ForeignKey(ExternalPerson, on_delete=models.CASCADE, related_name="windows")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    during = DateTimeRangeField()

    class Meta:
        constraints = [period_check("external_window_period")]

    def __str__(self) -> str:
        return f"window {self.pk}"
