"""Links that stay valid when the first person submits a hold again after the partner has used their own link."""

import pytest

from billing.operations.booking import Booked, book_held
from scheduling.models import Booking, ManageToken
from scheduling.operations.bookings.choose_contact import choose_contact
from scheduling.operations.clients import Person
from scheduling.operations.links.links import introduce
from scheduling.queries.people.links import link_of
from tests.factories import NOW, a_client, a_couples_office, a_practice, a_stranger, an_actor

from .factories import a_person, a_policy, a_price, book_one

pytestmark = pytest.mark.django_db
PARTNER = Person(name="Sam", email="sam@example.com")


@pytest.fixture
def booking(payments) -> Booking:
    a_practice()
    service = a_couples_office()[1]
    a_price(service, 480_000)
    a_policy(service, due_now="sum", deposit_cents=100_000, balance_days_before=14)
    return book_one(service, people=[a_person(), PARTNER]).booking


def chose(booking: Booking) -> str:
    second = booking.participants.get(track="B")
    return choose_contact(
        participant_id=second.pk, choice=a_person("Sam", calendar_invites=True), by=a_stranger(), now=NOW
    )


def again(booking: Booking, *people: Person, by=None) -> Booked:
    return book_held(booking_id=booking.pk, people=people, accept_policy=True, by=by or a_stranger(), now=NOW)


def introductions(booking: Booking) -> int:
    live = ManageToken.objects.filter(participant__booking=booking, participant__track="B", revoked_at=None)
    return live.filter(purpose="introduction").count()


@pytest.mark.parametrize("partner", [[PARTNER], []], ids=["typed again", "left out"])
def test_a_partner_who_has_chosen_keeps_their_own_link_and_gets_no_introduction(booking, partner):
    """A new introduction link would show the partner's part to the person who passes it on (promise 9)."""
    own = chose(booking)

    booked = again(booking, a_person(), *partner)

    assert link_of(secret=own).participant.track == "B"
    assert (set(booked.tokens), introductions(booking)) == ({"A"}, 0)


def test_the_introduction_link_of_a_partner_without_a_name_stays_valid(booking):
    passed_on = introduce(booking_id=booking.pk, now=NOW)

    again(booking, a_person())

    assert link_of(secret=passed_on).participant.track == "B"


def test_the_link_of_a_partner_who_is_replaced_ends(booking):
    own = chose(booking)
    known = a_client("Robin")

    again(booking, a_person(), Person(client_id=known.pk), by=an_actor("owner"))

    assert link_of(secret=own) is None
