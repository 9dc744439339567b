"""A repeated POST is done once (F23)."""

import re
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from front.api.idempotency import ABANDONED, KEPT, purge
from front.api.models import IdempotentCall
from front.api.tasks import purge_kept_answers
from scheduling.models import Booking
from tests.factories import NOW, a_user

from .conftest import PERSON, booking_input, first_opening, is_problem, post_booking, staff_client

VERB = re.compile(r"(SELECT|INSERT|UPDATE|DELETE)[^;]*?api_idempotentcall")
pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    return str(uuid4())


def test_the_same_key_repeats_the_answer_exactly_F23(api, office, payments, key):
    body = booking_input(first_opening(api))

    first, again = post_booking(api, body, key=key), post_booking(api, body, key=key)

    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Booking.objects.count() == 1
    assert payments.calls()["POST /v1/checkout/sessions"] == 1


def test_a_new_key_takes_two_statements(api, office, payments, key):
    body = booking_input(first_opening(api))

    with CaptureQueriesContext(connection) as seen:
        assert post_booking(api, body, key=key).status_code == 201

    verbs = [verb for one in seen for verb in VERB.findall(one["sql"])]
    assert verbs == ["INSERT", "UPDATE"]


def test_a_refusal_is_repeated_too(api, office, payments, key):
    opening = first_opening(api)
    post_booking(api, booking_input(opening))

    first, again = (
        post_booking(api, booking_input(opening), key=key),
        post_booking(api, booking_input(opening), key=key),
    )

    assert is_problem(first, 409)
    assert is_problem(again, 409)
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"


def test_the_order_of_fields_in_the_body_does_not_matter(api, office, payments, key):
    body = booking_input(first_opening(api))
    post_booking(api, body, key=key)

    again = post_booking(api, dict(reversed(body.items())), key=key)

    assert again.status_code == 201
    assert Booking.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(api, office, payments, key):
    body = booking_input(first_opening(api))
    post_booking(api, body, key=key)

    response = post_booking(api, body | {"client": PERSON | {"name": "Eve Example"}}, key=key)

    assert is_problem(response, 422)
    assert Booking.objects.count() == 1


def test_the_same_key_of_another_caller_is_another_call(api, office, payments, key):
    body = booking_input(first_opening(api))
    post_booking(api, body, key=key)

    response = post_booking(staff_client(a_user("owner")), body, key=key)

    assert is_problem(response, 409)
    assert response.json()["code"] == "taken"


def test_a_key_can_be_used_again_after_a_bad_body(api, office, payments, key):
    opening = first_opening(api)
    assert is_problem(post_booking(api, booking_input(opening, accept_policy=False), key=key), 400)

    assert post_booking(api, booking_input(opening), key=key).status_code == 201


def test_a_key_can_be_used_again_after_a_limit(api, office, payments, key, settings):
    body, limits = booking_input(first_opening(api)), settings.LIMITS
    settings.LIMITS = {**limits, "bookings_per_address": 0}
    assert is_problem(post_booking(api, body, key=key), 429)
    settings.LIMITS = limits

    assert post_booking(api, body, key=key).status_code == 201


@pytest.mark.parametrize("bad", ["x" * 256, "with space", "umlaut-ü"])
def test_an_invalid_key_is_refused(api, office, bad):
    assert is_problem(post_booking(api, {}, key=bad), 400)


def test_a_second_call_is_a_409_while_the_first_is_running(api, office, payments, key):
    body = booking_input(first_opening(api))
    post_booking(api, body, key=key)
    IdempotentCall.objects.update(status=None, answer=None)

    response = post_booking(api, body, key=key)

    assert is_problem(response, 409)
    assert response.json()["code"] == "in_progress"
    assert response.headers["Retry-After"] == "1"


def test_a_run_that_died_before_its_answer_is_continued_without_booking_twice(api, office, payments, key):
    body = booking_input(first_opening(api))
    first = post_booking(api, body, key=key).json()
    IdempotentCall.objects.update(status=None, answer=None, claimed_at=NOW - ABANDONED)

    again = post_booking(api, body, key=key)

    assert again.status_code == 201
    assert Booking.objects.count() == 1
    assert payments.calls()["POST /v1/checkout/sessions"] == 1
    assert again.json() | {"manage_token": ""} == first | {"manage_token": ""}
    token = again.json()["manage_token"]
    assert api.get(again.headers["Location"], HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 200


def test_a_run_that_failed_after_booking_is_continued_too(api, office, payments, key, monkeypatch):
    body = booking_input(first_opening(api))
    api.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("front.api.views.bookings.booked_json", None)
        assert post_booking(api, body, key=key).status_code == 500

    assert post_booking(api, body, key=key).status_code == 201
    assert Booking.objects.count() == 1


def test_the_stored_row_reveals_nothing(api, office, payments, key):
    told = post_booking(api, booking_input(first_opening(api)), key=key).json()

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text || encode(answer, 'escape') FROM api_idempotentcall c")
        stored = cursor.fetchone()[0]
    for secret in (key, told["manage_token"], told["reference"], "ann@example.com", "Ann", "checkout"):
        assert secret not in stored


def test_a_key_is_new_again_after_24_hours(api, office, payments, key):
    opening = first_opening(api)
    post_booking(api, booking_input(opening), key=key)

    with time_machine.travel(NOW + KEPT, tick=False):
        response = post_booking(api, booking_input(opening), key=key)

    assert response.status_code == 201
    assert "Idempotency-Replayed" not in response.headers


def test_a_new_call_with_a_24_hour_old_key_books_again(api, office, payments, key):
    post_booking(api, booking_input(first_opening(api)), key=key)

    with time_machine.travel(NOW + KEPT, tick=False):
        response = post_booking(api, booking_input(first_opening(api)), key=key)

    assert response.status_code == 201
    assert Booking.objects.count() == 2


def test_the_sweep_deletes_answers_after_24_hours_and_not_before(api, office, payments, key):
    post_booking(api, booking_input(first_opening(api)), key=key)

    assert purge(now=NOW + KEPT - timedelta(seconds=1)) == 0
    with time_machine.travel(NOW + KEPT, tick=False):
        assert purge_kept_answers() == 1
    assert not IdempotentCall.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_call_sent_from_eight_connections_at_once_books_once_F23(api, office, payments, key):
    from rest_framework.test import APIClient

    body, barrier, answers = booking_input(first_opening(api)), threading.Barrier(8), []

    def send():
        try:
            client = APIClient()
            barrier.wait()
            answers.append(post_booking(client, body, key=key))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    made = [one for one in answers if one.status_code == 201]
    assert len({one.content for one in made}) == 1
    assert all(one.json()["code"] == "in_progress" for one in answers if one.status_code != 201)
    assert Booking.objects.count() == 1
