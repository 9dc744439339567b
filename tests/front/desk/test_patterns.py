"""A series, a standing appointment and a seat in a group on the desk's pages."""

import re
from datetime import timedelta

from scheduling.models import Appointment, Booking, DeskPost
from tests.factories import NOW, openings_of
from tests.scheduling.groups import a_place_for_groups

from .tuesdays import FIRST, THIRD, hold


def held(browser, criteria, **more):
    hold(browser, criteria | more)
    return Booking.objects.latest("pk")


def test_the_page_of_a_series_has_one_line_for_the_pattern_and_lists_its_dates(browser, criteria):
    shown = browser.get(f"/desk/bookings/{held(browser, criteria).reference}/").content.decode()
    assert "8 Tuesdays, 3:00 PM, until April 13" in shown
    assert "All 8 dates" in shown
    assert "$1,200" in shown


def test_the_line_of_a_series_with_a_moved_date_says_most(browser, criteria):
    hold(browser, criteria, **{THIRD.isoformat(): "2027-03-09T22:00Z"})
    shown = browser.get(f"/desk/bookings/{Booking.objects.get().reference}/").content.decode()
    assert "8 dates until April 13, most on Tuesdays, 3:00 PM" in shown


def test_the_page_of_a_standing_appointment_has_one_line_for_the_pattern(browser, criteria):
    shown = browser.get(f"/desk/bookings/{held(browser, criteria, repeat='open').reference}/").content.decode()
    assert "Every week, Tuesdays, 3:00 PM, open-ended. Dates are planned until August" in shown


def test_the_day_list_and_the_appointments_page_number_the_date_in_its_series(browser, criteria):
    booking = held(browser, criteria)
    assert "Series, 3 of 8" in browser.get(f"/desk/frisco/{THIRD}/").content.decode()
    third = Appointment.objects.filter(attendances__participant__booking=booking).order_by("during")[2]
    assert "series, 3 of 8" in browser.get(f"/desk/appointments/{third.pk}/").content.decode()


def test_the_day_list_takes_as_many_statements_for_ten_series_as_for_one(
    browser, criteria, office, django_assert_max_num_queries, django_assert_num_queries
):
    held(browser, criteria)
    page = f"/desk/frisco/{FIRST}/"
    browser.get(page)
    with django_assert_max_num_queries(40) as one:
        browser.get(page)
    statements = len(one)
    for hour in range(2):
        held(browser, criteria, opening=opening_ids_on(office.single, FIRST)[hour * 4])
    with django_assert_num_queries(statements):
        browser.get(page)


def opening_ids_on(service, day):
    found = openings_of(service=service, first=day, until=day + timedelta(days=1), now=NOW)
    return [one.id for one in found]


def test_a_seat_in_a_group_is_booked_and_shown_with_its_number(at_desk, browser, alex, office):
    group = a_place_for_groups(capacity=4)
    DeskPost.objects.create(user=at_desk.user, location=group.office)
    group.open_cohort(times=3)
    criteria = {"client": alex.pk, "service": group.service.slug, "office": group.office.slug, "since": "2027-03-01"}
    shown = browser.get("/desk/book/", criteria)
    assert shown.context["repeat"] is None
    assert re.search(r"3 dates,\s+4 seats left", shown.content.decode())
    opening = shown.context["times"].days[0].parts[0].tiles[0].opening.id
    browser.post("/desk/book/hold/", criteria | {"opening": opening})
    booking = Booking.objects.get()
    told = browser.get(f"/desk/bookings/{booking.reference}/").content.decode()
    assert booking.kind == "seat"
    assert told.count("seat 1 of 4") == 3
    assert "1 of 4 seats" in browser.get(f"/desk/{group.office.slug}/2027-03-02/").content.decode()
