"""“Why not?” by API."""

import pytest
from rest_framework.test import APIClient

from scheduling.models import Booking, DeskPost, Service
from scheduling.operations.bookings.hold import hold
from tests.factories import MONDAY, NOW, a_clinician, a_location, a_room, a_stranger, a_user, in_days, openings_of
from tests.signing_in import sign_in

from .conftest import API, booking_input, is_problem, post_booking, staff_client

pytestmark = pytest.mark.django_db
SATURDAY = MONDAY + in_days(5)


@pytest.fixture
def owner(office):
    return staff_client(a_user("owner"))


@pytest.fixture
def desk(office):
    user = a_user("desk")
    DeskPost.objects.create(user=user, location=office.location)
    return staff_client(user)


def ask(client, day, *, service="single", **more):
    return client.get(f"{API}services/{service}/why-not/", {"date": day.isoformat(), "location": "frisco"} | more)


def told(client, day, **more):
    response = ask(client, day, **more)
    assert response.status_code == 200, response.content
    return response.json()


def take_all(service: Service, day):
    """Hold every opening of a date."""
    while found := openings_of(service=service, first=day, until=day + in_days(1), now=NOW):
        hold(opening=found[0].id, by=a_stranger(f"browser-{found[0].starts_at}"), now=NOW, hold_minutes=60 * 24 * 30)


def test_a_date_on_which_nobody_works_has_that_obstacle(desk):
    found = told(desk, SATURDAY)

    assert (found["date"], found["location"]["slug"], found["openings"]) == ("2027-02-13", "frisco", [])
    assert all(one["reason"] and one["words"].endswith(".") for one in found["obstacles"])
    assert found["obstacles"]


def test_a_free_date_has_openings_with_prices_and_no_obstacles(desk):
    found = told(desk, MONDAY)

    assert found["openings"][0]["starts_at"] == "2027-02-08T09:00:00-06:00"
    assert found["openings"][0]["price"] == {"amount_cents": 15_000, "currency": "usd"}
    assert found["obstacles"] == []


def test_obstacles_of_a_program_name_blocks_with_the_locations_offset(desk, office):
    take_all(office.program, MONDAY)

    found = told(desk, MONDAY, service=office.program.slug)

    assert found["openings"] == []
    blocks = [one for one in found["obstacles"] if one["block"]]
    assert {one["block"] for one in blocks} == {"Session"}
    assert all(one["starts_at"].endswith("-06:00") for one in blocks if one["starts_at"])


def test_a_change_with_an_opening_can_be_booked(desk, office):
    take_all(office.single, MONDAY)

    changes = told(desk, MONDAY)["changes"]
    body = booking_input({"id": next(one["opening"] for one in changes if one["opening"])})

    assert post_booking(APIClient(), body).status_code == 201


def test_no_answer_names_a_client_of_another_booking(desk, office):
    from tests.front.api.test_staff_lists import confirmed

    confirmed(office.program, names=("Kim Example", "Lee Example"))

    shown = ask(desk, MONDAY, service=office.program.slug).content.decode()
    assert Booking.objects.get().reference not in shown
    for name in ("Kim", "Lee"):
        assert name not in shown, name


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"date": ""}, "date"),
        ({"date": "2027-02-30"}, "date"),
        ({"date": "9999-12-31"}, "date"),
        ({"location": "a b"}, "location"),
        ({"clinician": "nobody"}, "clinician"),
        ({"mode": "letter"}, "mode"),
        ({"to": "2027-02-09"}, "to"),
    ],
)
def test_a_bad_question_is_refused_by_the_field(desk, query, field):
    response = ask(desk, MONDAY, **query)

    assert is_problem(response, 400)
    assert field in response.json()["errors"]


def test_date_and_location_must_be_given(owner):
    response = owner.get(f"{API}services/single/why-not/")

    assert is_problem(response, 400)
    assert set(response.json()["errors"]) == {"date", "location"}


@pytest.mark.parametrize("query", [{"service": "unknown"}, {"location": "unknown"}])
def test_an_unknown_service_or_office_is_a_404(owner, query):
    assert is_problem(ask(owner, MONDAY, **query), 404)


def test_another_desks_office_is_a_404_F121(desk, owner):
    a_location("plano")

    assert is_problem(ask(desk, MONDAY, location="plano"), 404)
    assert ask(owner, MONDAY, location="plano").status_code == 200


def test_clinicians_cannot_ask_about_their_colleagues_F121(office):
    assert is_problem(ask(staff_client(a_user("clinician")), MONDAY), 403)


def test_a_desk_session_may_ask(office, client):
    sign_in(client, a_user("owner"))

    assert ask(client, MONDAY).status_code == 200


@pytest.mark.parametrize("service", ["single", "4-day-couple"])
def test_why_not_takes_as_many_statements_for_many_clinicians_as_for_few(
    office, desk, service, django_assert_max_num_queries, django_assert_num_queries
):
    wanted = Service.objects.get(slug=service)
    take_all(wanted, MONDAY)
    ask(desk, MONDAY, service=service)
    with django_assert_max_num_queries(60) as one:
        ask(desk, MONDAY, service=service)
    for _ in range(3):
        a_room(office.location)
        a_clinician(office.location, services=[office.single], hours=None)

    with django_assert_num_queries(len(one)):
        ask(desk, MONDAY, service=service)
