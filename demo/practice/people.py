"""The people of the demo practice: clearly invented, with addresses under reserved domains."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from backend.accounts.models import User
from scheduling.models import Clinician, DeskPost, License, Location, ProgramRole, Service, UsualRoom, WorkingHours

PASSWORD = "mooring-demo-only"
EVERY, EVEN, ODD = "every", "even", "odd"
DAY, LATE, EARLY = (540, 1020), (660, 1170), (480, 960)


class Part(NamedTuple):
    """Weekly hours at an office (None: at home) on some weekdays, every week or every second week."""

    place: str | None
    weekdays: str
    hours: tuple[int, int] = DAY
    weeks: str = EVERY


class Somebody(NamedTuple):
    """A clinician or coach: invented name, level, roles in programs, and parts of the week."""

    name: str
    profession: str
    level: str
    gender: str
    roles: tuple[str, ...]
    parts: tuple[Part, ...]
    about: str


def _therapist(name: str, level: str, gender: str, roles: tuple[str, ...], about: str, *parts: Part) -> Somebody:
    return Somebody(name, "therapist", level, gender, roles, parts, about)


def _coach(name: str, gender: str, about: str, *parts: Part) -> Somebody:
    return Somebody(name, "coach", "standard", gender, ("coach",), parts, about)


LEAD, SOLO = ("lead",), ("individual",)
PEOPLE = (
    _therapist("Juniper Vale", "senior", "woman", LEAD, "Calm and direct.", Part("frisco", "01234")),
    _therapist("Marlow Finch", "senior", "man", LEAD, "Unhurried; likes a plan.", Part("mckinney", "01234")),
    _therapist(
        "Tamsin Brook",
        "senior",
        "woman",
        LEAD,
        "Warm, with a sense of humor.",
        Part("plano", "012"),
        Part("frisco", "34", DAY, EVEN),
        Part("allen", "34", DAY, ODD),
    ),
    _therapist("Orrin Penwright", "standard", "man", LEAD, "Listens first.", Part("dallas", "0123"), Part(None, "4")),
    _therapist("Wilhelmina Storey", "standard", "woman", SOLO, "Gentle pace.", Part("frisco", "01234")),
    _therapist("Caspian Rowe-Fields", "standard", "man", SOLO, "Plain words.", Part("frisco", "01234")),
    _therapist(
        "Isolde Marchbank",
        "standard",
        "woman",
        SOLO,
        "Practical and kind.",
        Part("mckinney", "0123"),
        Part("allen", "4", LATE),
    ),
    _therapist(
        "Bartholomew Quill",
        "standard",
        "man",
        SOLO,
        "Patient; works with details.",
        Part("mckinney", "0123", DAY, EVEN),
        Part("plano", "0123", DAY, ODD),
    ),
    _therapist(
        "Saffron Delacourt-Hay",
        "associate",
        "woman",
        SOLO,
        "Curious and clear.",
        Part("plano", "0123", EARLY),
        Part("richardson", "4"),
    ),
    _therapist(
        "Ignatius Thistlewood",
        "associate",
        "man",
        (),
        "Steady.",
        Part("lewisville", "012"),
        Part("carrollton", "34", LATE),
    ),
    _coach(
        "Peregrine Lund-Abbey",
        "man",
        "Small steps that last.",
        Part("frisco", "0124"),
        Part("frisco", "3", (780, 1170)),
    ),
    _coach(
        "Clementine Ashgrove",
        "woman",
        "Keeps you going.",
        Part("frisco", "0123"),
        Part("frisco", "4", (780, 1170)),
    ),
    _coach("Thaddeus Moorcroft", "man", "Clear goals.", Part("mckinney", "0123"), Part("richardson", "4", LATE)),
    _coach(
        "Persimmon Gray-Walker",
        "woman",
        "Good company on the way.",
        Part("mckinney", "0123", DAY, EVEN),
        Part("dallas", "01", DAY, ODD),
        Part("lewisville", "2", DAY, ODD),
        Part(None, "4"),
    ),
)
THERAPY, COACHED = ("individual", "together", "group"), ("coaching", "coaching-two", "evenings", "open-hour")
FIRST_CALLS = ("Orrin Penwright", "Isolde Marchbank", "Thaddeus Moorcroft")  # clinicians who take first calls


def create_user(email: str, **fields: object) -> User:
    """Create a user with the demo's password. It is hashed once for all users, because a hash takes 0.25 s."""
    user: User = User.objects.create(email=email, password=_hashed(), **fields)
    return user


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


def create_people(
    places: dict[str, Location], services: dict[str, Service], roles: dict[str, ProgramRole], today: date
) -> list[Clinician]:
    """Create the clinicians and coaches with sign-ins, licenses, hours and usual rooms."""
    monday = today - timedelta(days=today.weekday())
    made: list[Clinician] = []
    for number, somebody in enumerate(PEOPLE, start=1):
        clinician = _create_clinician(number, somebody, places)
        clinician.roles.set(roles[slug] for slug in somebody.roles)
        sold = THERAPY if somebody.profession == "therapist" else COACHED
        calls = ("first-call",) if somebody.name in FIRST_CALLS else ()
        clinician.services.set(services[slug] for slug in (*sold, *calls))
        _create_hours(clinician, somebody, places, monday)
        if somebody.profession == "therapist":
            _create_license(clinician, number, somebody, made, today)
        made.append(clinician)
    return made


def _create_clinician(number: int, somebody: Somebody, places: dict[str, Location]) -> Clinician:
    first = somebody.name.split()[0].lower()
    user = create_user(f"{first}@clinic.example", role="clinician", name=somebody.name)
    base = next(part.place for part in somebody.parts if part.place)
    clinician = Clinician.objects.create(
        user=user,
        slug=somebody.name.lower().replace(" ", "-"),
        name=somebody.name,
        profession=somebody.profession,
        level=somebody.level,
        gender=somebody.gender,
        about=somebody.about,
        npi=f"199900{number:04}" if somebody.profession == "therapist" else "",
        base_location=places[base],
    )
    room = places[base].rooms.order_by("pk")[number % places[base].rooms.count()]
    UsualRoom.objects.create(clinician=clinician, room=room)
    return clinician


def _create_hours(clinician: Clinician, somebody: Somebody, places: dict[str, Location], monday: date) -> None:
    WorkingHours.objects.bulk_create(
        WorkingHours(
            clinician=clinician,
            location=places[part.place] if part.place else None,
            weekday=int(weekday),
            starts_minute=part.hours[0],
            ends_minute=part.hours[1],
            every_n_weeks=1 if part.weeks == EVERY else 2,
            anchor_on=None if part.weeks == EVERY else monday + timedelta(days=7 * (part.weeks == ODD)),
        )
        for part in somebody.parts
        for weekday in part.weekdays
    )


def _create_license(clinician: Clinician, number: int, somebody: Somebody, made: list[Clinician], today: date) -> None:
    associate = somebody.level == "associate"
    License.objects.create(
        clinician=clinician,
        kind=License.Kind.LPC_ASSOCIATE if associate else License.Kind.LPC,
        number=f"EX-{number:05}",
        state="TX",
        expires_on=date(today.year + 2, 8, 31),
        supervisor=made[0] if associate else None,
    )


def create_staff(places: dict[str, Location]) -> dict[str, User]:
    """Create the owner and two desk users: one for the northern offices, one for the southern."""
    owner = create_user(
        "owner@clinic.example", role="owner", name="Octavia Sterling-Wood", is_staff=True, is_superuser=True
    )
    north = create_user("desk.north@clinic.example", role="desk", name="Nell Fairweather")
    south = create_user("desk.south@clinic.example", role="desk", name="Simon Oakhurst")
    posts = {
        north: ("mckinney", "allen", "frisco", "plano"),
        south: ("richardson", "carrollton", "lewisville", "dallas"),
    }
    DeskPost.objects.bulk_create(
        DeskPost(user=user, location=places[slug]) for user, slugs in posts.items() for slug in slugs
    )
    return {"owner": owner, "desk": north, "desk-south": south}
