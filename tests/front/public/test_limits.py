"""Limits by network address and by target, counted over all workers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import RequestFactory

from front.actors import address_of
from front.limits import TooMany, count
from scheduling.models import Booking
from tests.factories import NOW
from tests.front.walk import YOU, choose, opening_ids


@pytest.fixture(autouse=True)
def no_counts(db):
    cache.clear()


def test_the_last_allowed_is_counted_and_the_next_is_refused_until_the_window_ends(frozen):
    for _ in range(3):
        count("holds", "somebody", limit=3, now=NOW)

    with pytest.raises(TooMany) as refused:
        count("holds", "somebody", limit=3, now=NOW + timedelta(minutes=10))

    assert refused.value.retry_after == 50 * 60


def test_the_next_window_starts_at_zero(frozen):
    count("holds", "somebody", limit=1, now=NOW)

    count("holds", "somebody", limit=1, now=NOW + timedelta(hours=1))


def test_one_target_does_not_use_up_another(frozen):
    count("holds", "somebody", limit=1, now=NOW)

    count("holds", "another", limit=1, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_no_count_is_lost_between_workers():
    def once(_number):
        try:
            count("race", "somebody", limit=1000, now=NOW)
        finally:
            connections.close_all()

    cache.add("warm", 1)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(once, range(40)))

    with pytest.raises(TooMany):
        count("race", "somebody", limit=40, now=NOW)


def test_too_many_holds_from_one_address_are_a_429_with_retry_after(client, office, settings):
    settings.LIMITS = settings.LIMITS | {"holds_per_address": 1}
    choose(client, office.single)

    response = choose(client, office.single, opening_ids(office.single)[8])

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "Nothing is wrong with what you typed." in response.content.decode()


def test_one_browser_has_one_hold_at_a_time(client, office):
    for opening in opening_ids(office.single)[:20:5]:
        choose(client, office.single, opening)

    assert Booking.objects.filter(status="held").count() == 1


def test_requests_for_calls_are_limited_by_network_address(client, office, settings):
    settings.LIMITS = settings.LIMITS | {"requests_per_address": 1}
    office.single.booking_mode = "call_first"
    office.single.save()
    form = {"name": "Alex", "phone": YOU["phone"], "safe_times": "noon", "voicemail": "no", "wish": ""}
    client.post("/book/s/single/call/", form)

    assert client.post("/book/s/single/call/", form).status_code == 429


@pytest.mark.parametrize(
    ("raw", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("nonsense", "unknown"),
    ],
)
def test_an_address_is_counted_by_its_subscribers_network(raw, counted):
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=raw)) == counted


def test_a_visitor_cannot_choose_their_counted_address(settings):
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert address_of(request) == "203.0.113.9"

    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    behind = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.9")
    assert address_of(behind) == "203.0.113.9"
