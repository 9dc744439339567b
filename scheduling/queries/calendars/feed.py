"""Entries of a private calendar address: a clinician's appointments, or a client's own part."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from psycopg.types.range import Range

from backend.accounts.actor import Actor
from backend.accounts.models import User
from scheduling.ical.entry import Entry, Span
from scheduling.models import (
    Appointment,
    Attendance,
    Booking,
    CalendarObject,
    Client,
    FeedToken,
    Reservation,
    Service,
)
from scheduling.models.appointment import ACTIVE_ATTENDANCE
from scheduling.queries.people.parts import Part, called_off_of, parts_where, spans
from scheduling.queries.people.visibility import visible_to

PAST, AHEAD = timedelta(days=30), timedelta(days=400)
CANCELLED_SHOWN = timedelta(days=30)  # long enough for every subscribed calendar to delete it (F99)
NAMES = uuid.UUID("6f1c0f0e-52c7-4b52-9a54-8f4f6d3fd1a4")


def feed_of(digest: str) -> FeedToken | None:
    """The live token with this digest, with its user; None if it was revoked or the user is not active."""
    live = FeedToken.objects.filter(digest=digest, revoked_at=None, user__is_active=True)
    return live.select_related("user").first()


def entries(token: FeedToken, *, now: datetime) -> list[Entry]:
    """Calendar entries of a feed for the last 30 and the next 400 days, in a fixed number of queries."""
    actor = Actor(user=token.user)
    if token.user.role == User.Role.CLIENT:
        return _client_entries(actor, now=now)
    with_initials = token.detail == FeedToken.Detail.INITIALS
    appointments = [_appointment_entry(one, with_initials) for one in _led(actor, now=now)]
    return [*appointments, *(_internal_entry(one, with_initials) for one in _internal(actor, now=now))]


def _window(now: datetime) -> Range[datetime]:
    return Range(now - PAST, now + AHEAD, "[)")


def _led(actor: Actor, *, now: datetime) -> QuerySet[Appointment]:
    """Appointments with a booking that was confirmed, and all planned groups. Holds are left out.

    A canceled appointment stays for 30 days.
    """
    attended = Attendance.objects.select_related("participant__client").order_by("participant__track", "pk")
    statuses = ["confirmed", "completed", "cancelled"]
    booked = Attendance.objects.filter(participant__booking__status__in=statuses)
    firm = Q(service__party=Service.Party.GROUP) | Q(pk__in=booked.values("appointment"))
    return (
        visible_to(Appointment, actor)
        .filter(
            firm,
            leads__clinician__user=actor.user,
            during__overlap=_window(now),
        )
        .exclude(cancelled_at__lt=now - CANCELLED_SHOWN)
        .annotate(changes=Count("events", distinct=True), changed_at=Max("events__pgh_created_at"))
        .select_related("location")
        .prefetch_related(Prefetch("attendances", queryset=attended))
        .order_by("during", "pk")
    )


def _appointment_entry(appointment: Appointment, with_initials: bool) -> Entry:
    is_cancelled = appointment.status == Appointment.Status.CANCELLED
    place = appointment.location.name if with_initials and appointment.mode == "office" else ""
    return Entry(
        uid=str(uuid.uuid5(NAMES, f"appointment:{appointment.pk}")),
        sequence=max(appointment.changes - 1, 0),  # type: ignore[attr-defined]  # annotated above
        stamped_at=appointment.changed_at or appointment.during.lower,  # type: ignore[attr-defined]
        zone=appointment.location.zone,
        spans=[Span(starts_at=appointment.during.lower, ends_at=appointment.during.upper, place=place)],
        summary=_initials(appointment) if with_initials else "Busy",
        is_cancelled=is_cancelled,
    )


def _initials(appointment: Appointment) -> str:
    """Initials of the attendees, such as “A.R., J.R.”; never a name, a service or a number of people."""
    is_planned = appointment.status == Appointment.Status.PLANNED
    statuses = set(ACTIVE_ATTENDANCE) if is_planned else {"cancelled", "late_cancelled"}
    shown = [one for one in appointment.attendances.all() if one.status in statuses]
    return ", ".join(one.participant.client.initials for one in shown if one.participant.client) or "Appointment"


def _internal(actor: Actor, *, now: datetime) -> QuerySet[Reservation]:
    return (
        Reservation.objects.unreleased()
        .filter(
            resource__clinician__user=actor.user,
            internal_event__isnull=False,
            during__overlap=_window(now),
        )
        .select_related("internal_event__location", "resource__clinician")
        .order_by("during", "pk")
    )


def _internal_entry(reservation: Reservation, with_title: bool) -> Entry:
    event = reservation.internal_event
    assert event is not None
    return Entry(
        uid=str(uuid.uuid5(NAMES, f"reservation:{reservation.pk}")),
        sequence=0,
        stamped_at=reservation.during.lower,
        zone=event.location.zone if event.location else reservation.resource.clinician.zone,
        spans=[Span(starts_at=reservation.during.lower, ends_at=reservation.during.upper)],
        summary=event.title if with_title else "Busy",
    )


def _client_entries(actor: Actor, *, now: datetime) -> list[Entry]:
    """One entry for each booking for which the client has chosen how to be reached (promise 10)."""
    parts = parts_where(
        client__user=actor.user,
        chosen_at__isnull=False,
        booking__status__in=[Booking.Status.CONFIRMED, Booking.Status.COMPLETED, Booking.Status.CANCELLED],
    )
    recent = [part for part in parts if not _is_long_cancelled(part, now)]
    cancelled = called_off_of([part for part in recent if part.booking.status == Booking.Status.CANCELLED])
    objects = {one.booking_id: one for one in CalendarObject.objects.filter(client__user=actor.user)}
    found = []
    for part in recent:
        visits = cancelled.get(part.participant.pk, []) or part.visits
        if visits and visits[-1].ends_at > now - PAST:
            with_place = part.client.wording == Client.Wording.STANDARD
            found.append(_part_entry(part, objects.get(part.booking.pk), spans(visits, with_place=with_place)))
    return found


def _is_long_cancelled(part: Part, now: datetime) -> bool:
    return part.booking.cancelled_at is not None and part.booking.cancelled_at < now - CANCELLED_SHOWN


def _part_entry(part: Part, known: CalendarObject | None, stretches: list[Span]) -> Entry:
    """Entry with the UID and SEQUENCE of the booking's invites, if it has any (`known`)."""
    return Entry(
        uid=known.uid if known else str(uuid.uuid5(NAMES, f"participant:{part.participant.pk}")),
        sequence=known.sequence if known else int(part.booking.cancelled_at is not None),
        stamped_at=known.stamped_at if known else part.booking.confirmed_at or part.booking.created_at,
        zone=part.booking.location.zone,
        spans=stretches,
        is_cancelled=part.booking.status == Booking.Status.CANCELLED,
    )
