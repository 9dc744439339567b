"""A clinician's own appointments, and the state of their private calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from backend.accounts.actor import Actor
from scheduling.availability.timegrid.walltime import day_start
from scheduling.models import Appointment, Clinician, FeedToken
from scheduling.queries.calendars.day_list import Row, appointments_between, rows_of


def clinician_of(actor: Actor) -> Clinician | None:
    """The clinician row of the signed-in user, or None."""
    return Clinician.objects.filter(user=actor.user).first() if actor.user is not None else None


def led_by(*, clinician: Clinician, actor: Actor, first: date, until: date, now: datetime) -> list[Row]:
    """Rows that `clinician` leads from `first` to `until` (exclusive), local dates in the clinician's own zone."""
    zone = ZoneInfo(clinician.zone)
    span = {"first": day_start(first, zone), "until": day_start(until, zone)}
    led = Appointment.objects.filter(leads__clinician=clinician).values("pk")
    return rows_of(appointments_between(actor=actor, now=now, **span).filter(pk__in=led))


def next_start(*, clinician: Clinician, actor: Actor, after: datetime, now: datetime) -> datetime | None:
    """Start (UTC) of the clinician's first appointment from `after` on, within eight weeks, or None."""
    span = {"first": after, "until": after + timedelta(weeks=8)}
    led = Appointment.objects.filter(leads__clinician=clinician).values("pk")
    rows = rows_of(appointments_between(actor=actor, now=now, **span).filter(pk__in=led)[:20])
    return next((row.starts_at for row in rows if row.starts_at >= after), None)


def live_feed(actor: Actor) -> FeedToken | None:
    """The user's live calendar token, or None. Only a digest of its secret is stored."""
    return FeedToken.objects.filter(user=actor.user, revoked_at=None).first()
