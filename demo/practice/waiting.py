"""Waitlist entries, a package, and links between clients.

There are no verbs for these yet, so the rows are written here.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from billing.models import Package, PackageDraw
from scheduling.models import Attendance, Client, ClientLink, Offer, Service, WaitlistEntry
from scheduling.operations.bookings.hold import hold_for
from scheduling.operations.clients import Person, add_client_step

from .clients import as_known, person
from .open_ends import free
from .scene import Scene, has_booked

WAITING = (70, 71, 72)
OFFERED, GUARDIAN, WARD, APART = 73, 74, 75, (76, 77)
PACKAGE_SESSIONS, PACKAGE_CENTS = 6, 51000
A_DAY = 24 * 60


def let_wait(scene: Scene) -> None:
    """Add all of them, once."""
    with transaction.atomic():
        if not WaitlistEntry.objects.exists():
            for number in WAITING:
                _wait(scene, number, closed=number == WAITING[-1])
            _relate(scene)
    _offer(scene)
    _sell_package(scene)


def _wait(scene: Scene, number: int, *, closed: bool = False) -> WaitlistEntry:
    return WaitlistEntry.objects.create(
        client=_client(scene, number),
        service=Service.objects.get(slug="individual"),
        location=scene.places["frisco"] if number % 2 else None,
        earliest_on=scene.today,
        latest_on=scene.today + timedelta(weeks=4),
        weekdays=[0, 2] if number % 2 else [],
        created_at=scene.now - timedelta(days=2),
        closed_at=scene.now - timedelta(hours=1) if closed else None,
    )


def _client(scene: Scene, number: int) -> Client:
    (known,) = as_known([number])
    if known.client_id is not None:
        return Client.objects.get(pk=known.client_id)
    return add_client_step(person=person(number), by=scene.by, now=scene.now)


def _relate(scene: Scene) -> None:
    """Link two clients who must not meet, and a child with a guardian."""
    low, high = sorted(_client(scene, number).pk for number in APART)
    ClientLink.objects.create(first_id=low, second_id=high, kind=ClientLink.Kind.KEEP_APART, since=scene.now)
    guardian = _client(scene, GUARDIAN)
    ward = add_client_step(person=Person(name=person(WARD).name), by=scene.by, now=scene.now)
    ClientLink.objects.create(first=guardian, second=ward, kind=ClientLink.Kind.GUARDIAN, since=scene.now)


def _offer(scene: Scene) -> None:
    opening = free(scene, "individual", at=14)
    if opening is None or has_booked(OFFERED):
        return
    people = [person(OFFERED)]
    held = hold_for(opening=opening.id, people=people, by=scene.by, now=scene.now, hold_minutes=A_DAY)
    Offer.objects.create(entry=_wait(scene, OFFERED), booking=held, made_at=scene.now)


def _sell_package(scene: Scene) -> None:
    """Sell six coaching sessions to a client who comes already, with two of them used."""
    visits = Attendance.objects.filter(
        appointment__service__slug="coaching", participant__client__isnull=False, participant__booking__kind="series"
    )
    first = visits.order_by("pk").first() or Attendance.objects.filter(appointment__service__slug="coaching").first()
    if first is None or first.participant.client is None or Package.objects.exists():
        return
    with transaction.atomic():
        package = Package.objects.create(
            client=first.participant.client,
            sessions=PACKAGE_SESSIONS,
            price_cents=PACKAGE_CENTS,
            bought_on=scene.today - timedelta(weeks=4),
            expires_on=scene.today + timedelta(weeks=26),
        )
        package.services.set(Service.objects.filter(slug="coaching"))
        used = first.participant.attendances.order_by("appointment__during")[:2]
        PackageDraw.objects.bulk_create(
            PackageDraw(package=package, attendance=one, drawn_at=scene.now) for one in used
        )
