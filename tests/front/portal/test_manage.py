"""A person's own page of a booking, in each status."""

import pytest
import time_machine
from django.db import connection

from tests.factories import NOW, in_days
from tests.front.walk import agree, ready


@pytest.fixture
def waiting(client, office, payments):
    """Held by this browser, with the payment page open."""
    booking = ready(client, office.single)
    agree(client)
    return booking


def page(client, booking):
    return client.get(f"/booking/{booking.reference}/").content.decode()


def moved(booking, *statuses):
    with connection.cursor() as cursor:
        for status in statuses:
            cursor.execute("UPDATE scheduling_booking SET status = %s WHERE id = %s", [status, booking.pk])


def test_the_page_of_a_hold_does_not_say_that_nothing_is_due(client, waiting):
    words = page(client, waiting)

    assert "Held for you" in words
    assert "Still due" not in words


def test_the_page_of_a_dead_hold_shows_no_times(client, waiting):
    with time_machine.travel(NOW + in_days(0.1), tick=False):
        words = page(client, waiting)

    assert "This time is not booked" in words
    assert "When and where" not in words


@pytest.mark.parametrize("status", ["expired", "released"])
def test_a_released_hold_is_not_shown_as_a_booking(client, waiting, status):
    moved(waiting, status)

    words = page(client, waiting)

    assert "This time is not booked" in words
    assert "When and where" not in words


def test_a_payment_that_came_too_late_is_shown_as_refunded(client, waiting):
    moved(waiting, "expired", "paid_conflict")

    words = page(client, waiting)

    assert "We are refunding the full amount to your card." in words
    assert "When and where" not in words
