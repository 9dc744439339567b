"""Every call by every caller; a new address without a row here fails (F121, F122)."""

import pytest
from django.http import HttpRequest
from django.urls import URLPattern
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.test import APIClient

from front.api.permissions import Denied
from front.api.urls import urlpatterns
from scheduling.models import Booking, BookingMove, Client, Clinician, DeskPost
from tests.factories import a_location, a_user
from tests.signing_in import sign_in

from .conftest import API, booking_input, first_opening, is_problem, post_booking, staff_client

pytestmark = pytest.mark.django_db

# By route: status of GET for anonymous, client, clinician, desk and owner.
GET = {
    "schema/": (200, 200, 200, 200, 200),
    "docs/": (200, 200, 200, 200, 200),
    "locations/": (200, 200, 200, 200, 200),
    "services/": (200, 200, 200, 200, 200),
    "services/<slug:slug>/openings/": (400, 400, 400, 400, 400),
    "services/<slug:slug>/series/": (400, 400, 400, 400, 400),
    "services/<slug:slug>/why-not/": (401, 403, 403, 400, 400),
    "bookings/": (401, 403, 200, 200, 200),
    "bookings/<reference:reference>/": (401, 404, 404, 200, 200),
    "appointments/": (401, 403, 200, 200, 200),
    "clients/": (401, 403, 200, 200, 200),
    "rooms/": (401, 403, 200, 200, 200),
    "travel-times/": (401, 403, 200, 200, 200),
    "ledger/": (401, 403, 403, 200, 200),
    "work-items/": (401, 403, 403, 200, 200),
}
CALLERS = ("anonymous", "client", "clinician", "desk", "owner")
# Views that anybody may call, and their methods. The list repeats the code, so that adding one is a decision.
OPEN_TO_EVERYBODY = {
    ("Schema", "GET"),
    ("Docs", "GET"),
    ("Locations", "GET"),
    ("Services", "GET"),
    ("Openings", "GET"),
    ("SeriesDates", "GET"),
    ("Bookings", "POST"),
    ("Missing", "GET"),
    ("Missing", "POST"),
}


def views():
    """Each route with its view class."""
    return {str(one.pattern): one.callback.__dict__["view_class"] for one in urlpatterns if isinstance(one, URLPattern)}


@pytest.fixture
def callers(office, payments):
    """A browser for each role (the desk of the only office), and a booking that belongs to none of them."""
    reference = post_booking(APIClient(), booking_input(first_opening(APIClient()))).json()["reference"]
    desk = a_user("desk")
    DeskPost.objects.create(user=desk, location=office.location)
    users = {"client": a_user("client"), "clinician": a_user("clinician"), "desk": desk, "owner": a_user("owner")}
    Clinician.objects.exclude(slug="robin-vale").update(user=None)
    made = {role: staff_client(user) for role, user in users.items()}
    return reference, {"anonymous": APIClient()} | made


def filled(route, reference):
    return API + route.replace("<slug:slug>", "single").replace("<reference:reference>", reference)


def test_every_route_has_a_row_in_the_table_F121():
    assert set(views()) - {""} == set(GET)


@pytest.mark.parametrize("route", GET)
def test_each_caller_gets_the_status_in_the_table_F121(callers, route):
    reference, clients = callers

    got = tuple(clients[name].get(filled(route, reference)).status_code for name in CALLERS)

    assert got == GET[route]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("route", GET)
def test_no_caller_can_write_except_by_posting_a_booking_F121_F124(callers, route, method):
    reference, clients = callers
    before = Booking.objects.count(), BookingMove.objects.count(), Client.objects.count()

    for name in CALLERS:
        response = getattr(clients[name], method)(filled(route, reference), {}, format="json")

        expected = 400 if (route, method) == ("bookings/", "post") else 405
        assert is_problem(response, expected), name
    assert before == (Booking.objects.count(), BookingMove.objects.count(), Client.objects.count())


def test_views_open_to_everybody_are_exactly_those_listed_F122():
    found = set()
    for view_class in views().values():
        for method in ("GET", "POST"):
            view = view_class()
            view.request = type("Asked", (), {"method": method})
            handled = method.lower() in view.handled() or view_class.__name__ == "Missing"
            if handled and any(isinstance(one, AllowAny) for one in view.get_permissions()):
                found.add((view_class.__name__, method))

    assert found == OPEN_TO_EVERYBODY


def test_a_view_without_permissions_is_closed_F122(settings):
    assert settings.REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] == ["front.api.permissions.Denied"]
    assert Denied().has_permission(Request(HttpRequest()), None) is False


def test_a_staff_session_can_read_the_lists(callers, client):
    sign_in(client, a_user("owner"))

    assert client.get(f"{API}appointments/").status_code == 200


def test_a_session_can_post_only_with_its_csrf_token(callers, office):
    browser = APIClient(enforce_csrf_checks=True)
    sign_in(browser, a_user("owner"))

    response = post_booking(browser, booking_input(first_opening(APIClient())))

    assert is_problem(response, 403)


def test_a_desk_of_another_office_gets_a_404_F121(callers):
    reference, _ = callers
    desk = a_user("desk")
    DeskPost.objects.create(user=desk, location=a_location("plano"))

    assert is_problem(staff_client(desk).get(f"{API}bookings/{reference}/"), 404)


def test_a_signed_in_client_sees_their_own_booking(callers):
    reference, clients = callers
    user = a_user("client")
    Client.objects.update(user=user)
    mine = staff_client(user)

    assert mine.get(f"{API}bookings/{reference}/").json()["reference"] == reference
    assert is_problem(clients["client"].get(f"{API}bookings/{reference}/"), 404)


def test_a_token_of_an_inactive_account_is_refused(callers):
    user = a_user("owner")
    client = staff_client(user)
    user.is_active = False
    user.save()

    assert is_problem(client.get(f"{API}appointments/"), 401)


def test_identity_comes_only_from_the_credentials_F126(callers):
    """Headers and parameters that name a user change nothing."""
    owner = a_user("owner")
    headers = {"X-User": str(owner.pk), "X-Forwarded-User": owner.email, "Cookie": f"user={owner.pk}"}

    assert is_problem(APIClient().get(f"{API}clients/", headers=headers), 401)
    assert is_problem(APIClient().get(f"{API}clients/", {"user": owner.pk}), 401)
