"""`/health/` reports the state of each part; `/metrics` is for this machine only."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from backend.outbox.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker_directory(settings, tmp_path):
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(tmp_path)}
    return tmp_path


def planned(minutes_ago: int, **values) -> Delivery:
    due = timezone.now() - timedelta(minutes=minutes_ago)
    defaults = {"purpose": "reminder", "channel": "email", "subject": "booking", "subject_id": 1, "due_at": due}
    return Delivery.objects.create(key=str(uuid.uuid4()), **{**defaults, **values})


def test_health_is_ok_when_every_part_answers(client: Client, broker_directory):
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {"database": "ok", "cache": "ok", "broker": "ok", "outbox": "ok"},
    }
    assert "no-store" in answer["Cache-Control"]


def test_a_delivery_due_for_eleven_minutes_makes_the_outbox_late(client: Client, broker_directory):
    planned(minutes_ago=11)
    answer = client.get("/health/")
    assert answer.status_code == 200  # pages still work
    assert answer.json()["status"] == "degraded"
    assert answer.json()["checks"]["outbox"] == "late"


def test_a_delivery_due_for_nine_minutes_is_not_late(client: Client, broker_directory):
    planned(minutes_ago=9)
    assert client.get("/health/").json()["checks"]["outbox"] == "ok"


def test_a_delivery_sent_long_ago_is_not_late(client: Client, broker_directory):
    planned(minutes_ago=90, status="sent", finished_at=timezone.now())
    assert client.get("/health/").json()["checks"]["outbox"] == "ok"


def test_a_broker_that_does_not_answer_is_degraded(client: Client, settings, broker_directory):
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(broker_directory / "missing")}
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["broker"] == "failed"


def test_a_failing_cache_gives_a_503(client: Client, broker_directory):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE backend_cache RENAME TO backend_cache_gone")
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["checks"]["cache"] == "failed"


def test_the_health_answer_names_no_host_and_no_error(client: Client, settings, broker_directory):
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(broker_directory / "missing")}
    assert str(broker_directory) not in client.get("/health/").content.decode()


def test_health_leaves_nothing_in_the_cache(client: Client, broker_directory):
    cache.set("kept", 1)
    client.get("/health/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM backend_cache")
        assert cursor.fetchone() == (1,)


def test_health_cannot_be_posted_to(client: Client, broker_directory):
    assert client.post("/health/").status_code == 405


def test_metrics_are_shown_to_this_machine(client: Client):
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert b"django_http_requests_total" in answer.content


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::7", "", "unknown"])
def test_metrics_do_not_exist_for_another_machine(client: Client, address):
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_metrics_do_not_exist_through_a_proxy_on_this_machine(client: Client, header):
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404
