"""The API behaves as its OpenAPI document says."""

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from backend.accounts.models import ApiToken
from front.api.schema import document
from tests.examples import a_third
from tests.factories import a_user

from .conftest import API, booking_input, first_opening

pytestmark = pytest.mark.django_db
bounded = settings(
    max_examples=a_third(),
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_the_openapi_document_is_valid_and_without_warnings():
    document.cache_clear()
    with GENERATOR_STATS.silence():
        made = document()

    validate_schema(made)
    assert not GENERATOR_STATS


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [("*/*", "application/json"), ("application/vnd.oai.openapi", "application/vnd.oai.openapi")],
)
def test_the_openapi_document_is_served_as_json_and_as_yaml(api, office, accept, content_type):
    response = api.get(f"{API}schema/", headers={"Accept": accept})

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith(content_type)


def test_every_call_is_described_with_its_credentials():
    paths = document()["paths"]

    assert {"staffToken": []} in paths["/api/v1/appointments/"]["get"]["security"]
    assert {"manageToken": []} in paths["/api/v1/bookings/{reference}/"]["get"]["security"]
    assert {} in paths["/api/v1/bookings/"]["post"]["security"]
    assert {one["name"] for one in paths["/api/v1/services/{slug}/openings/"]["get"]["parameters"]} == {
        "slug",
        "from",
        "to",
        "location",
        "clinician",
        "mode",
        "gender",
        "teams",
    }


@pytest.fixture
def wsgi():
    """The WSGI application, except that it leaves the test's own transaction open."""
    application, ends = get_wsgi_application(), (signals.request_started, signals.request_finished)

    def called(environ, start_response):
        for signal in ends:
            signal.disconnect(close_old_connections)
        return application(environ, start_response)

    yield called
    for signal in ends:
        signal.connect(close_old_connections)


CALLS = [
    "GET /api/v1/appointments/",
    "GET /api/v1/bookings/",
    "POST /api/v1/bookings/",
    "GET /api/v1/bookings/{reference}/",
    "GET /api/v1/clients/",
    "GET /api/v1/ledger/",
    "GET /api/v1/locations/",
    "GET /api/v1/rooms/",
    "GET /api/v1/services/",
    "GET /api/v1/services/{slug}/openings/",
    "GET /api/v1/services/{slug}/series/",
    "GET /api/v1/services/{slug}/why-not/",
    "GET /api/v1/travel-times/",
    "GET /api/v1/work-items/",
]


def test_every_described_call_is_in_the_generated_tests():
    found = {f"{method.upper()} {path}" for path, methods in document()["paths"].items() for method in methods}

    assert found == set(CALLS)


NOTHING_TO_SEND = {"GET /api/v1/locations/", "GET /api/v1/services/"}  # so nothing can be sent wrongly


@pytest.mark.parametrize(
    ("call", "mode"),
    [(call, mode) for call in CALLS for mode in GenerationMode if mode.is_positive or call not in NOTHING_TO_SEND],
)
def test_generated_requests_are_answered_as_described(office, payments, settings, wsgi, call, mode):
    """Requests generated from the document get no server error, and every answer is as described."""
    settings.LIMITS = dict.fromkeys(settings.LIMITS, 10**6)
    # A window that ends before it starts fits the document but is refused.
    left_out = [schemathesis.checks.positive_data_acceptance]
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", wsgi)
    method, path = call.split()
    headers = {"Authorization": f"Token {ApiToken.issue(a_user('owner'))}"}

    known = {"slug": "single"} if "{slug}" in path else None

    @bounded
    @given(case=schema[path][method].as_strategy(generation_mode=mode, path_parameters=known))
    def try_it(case):
        case.call_and_validate(headers=headers, excluded_checks=left_out)

    try_it()


def test_a_new_booking_is_answered_as_described(api, office, payments, wsgi):
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", wsgi)
    body = booking_input(first_opening(api, "4-day-couple"), partner={"name": "Ben Example"})

    made = schema["/api/v1/bookings/"]["POST"].Case(body=body, media_type="application/json").call_and_validate()
    lost = schema["/api/v1/bookings/"]["POST"].Case(body=body, media_type="application/json").call_and_validate()

    assert (made.status_code, lost.status_code) == (201, 409)
