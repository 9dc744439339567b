"""The exact SQL statements of holding and booking. A change that adds one must change this list."""

import pytest

from billing.operations.booking import book, book_held
from scheduling.operations.bookings.hold import hold
from tests.factories import NOW, a_couples_office, a_practice, a_stranger
from tests.statements import statements

from .factories import a_person, a_policy, a_price, an_office, opening_ids

pytestmark = pytest.mark.django_db

LOOKED_UP = ["select service", "select location", "lock holder", "select booking", "lock resource"]
DECIDED = ["select location", "select room", "select clinician", "select reservation", "select traveltime"]
PROGRAM_DECIDED = [
    "select programblock",
    *DECIDED[:3],
    "select externalwindow",
    *DECIDED[3:],
]
TAKEN = [
    "insert booking",
    "insert bookingmove",
    "insert participant",
    "insert appointment",
    "insert appointmentclinician",
    "insert attendance",
    "insert reservation",
]
HELD = [*LOOKED_UP, "select reservation", *DECIDED, *TAKEN]
PROGRAM_HELD = [*LOOKED_UP, "select reservation", *PROGRAM_DECIDED, *TAKEN]
NAMED = ["insert resource", "insert client", "insert auditline", "update participant"]
PRICED = ["select price", "select policy", "select policytier", "insert bookingterms", "update participant"]
CONFIRMED = ["update reservation", "update booking", "insert bookingmove", "insert delivery", "insert ledgerentry"]


@pytest.fixture
def single():
    _, service = an_office(cents=None)
    a_price(service)
    a_policy(service, due_now="nothing")
    return service


@pytest.fixture
def couples():
    a_practice()
    _, service = a_couples_office()
    a_price(service)
    a_policy(service, due_now="nothing")
    return service


def test_holding_a_single_visit_takes_eighteen_statements(single):
    opening = opening_ids(single)[0]

    with statements() as sent:
        hold(opening=opening, by=a_stranger(), now=NOW)

    assert sent == HELD
    assert len(sent) == 18


def test_a_single_visit_is_booked_and_confirmed_with_thirty_four_statements(single):
    opening = opening_ids(single)[0]

    with statements() as sent:
        book(opening=opening, people=[a_person()], accept_policy=True, by=a_stranger(), now=NOW)

    assert sent == [*HELD, *NAMED, "insert reservation", *PRICED, "insert managetoken", *CONFIRMED]
    assert len(sent) == 34


def test_a_couples_four_days_are_held_named_and_confirmed_with_thirty_seven_statements(couples):
    opening = opening_ids(couples)[0]

    with statements() as sent:
        book(opening=opening, people=[a_person(), a_person()], accept_policy=True, by=a_stranger(), now=NOW)

    couple = [*NAMED, "insert clientlink", "insert reservation", *PRICED, "insert managetoken", *CONFIRMED]
    assert sent == [*PROGRAM_HELD, *couple]
    assert len(sent) == 37


def test_a_held_couple_is_named_and_confirmed_with_twenty_four_statements(couples):
    booking = hold(opening=opening_ids(couples)[0], by=a_stranger(), now=NOW)
    people = [a_person(), a_person()]

    with statements() as sent:
        book_held(booking_id=booking.pk, people=people, accept_policy=True, by=a_stranger(), now=NOW)

    read = ["select booking", "lock booking", "select participant", "select attendance", "select appointmentclinician"]
    links = ["update managetoken", "insert managetoken"]
    couple = [*NAMED, "insert clientlink", "insert reservation", "select bookingterms", *PRICED, *links, *CONFIRMED]
    assert sent == [*read, *couple]
    assert len(sent) == 24
