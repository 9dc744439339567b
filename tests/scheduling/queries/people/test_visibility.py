"""Rows visible to every role, with a couple, a third person and two offices (promise 9)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.db import models

from backend.accounts.actor import Actor, system
from scheduling.models import Appointment, Attendance, Booking, Client, Location, Participant
from scheduling.queries.people.visibility import visible_to
from tests.factories import a_client, a_desk_actor, a_location, a_room, a_stranger, a_user, an_actor
from tests.scheduling.models import rows

pytestmark = pytest.mark.django_db
HOLDER = "browser-of-alex"


@dataclass
class World:
    """Rows by the names in the table of expectations, and the actors."""

    rows: dict[str, models.Model] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def names(self, seen: models.QuerySet) -> set[str]:
        return {name for name, row in self.rows.items() if type(row) is seen.model and row in set(seen)}


@pytest.fixture
def world() -> World:
    """Alex and Sam have joint and individual visits in Frisco. Chris has one visit in Plano."""
    made = World()
    frisco, plano = a_location("frisco"), a_location("plano")
    leads = {name: a_user("clinician") for name in ("joint", "alex-only", "sam-only", "chris-only", "idle")}
    people = {name: rows.saved(rows.clinician(user=user, name=name)) for name, user in leads.items()}
    couple = made.rows["couple"] = rows.saved(rows.booking(location=frisco, kind="intensive", holder=HOLDER))
    single = made.rows["single"] = rows.saved(rows.booking(location=plano, holder="browser-of-chris"))
    for name, booking, track in (("alex", couple, "A"), ("sam", couple, "B"), ("chris", single, "A")):
        client = made.rows[name] = a_client(name, user=a_user("client"))
        part = rows.saved(rows.participant(booking=booking, client=client, track=track))
        made.rows[f"part of {name}"] = part
        made.actors[f"link of {name}"] = Actor(participant_id=part.pk)
        made.actors[f"login of {name}"] = Actor(user=client.user)
    _visit(made, "together", frisco, people["joint"], ("alex", "sam"))
    _visit(made, "alex alone", frisco, people["alex-only"], ("alex",))
    _visit(made, "sam alone", frisco, people["sam-only"], ("sam",))
    _visit(made, "chris alone", plano, people["chris-only"], ("chris",))
    made.actors |= {f"clinician {name}": Actor(user=user) for name, user in leads.items()}
    made.actors |= {
        "owner": an_actor("owner"),
        "desk of frisco": a_desk_actor(frisco),
        "desk of plano": a_desk_actor(plano),
        "desk of both": a_desk_actor(frisco, plano),
        "desk of none": an_actor("desk"),
        "client of nothing": an_actor("client"),
        "browser of alex": a_stranger(HOLDER),
        "another browser": a_stranger("browser-of-somebody"),
        "nobody": Actor(),
        "a sweep": system("expire-holds"),
    }
    return made


def _visit(made: World, name: str, office: Location, lead, who: tuple[str, ...]) -> None:
    room = a_room(office)
    visit = made.rows[name] = rows.saved(rows.appointment(location=office, office=office, room=room, capacity=2))
    visit.leads.create(clinician=lead)
    for seat, person in enumerate(who, start=1):
        part = made.rows[f"part of {person}"]
        seat_row = rows.attendance(participant=part, appointment=visit, seat_no=seat)
        made.rows[f"{person} in {name}"] = rows.saved(seat_row)


COUPLE = "couple, part of alex, part of sam, together, alex alone, sam alone, alex, sam, "
COUPLE += "alex in together, sam in together, alex in alex alone, sam in sam alone"
SINGLE = "single, part of chris, chris alone, chris, chris in chris alone"
OF_ALEX = "couple, part of alex, together, alex alone, alex in together, alex in alex alone"
OF_SAM = "couple, part of sam, together, sam alone, sam in together, sam in sam alone"
SEEN = {
    "owner": f"{COUPLE}, {SINGLE}",
    "desk of frisco": COUPLE,
    "desk of plano": SINGLE,
    "desk of both": f"{COUPLE}, {SINGLE}",
    "desk of none": "",
    "clinician joint": "couple, part of alex, part of sam, together, alex, sam, alex in together, sam in together",
    "clinician alex-only": "couple, part of alex, alex alone, alex, alex in alex alone",
    "clinician sam-only": "couple, part of sam, sam alone, sam, sam in sam alone",
    "clinician chris-only": SINGLE,
    "clinician idle": "",
    "login of alex": f"{OF_ALEX}, alex",
    "login of sam": f"{OF_SAM}, sam",
    "login of chris": SINGLE,
    "client of nothing": "",
    "link of alex": f"{OF_ALEX}, alex",
    "link of sam": f"{OF_SAM}, sam",
    "link of chris": SINGLE,
    "browser of alex": OF_ALEX,
    "another browser": "",
    "nobody": "",
    "a sweep": "",
}
MODELS = (Booking, Participant, Appointment, Attendance, Client)


@pytest.mark.parametrize("who", SEEN)
def test_each_actor_sees_exactly_their_rows(world: World, who: str):
    seen = {name for model in MODELS for name in world.names(visible_to(model, world.actors[who]))}

    assert seen == set(filter(None, SEEN[who].split(", ")))


def test_every_role_is_in_the_table(world: World):
    assert set(world.actors) == set(SEEN)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("who", "other"), [("sam", "alex"), ("alex", "sam")])
@pytest.mark.parametrize("way", ["link", "login"])
def test_partners_never_see_each_others_individual_rows(world: World, model, who: str, other: str, way: str):
    seen = world.names(visible_to(model, world.actors[f"{way} of {who}"]))

    assert seen.isdisjoint({f"{other} alone", f"part of {other}", other, f"{other} in together"})


@pytest.mark.parametrize("model", MODELS)
def test_no_actor_sees_a_row_twice(world: World, model):
    for actor in world.actors.values():
        seen = [row.pk for row in visible_to(model, actor)]
        assert len(seen) == len(set(seen))


def test_a_new_client_without_bookings_is_seen_by_every_desk(world: World):
    world.rows["new"] = a_client("new")

    assert "new" in world.names(visible_to(Client, world.actors["desk of plano"]))


def test_strangers_without_a_session_see_nothing(world: World):
    world.rows["fresh"] = rows.saved(rows.booking(holder=""))

    assert world.names(visible_to(Booking, world.actors["nobody"])) == set()


def test_a_filtered_queryset_stays_filtered(world: World):
    seen = visible_to(Appointment, world.actors["desk of plano"]).filter(attendances__participant__track="A")

    assert world.names(seen) == {"chris alone"}
