"""Bad input is answered with a problem in words and never with a server error."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling.models import Booking, Client
from tests.factories import MONDAY

from .conftest import API, PERSON, booking_input, first_opening, is_problem, post_booking

pytestmark = pytest.mark.django_db
JSON = "application/json"


def send(api, raw, content_type=JSON):
    return api.post(f"{API}bookings/", raw, content_type=content_type)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b"NaN",
        b'{"opening": Infinity}',
        b'{"accept_policy": true, "accept_policy": true}',
        b"\xff\xfe",
        b'{"opening": ' + b"9" * 5000 + b"}",
        b"[" * 40_000,
        b'{"opening": "\\ud800"}',
        b'{"opening": "\\u0000"}',
        b'{"\\ud800": 1}',
        b'{"\\u0000": 1}',
    ],
)
def test_a_body_that_is_not_a_valid_json_object_is_refused(api, office, raw):
    assert is_problem(send(api, raw), 400)


def test_a_body_that_is_too_large_is_refused(api, office):
    assert is_problem(send(api, b'{"opening": "' + b"x" * 70_000 + b'"}'), 413)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_body_that_is_not_json_is_refused(api, office, content_type):
    assert is_problem(send(api, b"{}", content_type), 415)


@pytest.mark.parametrize("charset", ["hex", "rot13", "utf-16", "no-such-thing"])
def test_the_charset_of_a_body_is_ignored(api, office, charset):
    assert is_problem(send(api, b"{}", f"{JSON}; charset={charset}"), 400)


def test_answers_are_json_only(api, office):
    assert is_problem(api.get(f"{API}locations/", headers={"Accept": "application/xml"}), 406)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"opening": None}, "opening"),
        ({"opening": 7}, "opening"),
        ({"opening": ""}, "opening"),
        ({"opening": "x" * 2001}, "opening"),
        ({"opening": "bm90IGFuIG9wZW5pbmc"}, "opening"),
        ({"opening": "W10"}, "opening"),
        ({"client": None}, "client"),
        ({"client": []}, "client"),
        ({"client": {}}, "client"),
        ({"client": PERSON | {"name": "   "}}, "client"),
        ({"client": PERSON | {"name": "x" * 81}}, "client"),
        ({"client": PERSON | {"name": "Ann\r\nBcc: eve@example.com"}}, "client"),
        ({"client": PERSON | {"name": True}}, "client"),
        ({"client": PERSON | {"email": "ann"}}, "client"),
        ({"client": PERSON | {"email": "ann@example.com\nBcc:x@example.com"}}, "client"),
        ({"client": PERSON | {"email": "a" * 250 + "@example.com"}}, "client"),
        ({"client": PERSON | {"phone": "12"}}, "client"),
        ({"client": PERSON | {"phone": 9725550142}}, "client"),
        ({"client": PERSON | {"phone": "9" * 500}}, "client"),
        ({"client": PERSON | {"contact": {"text": True}}}, "client"),
        ({"client": PERSON | {"contact": {"email": "yes"}}}, "client"),
        ({"client": PERSON | {"contact": {"voicemail": "shout"}}}, "client"),
        ({"client": PERSON | {"contact": {"email": False}, "calendar_invite": True}}, "client"),
        ({"client": PERSON | {"calendar_invite": 1}}, "client"),
        ({"partner": {"name": "Ben"}}, "partner"),  # a visit for one
        ({"partner": {"email": "ben@example.com"}}, "partner"),
        ({"partner": "Ben"}, "partner"),
        ({"accept_policy": False}, "accept_policy"),
        ({"accept_policy": "true"}, "accept_policy"),
        ({"accept_policy": None}, "accept_policy"),
    ],
)
def test_each_invalid_field_is_refused_by_name(api, office, change, field):
    response = post_booking(api, booking_input(first_opening(api)) | change)

    assert is_problem(response, 400), response.content
    assert set(response.json()["errors"]) == {field}
    assert not Booking.objects.exists()
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    "field",
    ["amount", "price_cents", "currency", "deposit", "discount", "status", "user", "holder", "client_id", "reference"],
)
def test_an_unlisted_field_is_refused_by_name_F72_F126_F127(api, office, field):
    response = post_booking(api, booking_input(first_opening(api)) | {field: 1})

    assert is_problem(response, 400)
    assert set(response.json()["errors"]) == {field}
    assert not Booking.objects.exists()


MODEL_FIELDS = sorted(
    {field.name for model in (Booking, Client) for field in model._meta.get_fields()} - {"name", "email", "phone"}
)


@pytest.mark.parametrize("where", ["client", "partner", "contact"])
def test_no_model_column_outside_the_list_can_be_written_F127(api, office, where):
    opening = first_opening(api, "4-day-couple")
    allowed = {"contact": {"safe_times", "voicemail", "address_is_shared", "wording"}}.get(where, set())
    for name in MODEL_FIELDS:
        if name in allowed:
            continue
        body = booking_input(opening, client=PERSON | {"contact": {}}, partner={"name": "Ben Example"})
        (body["client"]["contact"] if where == "contact" else body[where])[name] = 1

        response = post_booking(api, body)

        assert is_problem(response, 400), name
        assert name in str(response.json()["errors"])
    assert not Booking.objects.exists()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PATHS = (
    ("opening",),
    ("client",),
    ("partner",),
    ("accept_policy",),
    ("client", "name"),
    ("client", "email"),
    ("client", "phone"),
    ("client", "contact"),
    ("client", "contact", "voicemail"),
    ("client", "contact", "text"),
    ("client", "calendar_invite"),
)


@settings(derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PATHS), value=anything)
def test_any_json_in_any_field_causes_no_server_error(api, office, path, value):
    body = json.loads(
        json.dumps(booking_input({"id": "W10"}, client=PERSON | {"contact": {}}, partner={"name": "Ben"}))
    )
    inner = body
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value

    response = send(api, json.dumps(body).encode())

    assert is_problem(response, 400)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nothing/",
        "locations",
        "bookings/../schema/",
        "bookings/x/",
        "bookings/ABCDEFGH/cancel/",
        "services/%00/openings/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_every_other_address_is_answered_with_a_problem(api, office, path, method):
    assert is_problem(getattr(api, method)(API + path), 404)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused_and_the_allowed_ones_named(api, office, method):
    response = api.generic(method.upper(), f"{API}bookings/", "{}", content_type=JSON)

    assert is_problem(response, 405)
    assert response.headers["Allow"] == "GET, HEAD, POST"


def test_an_unexpected_error_is_a_500_without_details(api, office, monkeypatch):
    api.raise_request_exception = False
    monkeypatch.setattr("front.api.views.catalog.location_json", lambda row: 1 / 0)

    response = api.get(f"{API}locations/")

    assert is_problem(response, 500)
    assert "division" not in response.content.decode()


def test_a_local_time_is_refused_as_a_date(api, office):
    response = api.get(
        f"{API}services/single/openings/", {"from": f"{MONDAY.isoformat()}T02:30:00", "to": "2027-03-15"}
    )

    assert is_problem(response, 400)
