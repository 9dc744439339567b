"""Factories of rows for tests. All people and places in them are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from backend.accounts.actor import Actor
from backend.accounts.models import User
from scheduling.models import (
    Client,
    Clinician,
    DeskPost,
    License,
    Location,
    LocationHours,
    Practice,
    Program,
    ProgramBlock,
    ProgramRole,
    Room,
    Service,
    TravelTime,
    WorkingHours,
)
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.opening import Opening
from scheduling.queries.openings.search import Search
from scheduling.queries.why_not.why_not import WhyNot, why_not

# A Monday, well before the clock change of 2027-03-14.
NOW = datetime(2027, 2, 1, 15, 0, tzinfo=UTC)
MONDAY = date(2027, 2, 8)
_numbers = count(1)


def number() -> int:
    return next(_numbers)


def a_practice(**fields: Any) -> Practice:
    defaults = {
        "name": "Harbor Example Practice",
        "short_name": "HEP Appointments",
        "phone": "+12145550100",
        "email": "appointments@hep.example",
        "statement_suffix": "HEP",
    }
    return Practice.objects.create(**defaults | fields)


def a_user(role: str = "owner", **fields: Any) -> User:
    n = number()
    return User.objects.create_user(
        fields.pop("email", f"user{n}@staff.example"), "a long password", role=role, name=f"Person {n}", **fields
    )


def an_actor(role: str = "owner", **fields: Any) -> Actor:
    return Actor(user=a_user(role, **fields))


def a_stranger(holder: str = "browser-1") -> Actor:
    return Actor(holder=holder)


def a_desk_actor(*locations: Location) -> Actor:
    actor = an_actor("desk")
    DeskPost.objects.bulk_create(DeskPost(user=actor.user, location=location) for location in locations)
    return actor


def a_location(slug: str = "", *, hours: tuple[int, int] | None = (480, 1200), **fields: Any) -> Location:
    slug = slug or f"office-{number()}"
    defaults = {
        "name": slug.title(),
        "street": "1 Example Street",
        "city": slug.title(),
        "state": "TX",
        "postal_code": "75000",
        "phone": "+12145550101",
    }
    location = Location.objects.create(slug=slug, **defaults | fields)
    if hours is not None:
        LocationHours.objects.bulk_create(
            LocationHours(location=location, weekday=day, starts_minute=hours[0], ends_minute=hours[1])
            for day in range(7)
        )
    return location


def a_room(location: Location, **fields: Any) -> Room:
    return Room.objects.create(location=location, **{"name": f"Room {number()}", "capacity": 4} | fields)


def a_service(slug: str = "", *, locations: list[Location] | None = None, **fields: Any) -> Service:
    slug = slug or f"service-{number()}"
    defaults = {
        "name": slug.title(),
        "line": "counseling",
        "party": "individual",
        "duration_minutes": 50,
        "buffer_after": 10,
        "notice_minutes": 60,
        "modes": ["office"],
    }
    service = Service.objects.create(slug=slug, **defaults | fields)
    service.locations.set(locations or [])
    return service


def a_clinician(
    location: Location,
    *,
    services: list[Service] | None = None,
    roles: list[ProgramRole] | None = None,
    hours: tuple[int, int] | None = (540, 1020),
    licensed: bool = True,
    **fields: Any,
) -> Clinician:
    """A clinician who by default works Monday to Friday, 9:00 AM to 5:00 PM, at `location`."""
    n = number()
    defaults = {
        "slug": f"person-{n}",
        "name": f"Person {n}",
        "profession": "therapist",
        "base_location": location,
    }
    clinician = Clinician.objects.create(**defaults | fields)
    clinician.services.set(services or [])
    clinician.roles.set(roles or [])
    if licensed and clinician.profession == "therapist":
        License.objects.create(
            clinician=clinician, kind="lpc", number=f"{n:05}", state="TX", expires_on=date(2030, 12, 31)
        )
    if hours is not None:
        working_hours(clinician, location, *hours)
    return clinician


def working_hours(clinician: Clinician, location: Location | None, starts: int = 540, ends: int = 1020) -> None:
    WorkingHours.objects.bulk_create(
        WorkingHours(clinician=clinician, location=location, weekday=day, starts_minute=starts, ends_minute=ends)
        for day in range(5)
    )


def a_role(slug: str) -> ProgramRole:
    return ProgramRole.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def a_couples_program(
    slug: str = "4-day-couple", *, days: int = 4, locations: list[Location], **fields: Any
) -> Service:
    """A couple's program. Each day: together 9:00–10:30 with the lead, apart 11:00–12:30, together 2:00–4:00 PM."""
    fields = {"line": "intensive", "party": "couple", "capacity": 2, "duration_minutes": None} | fields
    service = a_service(slug, locations=locations, **fields)
    program = Program.objects.create(service=service, days=days, start_weekdays=[0, 1])
    lead, support_a, support_b = a_role("lead"), a_role("support-a"), a_role("support-b")
    for day in range(days):
        for starts, ends, attends, role in (
            (540, 630, "both", lead),
            (660, 750, "A", support_a),
            (660, 750, "B", support_b),
            (840, 960, "both", lead),
        ):
            block = ProgramBlock.objects.create(
                program=program, name="Session", day=day, starts_minute=starts, ends_minute=ends, attends=attends
            )
            block.roles.set([role])
    return service


def a_client(name: str = "", **fields: Any) -> Client:
    return Client.objects.create(name_to_use=name or f"Client {number()}", **fields)


def travel(origin: Location, destination: Location, minutes: int) -> None:
    TravelTime.objects.create(origin=origin, destination=destination, minutes=minutes)


def a_couples_office(slug: str = "frisco") -> tuple[Location, Service]:
    """An office with three rooms and five clinicians, enough for a four-day couple's program."""
    location = a_location(slug)
    for _ in range(3):
        a_room(location)
    service = a_couples_program(locations=[location])
    for role in ("lead", "lead", "support-a", "support-b", "support-b"):
        a_clinician(location, roles=[a_role(role)])
    return location, service


def in_days(days: float) -> timedelta:
    return timedelta(days=days)


def openings_of(**search: Any) -> list[Opening]:
    """Openings found by a `Search` with these fields; `now` defaults to NOW."""
    return openings(Search(**{"now": NOW} | search)).openings


def why_not_on(*, day: date, **search: Any) -> WhyNot:
    """The desk's answer to why one local date has no opening. Takes the fields of `Search`; `now` defaults to NOW."""
    return why_not(
        Search(**{"first": day, "until": day + timedelta(days=1), "now": NOW, "waive_notice": True} | search)
    )
