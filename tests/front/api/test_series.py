"""Series by API."""

from datetime import datetime, timedelta

import pytest

from billing.models import LedgerEntry
from scheduling.models import Appointment, Booking, Clinician, TimeOff
from scheduling.opening_id import OpeningId
from tests.factories import MONDAY, a_room, in_days

from .conftest import API, booking_input, first_opening, is_problem, post_booking

pytestmark = pytest.mark.django_db
URL = f"{API}services/single/series/"
DATES = [MONDAY + timedelta(weeks=n) for n in range(4)]


@pytest.fixture
def away(office):
    """Robin is away on the second Monday."""
    robin = Clinician.objects.get(slug="robin-vale")
    noon = datetime.fromisoformat(f"{DATES[1]}T12:00:00-06:00")
    return TimeOff.objects.create(clinician=robin, during=(noon - timedelta(hours=3, minutes=30), noon))


def ask(api, **more):
    return api.get(URL, {"opening": first_opening(api)["id"], "times": 4} | more)


def test_a_series_is_shown_date_by_date_with_its_price(api, office):
    found = ask(api, every=2).json()

    assert [one["date"] for one in found["occurrences"]] == [str(MONDAY + timedelta(weeks=n)) for n in (0, 2, 4, 6)]
    assert [one["starts_at"][10:] for one in found["occurrences"]] == ["T09:00:00-06:00"] * 3 + ["T09:00:00-05:00"]
    assert {(one["clash"], len(one["alternatives"])) for one in found["occurrences"]} == {("", 0)}
    assert (found["every"], found["location"]["slug"], found["mode"]) == (2, "frisco", "office")
    assert found["clinicians"] == [{"slug": "robin-vale", "name": "Robin Vale"}]
    assert found["price"] == found["deposit"] == {"amount_cents": 60_000, "currency": "usd"}


def test_a_series_with_a_conflict_has_alternatives_and_no_id_F10(api, away):
    found = ask(api).json()

    clash = found["occurrences"][1]
    assert found["id"] is None
    assert (clash["date"], clash["clash"]) == (str(DATES[1]), "This time is not free.")
    assert clash["alternatives"][0] == f"{DATES[1]}T12:00:00-06:00"
    assert [bool(one["clash"]) for one in found["occurrences"]] == [False, True, False, False]


def test_with_the_date_skipped_the_series_is_booked_by_one_call(api, away, payments):
    found = ask(api, skip=str(DATES[1])).json()

    answer = post_booking(api, booking_input(found))

    assert answer.status_code == 201, answer.content
    assert [one["starts_at"][:10] for one in answer.json()["appointments"]] == [str(DATES[n]) for n in (0, 2, 3)]
    assert answer.json()["payment"]["due_now"] == {"amount_cents": 45_000, "currency": "usd"}


def test_with_the_date_moved_the_series_is_booked_by_one_call(api, away, payments):
    there = ask(api).json()["occurrences"][1]["alternatives"][0]

    found = ask(api, move=f"{DATES[1]}/{there}").json()

    assert found["occurrences"][1] == {"date": str(DATES[1]), "starts_at": there, "clash": "", "alternatives": []}
    assert post_booking(api, booking_input(found)).status_code == 201
    assert Booking.objects.get().kind == "series"


def test_a_late_booking_is_a_409_that_names_the_dates_F10(api, office, payments):
    found = ask(api).json()
    robin = Clinician.objects.get(slug="robin-vale")
    noon = datetime.fromisoformat(f"{DATES[2]}T12:00:00-06:00")
    TimeOff.objects.create(clinician=robin, during=(noon - timedelta(hours=4), noon))

    answer = post_booking(api, booking_input(found))

    assert is_problem(answer, 409)
    assert "Mon, Feb 22, 9:00 AM" in answer.json()["detail"]
    assert answer.json()["alternatives"]
    assert (Booking.objects.count(), Appointment.objects.count(), LedgerEntry.objects.count()) == (0, 0, 0)


def test_a_hand_made_standing_appointment_is_refused_to_strangers(api, office):
    pin = OpeningId.decode(first_opening(api)["id"])
    standing = OpeningId(**{**vars(pin), "every_n_weeks": 1, "further": (pin.starts_at + in_days(7),)}).encode()

    answer = post_booking(api, booking_input({"id": standing}))

    assert is_problem(answer, 409)
    assert "with you by phone" in answer.json()["detail"]
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"times": 1}, "times"),
        ({"times": 13}, "times"),
        ({"times": "many"}, "times"),
        ({"times": 12, "every": 12}, "times"),
        ({"every": 0}, "every"),
        ({"every": 13}, "every"),
        ({"skip": "2027-02-09"}, "times"),
        ({"skip": "2027-02-15,,"}, "skip"),
        ({"skip": "tomorrow"}, "skip"),
        ({"skip": ""}, "skip"),
        ({"move": "2027-02-15"}, "move"),
        ({"move": "2027-02-15/"}, "move"),
        ({"move": "2027-02-15/2027-02-16T09:00:00"}, "move"),
        ({"move": "2027-02-15/2027-02-30T09:00:00-06:00"}, "move"),
        ({"move": "2027-02-15/0001-01-01T00:00:00+14:00"}, "move"),
        ({"move": "2027-02-15/2027-02-16T09:00:00Z,2027-02-15/2027-02-17T09:00:00Z"}, "move"),
        ({"move": "2027-02-16/2027-02-17T09:00:00-06:00"}, "times"),
        ({"opening": "%%%"}, "opening"),
        ({"opening": "x" * 2001}, "opening"),
        ({"party": "2"}, "party"),
    ],
)
def test_an_invalid_series_query_is_refused_by_field(api, office, query, field):
    response = ask(api, **query)

    assert is_problem(response, 400)
    assert field in response.json()["errors"]


@pytest.mark.parametrize(
    ("start", "words"),
    [("2027-03-14T02:30:00", "with its offset"), ("2027-11-07T01:30:00", "with its offset")],
)
def test_a_start_without_an_offset_is_refused_on_clock_change_days_too_F28_F29(api, office, start, words):
    response = ask(api, move=f"{DATES[1]}/{start}")

    assert is_problem(response, 400)
    assert words in response.json()["errors"]["move"][0]


def test_an_opening_of_another_service_or_a_program_is_unknown(api, office):
    program = first_opening(api, "4-day-couple")["id"]

    for service in ("single", "4-day-couple"):
        response = api.get(f"{API}services/{service}/series/", {"opening": program, "times": 2})
        assert is_problem(response, 400)
        assert "opening" in response.json()["errors"]


def test_a_series_call_takes_as_many_statements_for_twelve_dates_as_for_two(
    api, office, django_assert_max_num_queries, django_assert_num_queries
):
    opening = first_opening(api)["id"]
    api.get(URL, {"opening": opening, "times": 2})
    with django_assert_max_num_queries(18) as seen:
        api.get(URL, {"opening": opening, "times": 2})
    a_room(office.location)

    with django_assert_num_queries(len(seen)):
        assert len(api.get(URL, {"opening": opening, "times": 12}).json()["occurrences"]) == 12


def test_a_series_call_counts_as_a_search_F140(api, office, settings):
    settings.LIMITS = {**settings.LIMITS, "openings_per_address": 2}
    opening = first_opening(api)["id"]
    assert api.get(URL, {"opening": opening, "times": 2}).status_code == 200

    assert is_problem(api.get(URL, {"opening": opening, "times": 2}), 429)
