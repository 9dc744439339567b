"""Groups in the API: openings with seats and dates, and a seat booked like any opening."""

import pytest
from django.core.cache import cache

from billing.models import Policy, Price
from front.api.idempotency import ABANDONED
from front.api.models import IdempotentCall
from scheduling.models import Booking
from tests.factories import MONDAY, NOW, a_practice, in_days
from tests.front.api.conftest import API, booking_input, is_problem, post_booking
from tests.scheduling.groups import TUESDAY, WEEK, a_place_for_groups, sit_in


@pytest.fixture
def groups(db, frozen):
    cache.clear()
    a_practice()
    found = a_place_for_groups()
    Price.objects.create(service=found.service, amount_cents=4_500, valid_from=NOW.date())
    Policy.objects.create(service=found.service, valid_from=NOW.date(), due_now="nothing")
    return found


def listed(api, groups):
    window = {"from": MONDAY.isoformat(), "to": (MONDAY + in_days(60)).isoformat()}
    return api.get(f"{API}services/{groups.service.slug}/openings/", window).json()["openings"]


def test_an_opening_of_a_group_has_its_dates_and_the_seats_left(api, groups):
    planned = groups.open_cohort()
    sit_in(planned)

    (opening,) = listed(api, groups)

    assert opening["seats_left"] == 3
    assert [one["date"] for one in opening["dates"]] == [(TUESDAY + n * WEEK).isoformat() for n in range(6)]
    assert opening["dates"][0]["starts_at"] == opening["starts_at"]
    assert opening["dates"][0]["ends_at"] == opening["ends_at"]
    assert opening["price"]["amount_cents"] == 27_000


def test_other_openings_have_no_seats_and_no_dates(api, office):
    found = api.get(f"{API}services/single/openings/", {"from": MONDAY.isoformat(), "to": "2027-02-15"}).json()

    assert {"seats_left", "dates"}.isdisjoint(found["openings"][0])


def test_seats_are_booked_until_the_next_is_a_409_with_another_group_F24(api, groups):
    groups.open(times=2)
    first, second = listed(api, groups)
    answers = [post_booking(api, booking_input(first)) for _ in range(5)]

    assert [one.status_code for one in answers] == [201] * 4 + [409]
    assert is_problem(answers[-1], 409)
    assert [one["id"] for one in answers[-1].json()["alternatives"]] == [second["id"]]


def test_a_repeated_call_whose_first_run_died_takes_no_second_seat_F23(api, groups):
    groups.open()
    (opening,) = listed(api, groups)
    post_booking(api, booking_input(opening), key="sent-twice")
    IdempotentCall.objects.update(status=None, answer=None, claimed_at=NOW - ABANDONED)

    again = post_booking(api, booking_input(opening), key="sent-twice")

    assert again.status_code == 201
    assert Booking.objects.get().reference == again.json()["reference"]
