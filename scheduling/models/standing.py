"""Standing appointments: open-ended, at the same wall time every n weeks."""

from django.db import models
from django.db.models import F, Q

from .booking import Booking
from .clinician import Clinician
from .room import Room


class Standing(models.Model):
    """The pattern of a standing booking, generated 26 weeks ahead. Two alternating clients have one each."""

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, primary_key=True, related_name="standing")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    starts_minute = models.PositiveSmallIntegerField()
    every_n_weeks = models.PositiveSmallIntegerField(default=1)
    first_on = models.DateField()
    generated_until = models.DateField()
    paused_from = models.DateField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="standing_weekday"),
            models.CheckConstraint(condition=Q(starts_minute__lt=1440), name="standing_minute"),
            models.CheckConstraint(condition=Q(every_n_weeks__gte=1, every_n_weeks__lte=12), name="standing_weeks"),
            models.CheckConstraint(
                condition=Q(paused_from__isnull=True, paused_until__isnull=True)
                | Q(paused_from__isnull=False, paused_until__isnull=False, paused_until__gt=F("paused_from")),
                name="standing_pause_has_two_ends",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("first_on")),
                name="standing_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"standing {self.pk}"


class StandingSkip(models.Model):
    """A date on which a standing appointment does not take place."""

    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="skips")
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["standing", "on"], name="standing_skip_once")]

    def __str__(self) -> str:
        return f"{self.standing_id} not on {self.on}"
