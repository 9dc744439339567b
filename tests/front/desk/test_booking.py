"""Booking by phone, from the search to the payment."""

import pytest
from django.test import Client as Browser

from backend.audit.models import AuditLine
from backend.outbox.models import Delivery
from scheduling.models import Booking, Client
from scheduling.operations.bookings.hold import hold as take_hold
from tests.factories import NOW, a_client, a_desk_actor, a_location, a_stranger
from tests.signing_in import sign_in

from .conftest import booked, opening_ids

NEW = {
    "name": "Alex Reed",
    "email": "",
    "phone": "",
    "ways": [],
    "voicemail": "no",
    "safe_times": "",
    "address_is_shared": "unsure",
    "wording": "discreet",
}
REACHED = {"may_email": True, "email": "alex@example.com", "contact_chosen_at": NOW}


@pytest.fixture
def client(office):
    return a_client("Alex Reed", **REACHED)


def search(browser, words, **more):
    return browser.post("/desk/clients/search/", {"words": words, **more})


def hold(browser, opening, **people):
    return browser.post("/desk/book/hold/", {"opening": opening, "service": "single", "office": "frisco", **people})


def a_hold(browser, office, client):
    hold(browser, opening_ids(office.single)[0], client=client.pk)
    return Booking.objects.latest("pk")


def commit(browser, booking, **fields):
    return browser.post(f"/desk/bookings/{booking.reference}/commitment/", {"accept_policy": "on", **fields})


@pytest.mark.parametrize("words", ["ale", "reed", "AR", "a.r.", "4321", "alex@ex", "972-555-4321"])
def test_a_client_is_found_by_part_of_a_name(office, browser, words):
    a_client("Alex Reed", email="alex@example.com", phone="+19725554321")
    a_client("Sam Stone", email="sam@example.com", phone="+19725550000")
    shown = search(browser, words).content.decode()
    assert "Alex Reed" in shown
    assert "Sam Stone" not in shown


def test_a_client_is_found_by_the_reference_of_a_booking(office, browser, client):
    booking = booked(opening_ids(office.single)[0], client)
    assert "Alex Reed" in search(browser, booking.reference.lower()).content.decode()


def test_a_search_for_one_letter_is_refused(browser):
    response = search(browser, "a")
    assert response.status_code == 422
    assert "at least two characters" in response.content.decode()


def test_a_search_by_htmx_gets_only_the_fragment(office, browser, client):
    response = browser.post("/desk/clients/search/", {"words": "alex"}, headers={"HX-Request": "true"})
    assert b"Alex Reed" in response.content
    assert b"<html" not in response.content


def test_a_search_writes_an_audit_line_without_the_words(browser, client, at_desk):
    """F143"""
    search(browser, "reed")
    line = AuditLine.objects.get(verb="search")
    assert (line.user, line.detail) == (at_desk.user, "words: 1 found")


@pytest.fixture
def elsewhere(office):
    """A client of another office."""
    from tests.factories import a_clinician, a_room, a_service

    south = a_location("dallas")
    a_room(south)
    service = a_service("south", locations=[south])
    a_clinician(south, services=[service])
    client = a_client("Sam Stone", email="sam@example.com", phone="+19725550177", legal_name="Samuel Stone")
    booked(opening_ids(service)[0], client)
    return client


def look(browser, **identifiers):
    return browser.post("/desk/clients/search/elsewhere/", identifiers).content.decode()


def test_a_client_of_another_office_is_not_found_by_part_of_a_name(browser, elsewhere):
    """F146"""
    assert "Sam Stone" not in search(browser, "stone").content.decode()
    assert browser.get(f"/desk/clients/{elsewhere.pk}/").status_code == 404


def test_two_exact_identifiers_find_a_client_of_another_office_and_write_an_audit_line(browser, elsewhere):
    """F146"""
    assert "Sam Stone" in look(browser, email="sam@example.com", phone="972-555-0177")
    assert AuditLine.objects.get(verb="search").detail == "email, phone: 1 found"
    assert browser.get(f"/desk/book/?client={elsewhere.pk}").context["chosen"][0].client == elsewhere


@pytest.mark.parametrize(
    "identifiers",
    [
        {"email": "sam@example.com"},
        {"email": "sam@example.com", "phone": "972-555-0178"},
        {"email": "sam@exam", "legal_name": "Samuel Stone"},
        {"legal_name": "Samuel", "phone": "972-555-0177"},
    ],
)
def test_one_identifier_or_an_inexact_one_finds_no_client(browser, elsewhere, identifiers):
    assert "Sam Stone" not in look(browser, **identifiers)


def test_a_client_not_identified_in_this_session_cannot_be_chosen(browser, elsewhere, office):
    assert hold(browser, opening_ids(office.single)[0], client=elsewhere.pk).status_code == 404
    assert "chosen" not in browser.get(f"/desk/book/?client={elsewhere.pk}").context


def test_a_client_without_an_address_is_added_with_all_channels_off(browser):
    response = browser.post("/desk/clients/add/", {**NEW, "office": "frisco"})
    client = Client.objects.get(name_to_use="Alex Reed")
    assert response["Location"] == f"/desk/book/?client={client.pk}&office=frisco"
    assert (client.may_email, client.may_text, client.may_call) == (False, False, False)


def test_an_error_keeps_the_values_entered(browser):
    response = browser.post("/desk/clients/add/", {**NEW, "email": "no address", "safe_times": "after five"})
    shown = response.content.decode()
    assert response.status_code == 422
    for words in ("Alex Reed", "no address", "after five", "like name@example.com"):
        assert words in shown, words
    assert not Client.objects.filter(name_to_use="Alex Reed").exists()


def test_the_times_shown_include_those_inside_the_notice(office, browser, client):
    office.single.notice_minutes = 60 * 24 * 30
    office.single.save()
    response = browser.get(f"/desk/book/?client={client.pk}&service=single&office=frisco")
    assert response.context["times"].days
    assert "Robin Vale" in response.content.decode()


def test_a_time_is_held_for_the_chosen_client(office, browser, client):
    response = hold(browser, opening_ids(office.single)[0], client=client.pk)
    booking = Booking.objects.get()
    assert response["Location"] == f"/desk/bookings/{booking.reference}/"
    assert (booking.status, booking.participants.get().client) == ("held", client)


def test_a_couple_is_held_for_both(office, browser, client):
    partner = a_client("Sam Reed")
    hold(browser, opening_ids(office.program)[0], client=client.pk, partner=partner.pk, service=office.program.slug)
    people = Booking.objects.get().participants.order_by("track")
    assert [one.client for one in people] == [client, partner]


def test_a_lost_race_is_a_409_with_near_times_that_keeps_the_client(office, browser, client):
    from scheduling.operations.bookings.hold import hold as take

    opening = opening_ids(office.single)[0]
    take(opening=opening, by=a_stranger(), now=NOW)
    response = hold(browser, opening, client=client.pk)
    shown = response.content.decode()
    assert response.status_code == 409
    assert "Someone else has just taken this time." in shown
    assert "Alex Reed" in shown
    assert len(response.context["near"]) == 3


def test_choosing_no_time_is_an_error(browser, client):
    response = hold(browser, "", client=client.pk)
    assert response.status_code == 422
    assert b"Choose a time" in response.content


def test_an_opening_of_another_office_does_not_exist_here(office, browser, client, elsewhere):
    from scheduling.models import Service

    foreign = opening_ids(Service.objects.get(slug="south"))[-1]
    assert hold(browser, foreign, client=client.pk).status_code == 404


def test_a_broken_opening_is_refused_in_words(browser, client):
    response = hold(browser, "AAAA", client=client.pk)
    assert response.status_code == 422
    assert b"This opening is not known" in response.content


def test_the_page_of_a_hold_shows_the_terms_to_read_out(office, browser, client):
    booking = a_hold(browser, office, client)
    shown = browser.get(f"/desk/bookings/{booking.reference}/").content.decode()
    for words in ("$150", "Terms to read aloud", "We are holding this until", "Email to alex@example.com"):
        assert words in shown, words


def test_a_payment_link_is_shown_to_read_out(office, browser, client, payments):
    booking = a_hold(browser, office, client)
    commit(browser, booking, how="pay")
    response = browser.get(f"/desk/bookings/{booking.reference}/")
    assert response.context["payment"].checkout_url in response.content.decode()


def test_paying_on_the_payment_page_confirms_the_booking(office, browser, client, payments):
    booking = a_hold(browser, office, client)
    commit(browser, booking, how="pay")
    payments.pay(browser.get(f"/desk/bookings/{booking.reference}/").context["payment"].checkout_url)
    payments.deliver()
    booking.refresh_from_db()
    assert booking.status == "confirmed"


def test_a_paid_booking_cannot_be_confirmed_without_payment(office, browser, client, payments):
    booking = a_hold(browser, office, client)
    commit(browser, booking, how="pay")
    payments.pay(browser.get(f"/desk/bookings/{booking.reference}/").context["payment"].checkout_url)
    payments.deliver()
    shown = browser.get(f"/desk/bookings/{booking.reference}/").content.decode()
    assert "$150" in shown
    assert "Confirmed without payment" not in shown


def test_a_date_past_the_last_bookable_one_counts_as_the_last_one(office, browser, client):
    criteria = {"client": client.pk, "service": "single", "office": "frisco"}
    assert browser.get("/desk/book/", {**criteria, "since": "9999-12-31"}).status_code == 200


def test_the_link_to_pay_is_sent_by_the_chosen_channel(office, browser, client, payments):
    booking = a_hold(browser, office, client)
    commit(browser, booking, how="pay")
    browser.post(f"/desk/bookings/{booking.reference}/pay-link/")
    assert [one.channel for one in Delivery.objects.filter(purpose="pay_link")] == ["email"]


def test_the_link_to_pay_is_not_sent_to_a_client_without_channels(office, browser, payments):
    booking = a_hold(browser, office, a_client("Alex Reed", email="alex@example.com"))
    commit(browser, booking, how="pay")
    response = browser.post(f"/desk/bookings/{booking.reference}/pay-link/")
    assert response.status_code == 409
    assert not Delivery.objects.filter(purpose="pay_link").exists()


def test_the_message_with_the_link_names_neither_service_nor_price(office, browser, client, payments):
    from backend.outbox.registry import handler_for

    booking = a_hold(browser, office, client)
    commit(browser, booking, how="pay")
    browser.post(f"/desk/bookings/{booking.reference}/pay-link/")
    message = handler_for("pay_link")(Delivery.objects.get(purpose="pay_link"), NOW)
    assert "/m/" in message.text
    for words in ("Single", "150", "Robin", "Frisco"):
        assert words not in message.text + message.subject, words


def test_the_message_with_the_link_is_not_sent_once_it_is_paid(office, browser, client, payments):
    from backend.outbox.registry import handler_for

    booking = a_hold(browser, office, client)
    commit(browser, booking, how="pay")
    browser.post(f"/desk/bookings/{booking.reference}/pay-link/")
    payments.pay(browser.get(f"/desk/bookings/{booking.reference}/").context["payment"].checkout_url)
    payments.deliver()
    assert handler_for("pay_link")(Delivery.objects.get(purpose="pay_link"), NOW) is None


def test_a_hold_is_confirmed_without_payment_for_a_reason(office, browser, client):
    booking = a_hold(browser, office, client)
    commit(browser, booking, how="unpaid", reason="Pays at the desk")
    booking.refresh_from_db()
    assert (booking.status, booking.confirmed_unpaid_reason) == ("confirmed", "Pays at the desk")


def test_a_hold_is_not_confirmed_without_payment_and_reason(office, browser, client):
    booking = a_hold(browser, office, client)
    response = commit(browser, booking, how="unpaid", reason=" ")
    booking.refresh_from_db()
    assert (response.status_code, booking.status) == (422, "held")


def test_a_hold_is_not_committed_unless_the_terms_were_read_out(office, browser, client):
    booking = a_hold(browser, office, client)
    response = commit(browser, booking, how="unpaid", reason="Pays at the desk", accept_policy="")
    booking.refresh_from_db()
    assert (response.status_code, booking.status) == (422, "held")
    assert "Pays at the desk" in response.content.decode()


def test_a_hold_can_be_released(office, browser, client):
    booking = a_hold(browser, office, client)
    browser.post(f"/desk/bookings/{booking.reference}/release/")
    booking.refresh_from_db()
    assert booking.status == "released"


def test_a_get_request_changes_nothing(office, browser, client):
    """F128"""
    booking = a_hold(browser, office, client)
    for verb in ("commitment", "payment", "pay-link", "more-time", "release"):
        assert browser.get(f"/desk/bookings/{booking.reference}/{verb}/").status_code == 405
    booking.refresh_from_db()
    assert booking.status == "held"


def test_a_booking_of_another_office_does_not_exist_for_this_desk(office, client):
    """F124, F146"""
    booking = booked(opening_ids(office.single)[0], client, confirmed=False)
    other = sign_in(Browser(), a_desk_actor(a_location("dallas")).user)
    address = f"/desk/bookings/{booking.reference}/"
    assert other.get(address).status_code == 404
    for verb in ("commitment", "payment", "pay-link", "more-time", "release"):
        assert other.post(f"{address}{verb}/", {"accept_policy": "on"}).status_code == 404, verb
    booking.refresh_from_db()
    assert booking.status == "held"


def test_the_page_of_an_appointment_shows_contact_rules_first(office, browser, client):
    booking = booked(opening_ids(office.single)[0], client)
    appointment = booking.participants.get().attendances.get().appointment
    shown = browser.get(f"/desk/appointments/{appointment.pk}/").content.decode()
    assert shown.index("Email to alex@example.com") < shown.index("Central time")
    assert booking.reference in shown
    assert AuditLine.objects.filter(verb="view", detail="appointment", subject_id=str(client.pk)).count() == 1


def test_the_page_of_a_client_names_the_partner_by_initials_only(office, browser, client):
    partner = a_client("Sam Stone", email="sam@example.com")
    booked(opening_ids(office.program)[0], client, partner)
    shown = browser.get(f"/desk/clients/{client.pk}/").content.decode()
    assert "S.S." in shown
    assert "Stone" not in shown
    assert "sam@example.com" not in shown


def links_of(browser, booking, track):
    return browser.post(f"/desk/bookings/{booking.reference}/links/{track}/").context["made"][1]


def test_a_link_can_be_handed_to_a_client_without_channels(office, browser):
    booking = booked(opening_ids(office.single)[0], a_client("Alex Reed"))
    address = links_of(browser, booking, "A").removeprefix("http://localhost:8000")
    assert Browser().get(address, follow=True).status_code == 200
    assert AuditLine.objects.filter(subject="participant", detail="link").count() == 1


def test_the_link_for_the_second_person_is_an_introduction(office, browser, client):
    booking = booked(opening_ids(office.program)[0], client)
    links_of(browser, booking, "B")
    assert [one.purpose for one in booking.participants.get(track="B").tokens.all()] == ["introduction"]


def test_an_unknown_track_has_no_link(office, browser, client):
    booking = booked(opening_ids(office.single)[0], client)
    assert browser.post(f"/desk/bookings/{booking.reference}/links/B/").status_code == 404


def test_the_link_in_the_message_leads_to_payment_on_the_clients_device(office, browser, client, payments):
    import re

    from backend.outbox.registry import handler_for

    booking = a_hold(browser, office, client)
    commit(browser, booking, how="pay")
    browser.post(f"/desk/bookings/{booking.reference}/pay-link/")
    message = handler_for("pay_link")(Delivery.objects.get(purpose="pay_link"), NOW)
    theirs = Browser()
    shown = theirs.get(re.search(r"/m/\S+/", message.text)[0], follow=True).content.decode()
    assert f"/booking/{booking.reference}/pay/" in shown
    payments.pay(theirs.post(f"/booking/{booking.reference}/pay/")["Location"])
    theirs.get(f"/booking/{booking.reference}/done/")
    booking.refresh_from_db()
    assert booking.status == "confirmed"


def test_a_visitors_hold_without_names_is_refused_in_words(office, browser):
    held = take_hold(opening=opening_ids(office.single)[0], by=a_stranger(), now=NOW)
    answer = commit(browser, held, how="unpaid", reason="Pays in cash")
    assert (answer.status_code, "This is for one person." in answer.content.decode()) == (409, True)


def test_two_clients_for_a_service_for_one_are_refused_in_words(office, browser, client):
    answer = hold(browser, opening_ids(office.single)[0], client=client.pk, partner=a_client("Sam Reed").pk)
    assert (answer.status_code, "This is for one person." in answer.content.decode()) == (422, True)
    assert not Booking.objects.exists()
