"""A series or standing appointment booked by phone: all dates are shown first, then all or none are held."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from scheduling.models import Appointment, Booking
from scheduling.operations.bookings.hold import hold as take
from scheduling.queries.openings.series import series
from tests.factories import NOW, a_client, a_clinician, a_location, a_room, a_service, a_stranger

from .conftest import booked, opening_ids
from .tuesdays import ADDRESS, FIRST, THIRD, WEEK, at_three, hold


@pytest.fixture
def clash(office, criteria):
    """Another client has the third date."""
    return take(opening=at_three(office.single, THIRD), by=a_stranger(), now=NOW, hold_minutes=60 * 24 * 60)


def series_of(booking):
    place = booking.location.tzinfo
    rows = Appointment.objects.filter(attendances__participant__booking=booking).order_by("during")
    return [one.during.lower.astimezone(place).strftime("%m-%d %H:%M") for one in rows]


def test_a_repeated_time_leads_to_its_dates_with_all_choices(browser, criteria):
    response = browser.post("/desk/book/hold/", criteria)
    address = urlsplit(response["Location"])
    assert (response.status_code, address.path) == (302, ADDRESS)
    assert dict(parse_qsl(address.query)) == {key: str(value) for key, value in criteria.items()}
    assert not Booking.objects.exists()


def test_a_time_chosen_once_is_held_at_once(browser, criteria):
    response = browser.post("/desk/book/hold/", criteria | {"repeat": "once"})
    assert response["Location"] == f"/desk/bookings/{Booking.objects.get().reference}/"


@pytest.mark.parametrize("times", ["", "1", "53", "many"])
def test_an_invalid_number_of_times_is_an_error_and_the_time_stays_chosen(browser, criteria, times):
    response = browser.post("/desk/book/hold/", criteria | {"times": times, "since": "2027-02-19"})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "Enter how many times, from 2 to 52" in shown
    assert f'value="{criteria["opening"]}" checked' in shown
    assert [" open" in opened for opened in re.findall("<details[^>]*>", shown)][:4] == [True, True, True, False]


def test_every_date_is_listed_at_the_same_wall_time_with_a_note_about_the_clock_change_F25(browser, criteria):
    lines = browser.get(ADDRESS, criteria).context["lines"]
    assert [line.words for line in lines][::7] == ["Tuesday, February 23", "Tuesday, April 13"]
    assert {line.clock for line in lines} == {"3:00 PM"}
    assert [line.words for line in lines if line.note] == ["Tuesday, March 16"]


def test_a_date_in_conflict_is_shown_with_the_nearest_times_F10(browser, criteria, clash):
    response = browser.get(ADDRESS, criteria)
    (line,) = [line for line in response.context["lines"] if line.clash]
    assert line.words == "Tuesday, March 9"
    assert [option.words for option in line.options] == [
        "Move to Tue, Mar 9, 2:00 PM",
        "Move to Tue, Mar 9, 4:00 PM",
        "Move to Tue, Mar 9, 1:45 PM",
        "Leave this date out",
    ]
    assert "1 date is not available as planned" in response.content.decode()


def test_nothing_is_held_while_a_date_is_in_conflict_F11(browser, criteria, clash):
    response = hold(browser, criteria)
    assert response.status_code == 422
    assert "Choose what to do with Tuesday, March 9" in response.content.decode()
    assert Booking.objects.get() == clash


def test_all_dates_become_one_booking(browser, criteria, alex):
    response = hold(browser, criteria)
    booking = Booking.objects.get()
    assert response["Location"] == f"/desk/bookings/{booking.reference}/"
    assert (booking.kind, booking.status, booking.participants.get().client) == ("series", "held", alex)
    assert series_of(booking) == [
        "02-23 15:00",
        "03-02 15:00",
        "03-09 15:00",
        "03-16 15:00",
        "03-23 15:00",
        "03-30 15:00",
        "04-06 15:00",
        "04-13 15:00",
    ]


def test_the_price_of_all_dates_is_shown_before_they_are_held(browser, criteria):
    assert "All visits together cost $1,200." in browser.get(ADDRESS, criteria).content.decode()
    assert "One visit costs $150." in browser.get(ADDRESS, criteria | {"repeat": "open"}).content.decode()


def test_a_date_can_be_left_out(browser, criteria, clash):
    hold(browser, criteria, **{THIRD.isoformat(): "skip"})
    assert series_of(Booking.objects.latest("pk"))[1:3] == ["03-02 15:00", "03-16 15:00"]


def test_a_date_can_be_moved_to_a_near_time(browser, criteria, clash):
    response = browser.get(ADDRESS, criteria)
    (line,) = [line for line in response.context["lines"] if line.clash]
    hold(browser, criteria, **{THIRD.isoformat(): line.options[1].value})
    assert series_of(Booking.objects.latest("pk"))[1:4] == ["03-02 15:00", "03-09 16:00", "03-16 15:00"]


def test_looking_again_keeps_every_choice_in_the_address(browser, criteria, clash):
    moved = "2027-03-09T22:00Z"
    fifth = (FIRST + 4 * WEEK).isoformat()
    choices = {f"on-{THIRD}": moved, f"on-{fifth}": "skip"}
    response = browser.post(ADDRESS, {**criteria, **choices, "go": "look"})
    assert dict(parse_qsl(urlsplit(response["Location"]).query)) == {k: str(v) for k, v in (criteria | choices).items()}
    lines = browser.get(response["Location"]).context["lines"]
    assert len(lines) == 8
    assert [line.words for line in lines if line.skipped] == ["Tuesday, March 23"]
    assert [(line.clock, line.options[0].checked) for line in lines if line.options] == [("4:00 PM", True)]


def test_a_standing_appointment_is_held_open_ended(browser, criteria):
    response = browser.get(ADDRESS, criteria | {"repeat": "open", "every": "2"})
    assert len(response.context["lines"]) == 13
    hold(browser, criteria | {"repeat": "open", "every": "2"})
    booking = Booking.objects.get()
    assert (booking.kind, booking.standing.every_n_weeks) == ("standing", 2)


def test_a_lost_race_is_a_409_that_names_the_date_and_keeps_the_choices_F2(browser, criteria, office, monkeypatch):
    """Another booking takes the third date after this page has read it and before it locks."""

    def taken_meanwhile(**asked):
        found = series(**asked)
        monkeypatch.setattr("front.desk.dates.series", series)
        take(opening=at_three(office.single, THIRD), by=a_stranger(), now=NOW)
        return found

    monkeypatch.setattr("front.desk.dates.series", taken_meanwhile)
    response = hold(browser, criteria, **{(FIRST + 4 * WEEK).isoformat(): "skip"})
    shown = response.content.decode()
    assert response.status_code == 409
    assert "Mar 9" in str(response.context["taken"])
    assert [line.words for line in response.context["left"]] == ["Tuesday, March 9"]
    assert [line.words for line in response.context["lines"] if line.skipped] == ["Tuesday, March 23"]
    assert "Nothing was held" in shown
    assert Booking.objects.filter(kind="series").count() == 0


def test_another_visit_of_the_client_is_a_conflict_too(browser, criteria, office, alex):
    other = a_service("other", locations=[office.location])
    a_clinician(office.location, services=[other])
    booked(at_three(other, THIRD), alex)
    lines = browser.get(ADDRESS, criteria).context["lines"]
    assert [line.words for line in lines if line.clash] == ["Tuesday, March 9"]


@pytest.mark.parametrize("odd", ["skip ", "2027-03-09", "tomorrow", "2027-03-09T99:00Z", "0001-01-01T00:00Z", ""])
def test_invalid_choices_are_ignored(browser, criteria, odd):
    response = browser.get(ADDRESS, {**criteria, f"on-{THIRD}": odd, "on-2027-99-99": "skip", "on-9999-12-31": "skip"})
    assert (response.status_code, len(response.context["lines"])) == (200, 8)


def test_a_date_outside_the_series_is_refused_in_words(browser, criteria):
    response = browser.get(ADDRESS, {**criteria, "on-2027-03-10": "skip"})
    assert response.status_code == 422
    assert "is not one of the dates" in response.content.decode()


def test_more_than_a_year_is_refused_in_words(browser, criteria):
    response = browser.get(ADDRESS, criteria | {"every": "4", "times": "52"})
    assert response.status_code == 422
    assert "A series lasts a year at most." in response.content.decode()


@pytest.mark.parametrize("opening", ["", "AAAA"])
def test_an_invalid_opening_is_refused_in_words(browser, criteria, opening):
    response = browser.get(ADDRESS, criteria | {"opening": opening})
    assert response.status_code == 422
    assert "This opening is not known" in response.content.decode()


def test_dates_without_a_client_are_a_404(browser, criteria):
    assert browser.get(ADDRESS, criteria | {"client": ""}).status_code == 404
    assert browser.post(ADDRESS, criteria | {"client": "", "go": "hold"}).status_code == 404


def test_an_opening_of_another_office_does_not_exist_here_F146(browser, criteria):
    south = a_location("dallas")
    a_room(south)
    service = a_service("south", locations=[south])
    a_clinician(south, services=[service])
    foreign = criteria | {"opening": opening_ids(service)[0]}
    assert browser.get(ADDRESS, foreign).status_code == 404
    assert hold(browser, foreign).status_code == 404
    assert not Booking.objects.exists()


def test_a_get_request_holds_nothing_F128(browser, criteria):
    browser.get(ADDRESS, criteria | {"go": "hold"})
    assert not Booking.objects.exists()


def test_a_date_moved_to_another_day_names_that_day(browser, criteria, clash):
    lines = browser.get(ADDRESS, {**criteria, f"on-{THIRD}": "2027-03-10T21:00Z"}).context["lines"]
    assert [line.clock for line in lines][1:4] == ["3:00 PM", "Wed, Mar 10, 3:00 PM", "3:00 PM"]


def test_two_clients_for_a_service_for_one_are_refused_in_words(browser, criteria):
    answer = hold(browser, criteria | {"partner": a_client("Sam Reed").pk})
    assert (answer.status_code, "This is for one person." in answer.content.decode()) == (422, True)
    assert not Booking.objects.exists()
