"""The first person names both again after the partner has chosen by their own link (promise 10)."""

import pytest

from scheduling.models import Booking, Client, Participant
from scheduling.operations.bookings.choose_contact import choose_contact
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.clients import Person
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.opening import get_service
from scheduling.queries.openings.search import Search
from tests.factories import MONDAY, NOW, a_client, a_couples_office, a_practice, a_stranger, an_actor, in_days

pytestmark = pytest.mark.django_db
ALEX = Person(name="Alex Example", email="alex@example.com", may_email=True)
SAM = Person(name="Sam as typed", email="typed@example.com")
OWN = Person(name="Sam", email="own@example.com", phone="+12145550111", may_text=True, calendar_invites=True)


@pytest.fixture
def booking() -> Booking:
    a_practice()
    service = a_couples_office()[1]
    listed = openings(Search(service=get_service(service.slug), first=MONDAY, until=MONDAY + in_days(1), now=NOW))
    made = hold(opening=listed.openings[0].id, by=a_stranger(), now=NOW)
    name(made, ALEX, SAM)
    return made


def name(booking: Booking, *people: Person) -> Participant:
    """Returns the second."""
    named = name_participants(booking_id=booking.pk, people=people, by=a_stranger(), now=NOW)
    return next(one for one in named if one.track == "B")


def chose(booking: Booking) -> Participant:
    second = booking.participants.get(track="B")
    choose_contact(participant_id=second.pk, choice=OWN, by=a_stranger(), now=NOW)
    second.refresh_from_db()
    return second


def told(second: Participant) -> list[object]:
    client = Client.objects.get(pk=second.client_id)
    rules = [client.name_to_use, client.email, str(client.phone), client.may_email, client.may_text]
    return [client.pk, *rules, second.chosen_at, second.calendar_invites]


@pytest.mark.parametrize(
    "people",
    [[ALEX, SAM], [ALEX, Person(name="Robin", email="robin@example.com")], [ALEX, Person()], [ALEX]],
    ids=["as before", "other words", "no words", "alone"],
)
def test_naming_again_keeps_what_the_partner_has_chosen_since(booking, people):
    second = chose(booking)
    before = told(second)

    name(booking, *people)

    second.refresh_from_db()
    assert told(second) == before
    assert before[1:4] == ["Sam", "own@example.com", "+12145550111"]


def test_naming_again_replaces_a_partner_who_has_not_chosen_yet(booking):
    second = name(booking, ALEX, Person(name="Sam Example", email="sam@example.com"))

    assert told(second)[1:3] == ["Sam Example", "sam@example.com"]


def test_a_known_client_can_replace_a_partner_who_has_chosen(booking):
    chose(booking)
    known = a_client("Robin Example")

    named = name_participants(booking_id=booking.pk, people=[ALEX, Person(client_id=known.pk)], by=an_actor(), now=NOW)

    assert (named[1].client, named[1].calendar_invites) == (known, False)
