"""Tasks and handlers that beat and the outbox call by name."""

import pytest
import time_machine
from django.utils.module_loading import import_string

from backend.celery import app
from backend.outbox.registry import handler_for
from billing.tasks import reconcile
from scheduling.models import Booking

from .conftest import sign
from .factories import an_office, book_one

pytestmark = pytest.mark.django_db


def test_the_reconciler_runs_at_least_every_ten_minutes():
    entry = app.conf.beat_schedule["reconcile payments"]
    assert import_string(entry["task"]) is not None
    assert entry["schedule"] <= 10 * 60


def test_refunds_have_a_handler():
    assert handler_for("refund").__module__ == "billing.handlers"


def test_the_reconciler_confirms_a_paid_booking(payments):
    _, service = an_office()
    payments.pay(book_one(service).checkout_url)
    with time_machine.travel(payments.pass_time(minutes=10)):
        reconcile()
        reconcile()
    assert Booking.objects.get().status == "confirmed"


def test_a_webhook_whose_work_fails_gets_a_500_and_succeeds_when_redelivered(payments, settings, client):
    """F51, over HTTP."""
    client.raise_request_exception = False
    _, service = an_office()
    payments.pay(book_one(service).checkout_url)
    body = payments.webhooks("checkout.session.completed")[-1][0]
    with time_machine.travel(payments.now):
        answers = []
        for base in ("http://127.0.0.1:9", payments.url):
            settings.STRIPE_API_BASE = base
            headers = {"Stripe-Signature": sign(body, payments.now)}
            sent = client.post("/billing/stripe/webhook/", body, content_type="application/json", headers=headers)
            answers.append(sent.status_code)
    assert answers == [500, 200]
    assert Booking.objects.get().status == "confirmed"
