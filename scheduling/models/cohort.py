"""Cohorts: group appointments that are booked together."""

import pghistory
from django.db import models
from django.db.models import Q

from .location import Location
from .service import Service


@pghistory.track()
class Cohort(models.Model):
    """Group appointments that are booked as one: enrolling takes a seat in every appointment still to come.

    Enrollment closes at the instant `enroll_by`. If fewer than `minimum` people have enrolled by then, a person
    decides whether the cohort takes place. Appointments of a group without a cohort are booked one by one.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="cohorts")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="cohorts")
    enroll_by = models.DateTimeField()
    minimum = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minimum__gte=1), name="cohort_minimum"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(cancelled_at__gte=models.F("created_at")),
                name="cohort_is_cancelled_after_it_was_made",
            ),
        ]
        indexes = [
            models.Index(fields=["enroll_by"], condition=Q(cancelled_at__isnull=True), name="cohort_by_enrollment")
        ]

    def __str__(self) -> str:
        return f"cohort {self.pk}"
