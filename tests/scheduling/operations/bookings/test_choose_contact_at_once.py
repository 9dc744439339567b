"""One person saves their choices twice at the same moment, by a double click or in two tabs."""

import pytest

from scheduling.models import Client, Reservation
from scheduling.operations.bookings.choose_contact import choose_contact
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.participants import name_participants
from scheduling.operations.clients import Person
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.opening import get_service
from scheduling.queries.openings.search import Search
from tests.factories import MONDAY, NOW, a_couples_office, a_practice, a_stranger, in_days
from tests.racing import together

pytestmark = pytest.mark.django_db(transaction=True)

SAM = Person(name="Sam", email="sam@example.com", may_email=True)


def test_an_unnamed_partner_who_saves_twice_at_once_becomes_one_client():
    a_practice()
    _, service = a_couples_office()
    first = openings(
        Search(service=get_service(service.slug), first=MONDAY, until=MONDAY + in_days(1), now=NOW)
    ).openings[0]
    booking = hold(opening=first.id, by=a_stranger(), now=NOW)
    named = name_participants(booking_id=booking.pk, people=[Person(name="Alex")], by=a_stranger(), now=NOW)
    second = named[1]

    answers = together(4, lambda _: choose_contact(participant_id=second.pk, choice=SAM, by=a_stranger(), now=NOW))

    assert [type(answer) for answer in answers] == [str] * 4
    sam = Client.objects.get(name_to_use="Sam")
    theirs = Reservation.objects.filter(attendance__participant=second, released_at=None)
    assert set(theirs.values_list("resource", flat=True)) == {sam.pk}
