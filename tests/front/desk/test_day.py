"""The day of an office as a list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from backend.audit.models import AuditLine
from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item
from scheduling.models import Appointment, Booking, Cohort
from tests.factories import MONDAY, NOW, a_client, a_desk_actor, a_location, a_room, a_user, an_actor, in_days
from tests.signing_in import sign_in

from .conftest import booked, opening_ids

DAY = f"/desk/frisco/{MONDAY.isoformat()}/"


def page(browser, address=DAY):
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def on_the_hour(service):
    """Openings of Monday that do not overlap."""
    return opening_ids(service)[::8]


def test_the_day_list_names_client_service_clinician_and_room(office, browser):
    booking = booked(on_the_hour(office.single)[0], a_client("Alex Reed"))
    shown = page(browser)
    room = booking.participants.get().attendances.get().appointment.room
    for words in ("9:00 AM", "to 9:50 AM", "Alex Reed", "Single", "Robin Vale", room.name, "Booked"):
        assert words in shown, words


def test_hidden_names_are_shown_as_initials(office, browser):
    booked(on_the_hour(office.single)[0], a_client("Alex Reed"))
    shown = page(browser, DAY + "?names=no")
    assert "A.R." in shown
    assert "Alex" not in shown


def test_a_hold_shows_its_deadline_and_is_gone_after_it(office, browser):
    booked(on_the_hour(office.single)[0], a_client("Alex Reed"), confirmed=False)
    assert "Held to 9:15 AM" in page(browser)
    Booking.objects.update(hold_expires_at=NOW - timedelta(seconds=1), held_at=NOW - timedelta(minutes=20))
    assert "Alex Reed" not in page(browser)


def test_each_day_of_a_program_shows_its_number(office, browser):
    booked(opening_ids(office.program)[0], a_client("Alex Reed"), a_client("Sam Reed"))
    assert "Day 1 of 4" in page(browser)
    assert "Day 2 of 4" in page(browser, f"/desk/frisco/{(MONDAY + timedelta(days=1)).isoformat()}/")


def test_the_money_badge_shows_paid_and_unpaid(office, browser, payments):
    from billing.operations.booking import book
    from scheduling.operations.clients import Person

    made = book(
        opening=opening_ids(office.single)[0],
        people=[Person(name="Alex Reed")],
        accept_policy=True,
        by=an_actor("owner"),
        now=NOW,
    )
    assert "Unpaid" in page(browser)
    payments.pay(made.checkout_url)
    payments.deliver()
    shown = page(browser)
    assert ">Paid<" in shown
    assert "Unpaid" not in shown


def queries(browser):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        page(browser)
    return len(captured)


def test_three_rows_take_as_many_statements_as_one(office, browser):
    wanted = on_the_hour(office.single)
    booked(wanted[0], a_client("Alex Reed"))
    page(browser)
    one = queries(browser)
    for opening in wanted[1:3]:
        booked(opening, a_client())
    assert queries(browser) == one


def test_an_empty_day_says_so_and_offers_an_appointment(browser):
    assert "No appointments" in page(browser)


def test_each_client_on_the_day_list_gets_an_audit_line(office, browser, at_desk):
    """F143"""
    client = a_client("Alex Reed")
    booked(on_the_hour(office.single)[0], client)
    page(browser)
    line = AuditLine.objects.get(verb="view", subject="client", subject_id=str(client.pk))
    assert (line.user, line.detail) == (at_desk.user, "day list")


def test_the_day_list_is_a_404_for_another_offices_desk(office):
    """F146"""
    south = a_location("dallas")
    booked(on_the_hour(office.single)[0], a_client("Alex Reed"))
    browser = sign_in(Browser(), a_desk_actor(south).user)
    assert browser.get(DAY).status_code == 404
    shown = page(browser, f"/desk/dallas/{MONDAY.isoformat()}/")
    assert "Alex Reed" not in shown
    assert "Frisco" not in shown


def test_the_owner_can_read_every_office(office):
    a_location("dallas")
    shown = page(sign_in(Browser(), a_user("owner")))
    assert "Frisco" in shown
    assert "Dallas" in shown


@pytest.mark.parametrize("day", ["2027-02-30", "today-or-so", "20270208", "0001-01-01", "2027-W06-1"])
def test_an_address_with_an_invalid_date_is_a_404(browser, day):
    assert browser.get(f"/desk/frisco/{day}/").status_code == 404


def test_the_desks_first_page_is_today_at_the_first_office(browser):
    assert browser.get("/desk/")["Location"] == "/desk/frisco/2027-02-01/"


def test_a_desk_user_without_an_office_gets_a_page_that_says_so(office):
    browser = sign_in(Browser(), a_desk_actor().user)
    assert "No office yet" in page(browser, "/desk/")


def an_item(location, **fields):
    defaults = {"kind": WorkItem.Kind.REQUEST, "key": f"k{location.pk}", "subject": "booking", "subject_id": 0}
    return open_item(words=f"Call back at {location.name}.", location_id=location.pk, now=NOW, **defaults | fields)


def test_the_day_list_shows_only_work_items_of_its_office(office, browser):
    an_item(office.location)
    an_item(a_location("dallas"))
    shown = page(browser)
    assert "Call back at Frisco." in shown
    assert "Dallas" not in shown


def an_appointment_of(office):
    return booked(on_the_hour(office.single)[0], a_client()).participants.get().attendances.get().appointment


def a_cohort_of(office):
    visit = an_appointment_of(office)
    cohort = Cohort.objects.create(
        service=office.single, location=office.location, enroll_by=NOW, created_at=NOW - in_days(1)
    )
    Appointment.objects.filter(pk=visit.pk).update(cohort=cohort)
    return cohort, visit.during.lower.astimezone(office.location.tzinfo).date()


def test_a_conflict_item_links_to_the_appointment(office, browser):
    visit = an_appointment_of(office)
    an_item(office.location, kind=WorkItem.Kind.CLASH, subject="appointment", subject_id=visit.pk)
    assert f'href="/desk/appointments/{visit.pk}/"' in page(browser)


def test_a_conflict_item_of_an_event_links_to_the_day(office, browser):
    an_item(office.location, kind=WorkItem.Kind.CLASH, subject="day", subject_id="2027-03-09")
    assert 'href="/desk/frisco/2027-03-09/"' in page(browser)


def test_an_item_about_a_short_cohort_links_to_its_first_day(office, browser):
    cohort, day = a_cohort_of(office)
    an_item(office.location, kind=WorkItem.Kind.DEADLINE, subject="cohort", subject_id=cohort.pk)
    assert f'href="/desk/frisco/{day}/">Open' in page(browser)


def test_an_item_can_be_resolved_only_by_its_own_desk(office, browser, at_desk):
    mine, other = an_item(office.location), an_item(a_location("dallas"))
    assert browser.post(f"/desk/items/{mine.pk}/done/", {"note": "called"}).status_code == 302
    assert browser.post(f"/desk/items/{other.pk}/done/", {"note": "called"}).status_code == 404
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.resolved_by, mine.resolution, other.resolved_at) == (at_desk.user, "called", None)


def test_a_name_with_markup_is_escaped(office, browser):
    """F133"""
    a_room(office.location)
    booked(on_the_hour(office.single)[0], a_client("<img src=x onerror=alert(1)>"))
    assert "<img src=x" not in page(browser)
