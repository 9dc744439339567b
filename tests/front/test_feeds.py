"""Private calendar addresses."""

from datetime import timedelta

import pytest
import time_machine

from backend.accounts.actor import Actor
from backend.transactions import durable
from scheduling import events
from scheduling.models import Booking, CalendarObject, Clinician
from scheduling.operations.bookings.expire import free_step
from scheduling.operations.bookings.status import move_step
from scheduling.operations.links.feeds import reset_feed
from tests.factories import MONDAY, NOW, a_practice, a_user, an_actor
from tests.scheduling.groups import a_place_for_groups
from tests.scheduling.ical.reading import occurrences, parse
from tests.scheduling.messages.people import ALEX, SAM, confirm, held_couple, held_visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def practice(db):
    return a_practice()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def address_for(user, detail="busy"):
    return f"/calendar/{reset_feed(by=Actor(user=user), detail=detail, now=NOW)}.ics"


def leading(booking):
    """A user for a clinician who leads an appointment of the booking."""
    clinician = Clinician.objects.filter(leads__appointment__attendances__participant__booking=booking).first()
    clinician.user = a_user("clinician")
    clinician.save()
    return clinician.user


def owning(booking, track="A"):
    client = booking.participants.get(track=track).client
    client.user = a_user("client")
    client.save()
    return client.user


def shown(client, address):
    return parse(client.get(address).content.decode()).walk("VEVENT")


@durable
def cancel(booking):
    locked = Booking.objects.select_for_update().get(pk=booking.pk)
    free_step(bookings=[locked], now=NOW)
    move_step(booking=locked, to="cancelled", by=an_actor(), now=NOW)
    events.booking_cancelled(booking=locked, now=NOW)


def test_a_feed_shows_a_clinicians_busy_times_and_nothing_else(client):
    booking = confirm(held_visit(ALEX))

    (event,) = shown(client, address_for(leading(booking)))

    assert (event["SUMMARY"], event["CLASS"]) == ("Busy", "PRIVATE")
    assert "LOCATION" not in event


def test_a_feed_with_initials_shows_initials_and_no_name(client):
    booking = confirm(held_couple(ALEX, SAM))

    text = client.get(address_for(leading(booking), "initials")).content.decode()

    assert "A.E." in text
    assert "Alex" not in text


def test_a_hold_is_in_no_feed(client):
    booking = held_visit(ALEX)

    assert shown(client, address_for(leading(booking))) == []


def test_a_group_is_in_its_clinicians_feed_before_anybody_has_a_seat(client):
    groups = a_place_for_groups()
    groups.leader.user = a_user("clinician")
    groups.leader.save()
    groups.open()

    (event,) = shown(client, address_for(groups.leader.user, "initials"))

    assert event["SUMMARY"] == "Appointment"


def test_a_clients_feed_has_only_their_own_part(client):
    booking = confirm(held_couple(ALEX, SAM))
    user = owning(booking)

    text = client.get(address_for(user)).content.decode()

    days = {start.date() - MONDAY for start, _ in occurrences(text)}
    assert days == {timedelta(days=day) for day in range(4)}
    assert CalendarObject.objects.get().uid in text
    assert "Sam" not in text


def test_the_feed_of_a_client_who_has_not_chosen_is_empty(client):
    booking = confirm(held_couple(ALEX, SAM))

    assert shown(client, address_for(owning(booking, "B"))) == []


@pytest.mark.parametrize("whose", [leading, owning])
def test_a_canceled_entry_stays_for_thirty_days_marked_and_free_F99(client, whose):
    booking = confirm(held_visit(ALEX))
    address = address_for(whose(booking))
    (before,) = shown(client, address)

    cancel(booking)
    (event,) = shown(client, address)

    assert (event["STATUS"], event["TRANSP"], event["UID"]) == ("CANCELLED", "TRANSPARENT", before["UID"])
    assert event["SEQUENCE"] > before["SEQUENCE"]
    with time_machine.travel(NOW + timedelta(days=31)):
        assert shown(client, address) == []


def test_an_unchanged_feed_is_not_sent_again_F100(client):
    address = address_for(leading(confirm(held_visit(ALEX))))
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


def test_a_changed_feed_has_another_etag(client):
    booking = confirm(held_visit(ALEX))
    address = address_for(leading(booking))
    first = client.get(address)

    cancel(booking)

    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_feed_may_be_cached_only_by_its_reader(client):
    response = client.get(address_for(a_user("clinician")))

    assert response["Cache-Control"] == "private, max-age=300"
    assert response["Content-Type"] == "text/calendar; charset=utf-8"


def test_unknown_and_reset_calendar_addresses_are_a_404(client):
    user = a_user("clinician")
    old = address_for(user)
    address_for(user)

    assert [client.get(one).status_code for one in (old, "/calendar/wrong.ics")] == [404, 404]


def test_an_inactive_user_has_no_feed(client):
    user = a_user("clinician")
    address = address_for(user)
    user.is_active = False
    user.save()

    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("held", "people"), [(held_visit, [ALEX]), (held_couple, [ALEX, SAM])])
def test_a_feed_takes_the_same_number_of_statements_for_any_size(client, django_assert_num_queries, held, people):
    address = address_for(leading(confirm(held(*people))), "initials")
    client.get(address)

    with django_assert_num_queries(6):
        client.get(address)
