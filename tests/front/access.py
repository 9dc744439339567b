"""The users and objects that are tried at every address of the site, and which answers count as access."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from backend.accounts.actor import Actor
from backend.accounts.models import User
from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item
from billing.operations.booking import book
from scheduling.models import Booking, Client, Clinician, Location
from scheduling.operations.clients import Person
from scheduling.operations.links.links import issue
from tests.factories import MONDAY, NOW, a_client, a_clinician, a_desk_actor, a_location, a_user
from tests.front.desk.conftest import opening_ids
from tests.signing_in import sign_in

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROLES = ("anonymous", "client_a", "client_b", "clinician_a", "clinician_b", "north", "south", "owner")
REFUSED = frozenset({401, 403, 404, 405})
TO_SIGN_IN = ("/accounts/login/?", "/accounts/2fa/totp/activate/", "/admin/login/")
# Addresses of third-party apps with one check of ours in front, which is tried once.
ONE_DOOR = {"admin": "admin:index"}


@dataclass(frozen=True)
class World:
    """North is Frisco, where clinician A sees client A. South is Dallas. Client and clinician B have no part in it."""

    people: dict[str, User]
    booking: Booking
    arguments: dict[str, Any]


def build(office: Any) -> World:
    """Make the objects whose ids are tried, all of them North's, and one user for each role."""
    south = a_location("dallas")
    people = {role: a_user(role.split("_")[0]) for role in ROLES if role.startswith("cli")}
    people |= {"north": _desk(office.location), "south": _desk(south), "owner": a_user("owner", is_staff=True)}
    Clinician.objects.filter(slug="robin-vale").update(user=people["clinician_a"])
    a_clinician(south, user=people["clinician_b"])
    client = a_client("Alex Reed", user=people["client_a"])
    a_client("Sam Stone", user=people["client_b"])
    booking = _unpaid(opening_ids(office.single)[0], client, people["owner"])
    return World(people, booking, _arguments(booking, client, office.location))


def _unpaid(opening: str, client: Client, owner: User) -> Booking:
    made = book(
        opening=opening,
        people=[Person(client_id=client.pk)],
        accept_policy=True,
        by=Actor(user=owner),
        now=NOW,
        unpaid_reason="pays at the desk",
    )
    return made.booking


def _desk(location: Location) -> User:
    user = a_desk_actor(location).user
    assert user is not None
    return user


def _arguments(booking: Booking, client: Client, location: Location) -> dict[str, Any]:
    participant = booking.participants.get()
    item = open_item(
        kind=WorkItem.Kind.REQUEST,
        key="k",
        subject="booking",
        subject_id=0,
        words="Call.",
        location_id=location.pk,
        now=NOW,
    )
    return {
        "appointment_id": participant.attendances.get().appointment_id,
        "client_id": client.pk,
        "day": MONDAY.isoformat(),
        "item_id": item.pk,
        "key": "set-password",
        "location": location.slug,
        "reference": booking.reference,
        "secret": issue(participant=participant, now=NOW),
        "slug": "single",
        "track": "A",
        "token": "nobody-has-this-token",
        "uidb36": "1",
    }


def patterns() -> Iterator[tuple[str, URLPattern]]:
    """All patterns of the URLconf, by full name."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(found: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        if isinstance(one, URLResolver):
            if one.namespace in ONE_DOOR:
                door = next(leaf for leaf in one.url_patterns if getattr(leaf, "name", "") == "index")
                yield ONE_DOOR[one.namespace], door
                continue
            yield from _walk(one.url_patterns, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        else:
            yield f"{prefix}{one.name or one.pattern}", one


def address(name: str, pattern: URLPattern, world: World) -> str:
    """The address of a pattern with the arguments of the world."""
    if name == "api:missing":
        return "/api/v1/no/such/thing/"
    wanted = pattern.pattern.regex.groupindex
    return reverse(name, kwargs={key: world.arguments[key] for key in wanted})


def gets_in(browser: Browser, method: str, path: str) -> bool:
    """True if the request is not refused. Bad input (400, 409, 422) counts as access; a server error fails the test."""
    response = browser.generic(method, path, content_type="application/x-www-form-urlencoded")
    assert response.status_code < 500, (method, path)
    return not is_refused(response)


def session_of(user: User | None) -> Browser:
    """A new browser of this person, because the last request may have ended the session or the second factor."""
    return sign_in(Browser(), user) if user is not None else Browser()


def is_refused(response: HttpResponse) -> bool:
    """True if the answer asks to sign in, forbids, or does not find."""
    elsewhere = response["Location"] if response.status_code == 302 else ""
    return response.status_code in REFUSED or elsewhere.startswith(TO_SIGN_IN)
