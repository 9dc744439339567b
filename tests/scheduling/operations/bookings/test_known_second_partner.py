"""A new first person names a known partner: the rules of each count on their own track."""

import pytest

from scheduling.models import Client, ClientLink, Clinician, Location, Program, ProgramBlock, Service
from scheduling.operations.bookings.hold import hold_for
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.clients import Person
from scheduling.queries.openings.opening import get_service
from tests.factories import (
    NOW,
    a_client,
    a_clinician,
    a_location,
    a_practice,
    a_role,
    a_room,
    a_service,
    an_actor,
)
from tests.scheduling.queries.world import clock, found

pytestmark = pytest.mark.django_db
NEW, TRACKS = Person(name="Robin Example"), {"A": 660, "B": 780}


@pytest.fixture
def office() -> Location:
    a_practice()
    place = a_location("mckinney")
    for _ in range(3):
        a_room(place)
    return place


@pytest.fixture
def single(office) -> Service:
    """A visit that starts on the hour, with a clinician who leads in no program."""
    service = a_service("single", locations=[office], step_minutes=60)
    a_clinician(office, services=[service])
    return service


@pytest.fixture
def program(office) -> Service:
    """Together at nine, A alone at eleven, B alone at one."""
    fields = {"line": "intensive", "party": "couple", "capacity": 2, "duration_minutes": None}
    days = Program.objects.create(service=a_service("program", locations=[office], **fields), days=1)
    for starts, attends in ((540, "both"), *((starts, track) for track, starts in TRACKS.items())):
        block = ProgramBlock.objects.create(
            program=days, name="Session", day=0, starts_minute=starts, ends_minute=starts + 60, attends=attends
        )
        block.roles.set([a_role(f"for-{attends.lower()}")])
        a_clinician(office, roles=[a_role(f"for-{attends.lower()}")])
    return get_service("program")


def book(service: Service, *people: Person, at: float | None = None):
    wanted = found(service)
    if at is not None:
        day = wanted[0].starts_at.date()
        wanted = [one for one in wanted if one.starts_at == clock(day, at)]
    return hold_for(opening=wanted[0].id, people=people, by=an_actor("owner"), now=NOW)


def known(client: Client) -> Person:
    return Person(client_id=client.pk)


@pytest.mark.parametrize(("hour", "is_free"), [(11, True), (13, False)])
def test_the_partners_busy_time_blocks_only_blocks_that_the_partner_attends(program, single, hour, is_free):
    sam = a_client("Sam")
    book(single, known(sam), at=hour)

    if is_free:
        assert book(program, NEW, known(sam)).participants.get(track="B").client == sam
    else:
        with pytest.raises(Taken):
            book(program, NEW, known(sam))


@pytest.mark.parametrize(("track", "is_free"), [("A", True), ("B", False)])
def test_a_clinician_of_the_second_persons_other_partner_is_not_offered_to_the_second(program, office, track, is_free):
    alex, sam = a_client("Alex"), a_client("Sam")
    ClientLink.objects.create(first=alex, second=sam, kind="partner", since=NOW)
    service = a_service("late", locations=[office], step_minutes=60)
    Clinician.objects.get(roles__slug=f"for-{track.lower()}").services.add(service)
    book(service, known(alex), at=15)

    if is_free:
        assert book(program, NEW, known(sam)).participants.get(track="B").client == sam
    else:
        with pytest.raises(Taken):
            book(program, NEW, known(sam))
