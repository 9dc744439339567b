"""A clinician's own appointments, and the state of their private calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from backend.accounts.actor import Actor
from scheduling.availability.timegrid.walltime import day_start
from scheduling.models import Appointment, Clinician, FeedToken
from scheduling.queries.calendars.day_list import Row, appointments_between, rows_of


def clinician_of(actor: Actor) -> Clinician | None:
    """The clinician that a signed-in user is, if any."""
    return Clinician.objects.filter(user=actor.user).first() if actor.user is not None else None


def led_by(*, clinician: Clinician, actor: Actor, first: date, until: date, now: datetime) -> list[Row]:
    """What `clinician` leads from the local date `first` to `until` (exclusive), in their own zone."""
    zone = ZoneInfo(clinician.zone)
    span = {"first": day_start(first, zone), "until": day_start(until, zone)}
    mine = Appointment.objects.filter(leads__clinician=clinician).values("pk")
    return rows_of(appointments_between(actor=actor, now=now, **span).filter(pk__in=mine))


def next_start(*, clinician: Clinician, actor: Actor, after: datetime, now: datetime) -> datetime | None:
    """When the next appointment after an instant begins, within eight weeks."""
    span = {"first": after, "until": after + timedelta(weeks=8)}
    mine = Appointment.objects.filter(leads__clinician=clinician).values("pk")
    rows = rows_of(appointments_between(actor=actor, now=now, **span).filter(pk__in=mine)[:20])
    return next((row.starts_at for row in rows if row.starts_at >= after), None)


def live_feed(actor: Actor) -> FeedToken | None:
    """The private calendar address that works now; its secret is not known here."""
    return FeedToken.objects.filter(user=actor.user, revoked_at=None).first()
