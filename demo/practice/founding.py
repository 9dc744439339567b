"""Create the practice without bookings: offices, people, prices, rules and sign-ins; all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import transaction

from backend.accounts.actor import Actor
from backend.accounts.models import ApiToken, User
from scheduling.models import Client, Practice, ProgramRole
from scheduling.operations.clients import add_client_step

from .clients import person
from .people import PASSWORD, create_people, create_staff, create_user
from .places import create_places
from .services import create_services

ZONE = ZoneInfo("America/Chicago")
OWNER = "owner@clinic.example"
CLIENT = 0  # the number of the person who signs in as a client
SIGN_INS = (OWNER, "desk.north@clinic.example", "desk.south@clinic.example", "juniper@clinic.example")


def found(*, now: datetime) -> bool:
    """Create the practice and write the sign-ins to demo.json; False if both exist already.

    One transaction, so an interrupted start leaves nothing behind.
    """
    with transaction.atomic():
        is_new = not Practice.objects.exists()
        if is_new:
            _create(now.astimezone(ZONE).date(), now)
        elif _told().get("users") or not User.objects.filter(email=OWNER).exists():
            return False
        _write_sign_ins([*SIGN_INS, person(CLIENT).email])
    return is_new


def _create(today: date, now: datetime) -> None:
    Practice.objects.create(
        name="McKinney Counseling & Recovery",
        short_name="MCR Appointments",
        phone="+19725550100",
        email="appointments@mcr.example",
        statement_suffix="MCR",
    )
    places = create_places()
    services = create_services(places, today)
    create_people(places, services, {role.slug: role for role in ProgramRole.objects.all()}, today)
    staff = create_staff(places)
    _create_client(by=Actor(user=staff["owner"]), now=now)


def _create_client(*, by: Actor, now: datetime) -> Client:
    client = add_client_step(person=person(CLIENT), by=by, now=now)
    client.user = create_user(client.email, role="client", name=client.name_to_use)
    client.save(update_fields=["user"])
    EmailAddress.objects.create(user=client.user, email=client.email, verified=True, primary=True)
    return client


def _told() -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads((settings.VAR_DIR / "demo.json").read_text())
    except (OSError, ValueError):
        return {}
    return told


def _write_sign_ins(emails: Iterable[str]) -> None:
    """Write `users` to demo.json: role, name, email, password, authenticator secret, API token."""
    users = User.objects.in_bulk(list(emails), field_name="email")
    told = {"base_url": settings.BASE_URL} | _told() | {"users": [_sign_in(users[email]) for email in emails]}
    path = settings.VAR_DIR / "demo.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".json.new")
    unfinished.write_text(json.dumps(told, indent=2) + "\n")
    unfinished.replace(path)


def _sign_in(user: User) -> dict[str, str | None]:
    secret = None
    if user.is_practice_staff:
        secret = generate_totp_secret()
        Authenticator.objects.filter(user=user).delete()  # left from an earlier demo.json
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
