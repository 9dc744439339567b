"""A new address or number revokes all links sent to the old one, in every booking (F129, promise 9)."""

from threading import Event

import pytest
from django.db import transaction

from scheduling.models import Booking, ManageToken, Participant
from scheduling.operations.bookings.choose_contact import choose_contact
from scheduling.operations.bookings.hold import hold, hold_for
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.clients import Person, update_client_step
from scheduling.operations.links.links import Outdated, hand_out_link, issue
from scheduling.operations.locks import lock_resources
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.opening import get_service
from scheduling.queries.openings.search import Search
from scheduling.queries.people.links import link_of
from scheduling.queries.people.parts import part_of
from tests.factories import MONDAY, NOW, a_client, a_couples_office, a_practice, a_stranger, an_actor, in_days
from tests.racing import together, wait_for_somebody
from tests.scheduling.queries.world import a_world, found

pytestmark = pytest.mark.django_db
EMAIL, PHONE = "alex@example.com", "+12145550111"


@pytest.fixture
def client():
    return a_client("Alex Example", email=EMAIL, phone=PHONE)


@pytest.fixture
def parts(client) -> list[Participant]:
    """The client's part in each of two bookings."""
    a_practice()
    service, people = a_world().service, [Person(client_id=client.pk)]
    booked = [hold_for(opening=one.id, people=people, by=an_actor(), now=NOW) for one in found(service)[:2]]
    return [one.participants.get() for one in booked]


def choose(part: Participant, **changed: str) -> str:
    choice = Person(**{"name": "Alex", "email": EMAIL, "phone": PHONE, "may_email": True} | changed)
    return choose_contact(participant_id=part.pk, choice=choice, by=a_stranger(), now=NOW)


@pytest.mark.parametrize(
    "changed",
    [{"email": "new@example.com"}, {"phone": "+12145550122"}, {"phone": ""}, {"email": "", "may_email": False}],
    ids=["another address", "another number", "no number", "no address"],
)
def test_links_sent_to_the_old_address_or_number_open_no_booking(parts, changed):
    old = [issue(participant=one, now=NOW) for one in parts]

    choose(parts[0], **changed)

    assert [link_of(secret=one) for one in old] == [None, None]


def test_a_client_who_changes_their_address_gets_a_fresh_link(parts):
    fresh = choose(parts[0], email="new@example.com", phone="+12145550122")

    assert link_of(secret=fresh).participant == parts[0]


@pytest.mark.parametrize("changed", [{}, {"email": "  ALEX@Example.com "}, {"name": "Lex"}, {"safe_times": "mornings"}])
def test_a_client_whose_address_and_number_stay_the_same_keeps_every_link(parts, changed):
    old = [issue(participant=one, now=NOW) for one in parts]

    choose(parts[0], **changed)

    assert [link_of(secret=one).participant for one in old] == parts


def test_adding_a_first_address_revokes_no_link(client, parts):
    type(client).objects.update(email="", phone="")
    old = [issue(participant=one, now=NOW) for one in parts]

    choose(parts[0])

    assert [link_of(secret=one).participant for one in old] == parts


def test_an_introduction_is_revoked_too_when_the_address_changes(client, parts):
    """A person who reads the old address must not choose for the partner."""
    second = a_couple(Person(name="Robin"), Person(client_id=client.pk))[1]
    second.chosen_at = None
    second.save()
    introduction = issue(participant=second, purpose="introduction", now=NOW)

    choose(parts[0], email="new@example.com")

    assert link_of(secret=introduction) is None


def test_the_partners_links_stay_even_if_both_shared_the_old_address():
    a_practice()
    first, second = a_couple(Person(name="Alex", email=EMAIL), Person(name="Sam", email=EMAIL))
    theirs = issue(participant=second, now=NOW)

    choose(first, email="new@example.com")

    assert link_of(secret=theirs).participant == second


def test_no_link_is_issued_for_an_address_that_changed_since_it_was_read(parts):
    """A worker is about to send a message to the old address (promise 8)."""
    read = part_of(parts[1].pk).participant
    choose(parts[0], email="new@example.com")

    with pytest.raises(Outdated):
        issue(participant=read, now=NOW)

    assert not ManageToken.objects.filter(participant=read, revoked_at=None).exists()


def test_no_introduction_is_issued_for_a_partner_who_has_chosen_since_they_were_read():
    a_practice()
    second = a_couple(Person(name="Alex"), Person(name="Sam", email=EMAIL))[1]
    choose(second)

    with pytest.raises(Outdated):
        issue(participant=second, purpose="introduction", now=NOW)


def test_the_desk_hands_out_no_introduction_to_a_partner_who_has_just_chosen():
    a_practice()
    second = a_couple(Person(name="Alex"), Person(name="Sam", email=EMAIL))[1]
    choose(second)

    link = link_of(secret=hand_out_link(participant=second, by=an_actor(), now=NOW))

    assert link.purpose == "manage"


@pytest.mark.django_db(transaction=True)
def test_issuing_a_link_waits_for_a_change_of_address_and_then_issues_none(client, parts):
    read, locked = part_of(parts[1].pk).participant, Event()

    def act(number: int) -> None:
        if number:
            locked.wait(timeout=30)
            issue(participant=read, now=NOW)
            return
        with transaction.atomic():
            lock_resources([client.pk])
            locked.set()
            wait_for_somebody()
            person = Person(name="Alex", email="new@example.com", phone=PHONE)
            update_client_step(client=client, person=person, source="own choice", now=NOW)

    changed, made = together(2, act)

    assert (changed, type(made)) == (None, Outdated)


def a_couple(*people: Person) -> list[Participant]:
    service, first = a_couples_office()[1], MONDAY + in_days(7)
    listed = openings(Search(service=get_service(service.slug), first=first, until=first + in_days(1), now=NOW))
    booking: Booking = hold(opening=listed.openings[0].id, by=an_actor(), now=NOW)
    return name_participants(booking_id=booking.pk, people=people, by=an_actor(), now=NOW)
