"""Booking by API, from an opening to a confirmed booking, with money over real HTTP to the sandbox."""

import pytest

from billing.models import PaymentAttempt
from scheduling.models import Booking, Client, Participant
from scheduling.operations.links.links import issue
from tests.factories import NOW, a_user

from .conftest import API, PERSON, booking_input, first_opening, is_problem, post_booking, staff_client

pytestmark = pytest.mark.django_db


def bearer(api, token):
    return {"Authorization": f"Bearer {token}"}


def test_a_visit_is_booked_paid_and_confirmed(api, office, payments):
    made = post_booking(api, booking_input(first_opening(api)))

    told = made.json()
    assert made.status_code == 201, told
    assert made.headers["Location"] == f"/api/v1/bookings/{told['reference']}/"
    assert told["status"] == "held"
    assert told["hold_expires_at"] == "2027-02-01T09:46:00-06:00"  # the page's 31 minutes, and 15 more
    assert told["payment"]["due_now"] == {"amount_cents": 15_000, "currency": "usd"}
    assert payments.pay(told["payment"]["checkout_url"]) == 303
    payments.deliver()

    seen = api.get(f"{API}bookings/{told['reference']}/", headers=bearer(api, told["manage_token"])).json()

    assert (seen["status"], seen["hold_expires_at"]) == ("confirmed", None)
    assert seen["appointments"] == told["appointments"]
    assert [visit["starts_at"] for visit in seen["appointments"]] == ["2027-02-08T09:00:00-06:00"]


def test_a_couple_books_and_the_first_sees_only_their_own_part(api, office, payments):
    opening = first_opening(api, "4-day-couple")
    theirs = {
        block["starts_at"] for day in opening["days"] for block in day["blocks"] if block["attends"] in {"both", "A"}
    }

    told = post_booking(api, booking_input(opening, partner={"name": "Ben Example", "email": "ben@example.com"})).json()

    assert told["payment"]["due_now"]["amount_cents"] == 120_000
    assert [visit["starts_at"] for visit in told["appointments"]] == sorted(theirs)
    assert "ben@" not in str(told)
    partner = Client.objects.get(email="ben@example.com")
    assert (partner.may_email, partner.may_text, partner.may_call) == (False, False, False)


def test_a_booking_without_contact_rules_gets_discreet_mail(api, office, payments):
    post_booking(api, booking_input(first_opening(api), client=PERSON | {"calendar_invite": True}))

    client = Client.objects.get()
    assert (client.may_email, client.may_text, client.may_call, client.wording) == (True, False, False, "discreet")
    assert Participant.objects.get().calendar_invites


def test_contact_rules_are_stored_as_given(api, office, payments):
    contact = {
        "email": False,
        "text": True,
        "voicemail": "first_name",
        "address_is_shared": "no",
        "wording": "standard",
    }

    post_booking(api, booking_input(first_opening(api), client=PERSON | {"phone": "972-555-0142", "contact": contact}))

    client = Client.objects.get()
    assert (client.may_email, client.may_text, client.voicemail) == (False, True, "first_name")
    assert (str(client.phone), client.wording) == ("+19725550142", "standard")


def test_a_lost_race_is_a_409_with_alternatives(api, office, payments):
    opening = first_opening(api)
    post_booking(api, booking_input(opening))

    response = post_booking(api, booking_input(opening))

    assert is_problem(response, 409)
    told = response.json()
    assert told["code"] == "taken"
    assert 1 <= len(told["alternatives"]) <= 3
    assert opening["id"] not in {one["id"] for one in told["alternatives"]}
    assert Booking.objects.count() == PaymentAttempt.objects.count() == 1


def test_an_alternative_can_be_booked(api, office, payments):
    opening = first_opening(api)
    post_booking(api, booking_input(opening))
    other = post_booking(api, booking_input(opening)).json()["alternatives"][0]

    assert post_booking(api, booking_input(other)).status_code == 201


def test_a_booking_with_nothing_due_is_confirmed_at_once(api, office, payments):
    office.single.policies.all().delete()
    office.single.policies.create(valid_from="2027-01-01", due_now="nothing")

    told = post_booking(api, booking_input(first_opening(api))).json()

    assert told["status"] == "confirmed"
    assert told["payment"] == {"due_now": {"amount_cents": 0, "currency": "usd"}, "checkout_url": None}


def test_the_hold_stays_if_the_provider_is_down(api, office, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    told = post_booking(api, booking_input(first_opening(api))).json()

    assert told["status"] == "held"
    assert told["payment"] == {"due_now": {"amount_cents": 15_000, "currency": "usd"}, "checkout_url": None}


def test_optional_fields_may_be_null(api, office, payments):
    person = {"name": "Ann Example", "email": "ann@example.com", "phone": None, "contact": None}
    partner = {"name": "Ben Example", "email": None}

    answer = post_booking(api, booking_input(first_opening(api, "4-day-couple"), client=person, partner=partner))

    assert (answer.status_code, Client.objects.get(name_to_use="Ben Example").email) == (201, "")


def test_the_payment_page_is_shown_to_the_payer_and_never_to_the_partner(api, office, payments):
    made = post_booking(api, booking_input(first_opening(api, "4-day-couple"), partner={"name": "Ben Example"})).json()
    url = f"{API}bookings/{made['reference']}/"
    partner = issue(participant=Participant.objects.get(track="B"), now=NOW)

    assert api.get(url, headers=bearer(api, made["manage_token"])).json()["payment"] == made["payment"]
    assert api.get(url, headers=bearer(api, partner)).json()["payment"] is None


def test_each_partner_sees_only_the_visits_they_attend(api, office, payments):
    opening = first_opening(api, "4-day-couple")
    made = post_booking(api, booking_input(opening, partner={"name": "Ben Example"})).json()
    partner = issue(participant=Participant.objects.get(track="B"), now=NOW)

    told = api.get(f"{API}bookings/{made['reference']}/", headers=bearer(api, partner)).json()

    blocks = [block for day in opening["days"] for block in day["blocks"] if block["attends"] in {"both", "B"}]
    assert [(one["starts_at"], one["clinicians"]) for one in told["appointments"]] == [
        (block["starts_at"], block["clinicians"]) for block in blocks
    ]
    assert "Ann" not in str(told)
    assert "ann@" not in str(told)


def test_another_reference_is_a_404_F20(api, office, payments):
    opening = first_opening(api)
    mine = post_booking(api, booking_input(opening)).json()
    other = post_booking(api, booking_input(post_booking(api, booking_input(opening)).json()["alternatives"][0])).json()

    response = api.get(f"{API}bookings/{other['reference']}/", headers=bearer(api, mine["manage_token"]))

    assert is_problem(response, 404)


@pytest.mark.parametrize("header", ["", "Bearer nonsense", "Bearer", "Bearer a b", "Basic YTpi", "Token nonsense"])
def test_a_booking_is_not_shown_without_a_valid_token(api, office, payments, header):
    reference = post_booking(api, booking_input(first_opening(api))).json()["reference"]

    response = api.get(f"{API}bookings/{reference}/", headers={"Authorization": header} if header else {})

    assert is_problem(response, 401)
    assert response.headers["WWW-Authenticate"]


def test_the_partners_introduction_is_not_accepted_as_a_token(api, office, payments):
    """The partner who passes the link on may have it too. Only choosing gives a token."""
    from billing.operations.booking import book
    from scheduling.operations.clients import Person
    from tests.factories import a_stranger

    opening = first_opening(api, "4-day-couple")
    people = [Person(name="Ann", email="a@example.com", may_email=True), Person(name="Ben")]
    booked = book(opening=opening["id"], people=people, accept_policy=True, by=a_stranger(), now=NOW)

    response = api.get(f"{API}bookings/{booked.booking.reference}/", headers=bearer(api, booked.tokens["B"]))

    assert is_problem(response, 401)


def test_guessing_tokens_is_limited_by_address_F140(api, office, payments, settings):
    settings.LIMITS = {**settings.LIMITS, "links_per_address": 3}
    made = post_booking(api, booking_input(first_opening(api))).json()
    url = f"{API}bookings/{made['reference']}/"
    for _ in range(3):
        assert api.get(url, headers=bearer(api, "guess")).status_code == 401

    assert is_problem(api.get(url, headers=bearer(api, "guess")), 429)
    assert api.get(url, headers=bearer(api, made["manage_token"])).status_code == 200


def test_too_many_bookings_from_one_network_are_a_429_F140(api, office, payments, settings):
    settings.LIMITS = {**settings.LIMITS, "bookings_per_address": 1}
    opening = first_opening(api)
    assert post_booking(api, booking_input(opening)).status_code == 201

    response = post_booking(api, booking_input(opening))

    assert is_problem(response, 429)
    assert int(response.headers["Retry-After"]) > 0


def test_a_service_booked_after_a_call_is_refused_in_words(api, office, payments):
    opening = first_opening(api)
    office.single.booking_mode = "call_first"
    office.single.save()

    response = post_booking(api, booking_input(opening))

    assert is_problem(response, 409)
    assert response.json()["code"] == "call_first"
    assert not Booking.objects.exists()


def test_staff_get_the_whole_booking(api, office, payments):
    made = post_booking(api, booking_input(first_opening(api))).json()

    told = staff_client(a_user("owner")).get(f"{API}bookings/{made['reference']}/").json()

    assert told["people"] == [{"track": "A", "client": Client.objects.get().pk, "name": "Ann Example"}]
