"""`manage.py seed_demo`: the demo practice, once, through the real operations."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from tqdm import tqdm

from backend.accounts.actor import Actor
from backend.accounts.models import ApiToken, User
from backend.outbox.models import Delivery
from demo.practice.calendar import Calendar, close_past_visits, weeks_to_fill
from demo.practice.clients import invented_people
from demo.practice.groups import open_groups
from demo.practice.people import PASSWORD, create_people, create_staff
from demo.practice.places import create_places
from demo.practice.services import create_services
from scheduling.models import Booking, Client, Clinician, Practice, ProgramRole
from scheduling.operations.clients import Person

ZONE = ZoneInfo("America/Chicago")


class Command(BaseCommand):
    help = "Fills an empty database with the demo practice and writes VAR_DIR/demo.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--short", action="store_true", help="Fill one week only, this one or the next: for tests.")

    def handle(self, *args: Any, **options: Any) -> None:
        if Practice.objects.exists():
            self.stdout.write("The practice is there already.")
            return
        now = timezone.now()
        people = invented_people()
        clinicians, staff = _create_practice(now, people)
        weeks = weeks_to_fill(now.astimezone(ZONE).date(), short=options["short"])
        calendar = _fill(clinicians, people, Actor(user=staff["owner"]), now, weeks)
        _settle_the_past(now)
        Clinician.objects.filter(name="Ignatius Thistlewood").update(takes_new_clients=False)  # his calendar is full
        _write_sign_ins([staff["owner"], staff["desk"], staff["desk-south"], _clinician(clinicians), _client()])
        self.stdout.write(f"{calendar.booked} bookings, {Client.objects.count()} clients.")


def _create_practice(now: datetime, people: Iterator[Person]) -> tuple[list[Clinician], dict[str, User]]:
    today = now.astimezone(ZONE).date()
    Practice.objects.create(
        name="McKinney Counseling & Recovery",
        short_name="MCR Appointments",
        phone="+19725550100",
        email="appointments@mcr.example",
        statement_suffix="MCR",
    )
    places = create_places()
    services = create_services(places, today)
    roles = {role.slug: role for role in ProgramRole.objects.all()}
    clinicians, staff = create_people(places, services, roles, today), create_staff(places)
    open_groups(places, services, clinicians, by=Actor(user=staff["owner"]), people=people, today=today, now=now)
    return clinicians, staff


def _fill(clinicians: list[Clinician], people: Iterator[Person], by: Actor, now: datetime, weeks: range) -> Calendar:
    calendar = Calendar(by=by, people=people, now=now)
    steps = len(weeks) * (len(clinicians) + 1)
    bar = tqdm(total=steps, desc="Filling calendars", unit="week", file=sys.stderr, mininterval=0.5)
    for _ in calendar.fill(clinicians, now.astimezone(ZONE).date(), weeks):
        bar.update()
        bar.set_postfix(bookings=calendar.booked, refresh=False)
    bar.close()
    return calendar


def _settle_the_past(now: datetime) -> None:
    """Past visits took place, and what would have been said about them is not said now."""
    close_past_visits(now=now)
    Delivery.objects.filter(status=Delivery.Status.PLANNED, due_at__lte=now).update(
        status=Delivery.Status.WITHDRAWN, finished_at=now
    )


def _clinician(clinicians: list[Clinician]) -> User:
    user = clinicians[0].user
    assert user is not None
    return user


def _client() -> User:
    """A sign-in for the person whose next visit comes first."""
    upcoming = Booking.objects.filter(
        status=Booking.Status.CONFIRMED,
        participants__attendances__status="booked",
        participants__track="A",
        service__party="individual",
    ).order_by("participants__attendances__appointment__during")
    booking = upcoming.first()
    assert booking is not None
    client = Client.objects.get(participations__booking=booking)
    user = User.objects.create_user(client.email, PASSWORD, role="client", name=client.name_to_use)
    EmailAddress.objects.create(user=user, email=client.email, verified=True, primary=True)
    client.user = user
    client.save(update_fields=["user"])
    return user


def _write_sign_ins(users: list[User]) -> None:
    """`users` of demo.json: role, name, address, password, second factor, API token."""
    path = settings.VAR_DIR / "demo.json"
    told = json.loads(path.read_text()) if path.exists() else {}
    told["users"] = [_sign_in(user) for user in users]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=2) + "\n")


def _sign_in(user: User) -> dict[str, str | None]:
    secret = None
    if user.is_practice_staff:
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    return {
        "role": user.role,
        "name": user.name,
        "email": user.email,
        "password": PASSWORD,
        "totp_secret": secret,
        "api_token": ApiToken.issue(user, label="demo"),
    }
