"""Packages of prepaid sessions, drawn down by attendance."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from scheduling.models import Attendance, Booking, Client, Service


@pghistory.track(exclude=["sessions_used"])
class Package(models.Model):
    """A number of sessions of some services, usable through `expires_on`. A trigger counts `sessions_used`."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="packages")
    services = models.ManyToManyField(Service, related_name="packages")
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="What it was bought with."
    )
    sessions = models.PositiveSmallIntegerField()
    sessions_used = models.PositiveSmallIntegerField(default=0)
    price_cents = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, default="usd")
    bought_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True, help_text="The last day on which it can be used.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sessions__gte=1), name="package_has_sessions"),
            models.CheckConstraint(
                condition=Q(sessions_used__gte=0, sessions_used__lte=F("sessions")),
                name="package_is_not_overdrawn",
                violation_error_message="All sessions of this package are used.",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("bought_on")),
                name="package_expires_after_it_was_bought",
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[a-z]{3}$"), name="package_currency"),
        ]

    def __str__(self) -> str:
        return f"package {self.pk}"


class PackageDraw(models.Model):
    """One session drawn from a package for one attendance. Setting `returned_at` gives it back."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="draws")
    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="draws")
    drawn_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attendance"], condition=Q(returned_at__isnull=True), name="package_draw_once"
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(returned_at__gte=F("drawn_at")),
                name="package_draw_returns_after_it_was_drawn",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="count_sessions",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("returned_at") | pgtrigger.Delete,
                declare=[("delta", "integer := 0")],
                func="""
                    IF TG_OP <> 'INSERT' AND OLD.returned_at IS NULL THEN
                        delta := delta - 1;
                    END IF;
                    IF TG_OP <> 'DELETE' AND NEW.returned_at IS NULL THEN
                        delta := delta + 1;
                    END IF;
                    IF delta <> 0 THEN
                        UPDATE billing_package SET sessions_used = sessions_used + delta
                        WHERE id = COALESCE(NEW.package_id, OLD.package_id);
                    END IF;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"draw {self.pk}"
