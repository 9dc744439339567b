"""A delivery is planned in the transaction of its cause."""

from contextlib import suppress

import pytest
from django.db import transaction

from backend.celery import app
from backend.outbox import nudging, operations
from backend.outbox.models import Delivery
from backend.outbox.operations import Planned, plan_many

from .rows import NOW, planned

pytestmark = pytest.mark.django_db


class Undo(Exception):
    pass


def test_a_key_is_never_planned_again():
    first = planned("k1")
    Delivery.objects.filter(pk=first.pk).update(status="withdrawn", finished_at=NOW)

    assert planned("k1").pk == first.pk
    assert Delivery.objects.get().status == "withdrawn"


def test_planning_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(RuntimeError):
        operations.plan(
            Planned(key="k", purpose="test", channel="email", subject="s", subject_id=1, due_at=NOW), now=NOW
        )


def test_a_transaction_that_rolls_back_plans_and_wakes_nothing_F112(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, suppress(Undo), transaction.atomic():
        planned("k1")
        raise Undo

    assert callbacks == []
    assert not Delivery.objects.exists()


def test_a_row_that_is_due_wakes_a_worker_once_the_transaction_has_committed(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        planned("k1")

    assert len(callbacks) == 1


def test_a_row_for_later_waits_for_the_sweep(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        planned("k1", due_at=NOW.replace(year=2028))

    assert callbacks == []


def test_a_broker_that_is_down_does_not_fail_the_request(monkeypatch, caplog):
    monkeypatch.setattr(nudging, "_quiet_until", 0.0)
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.delitem(vars(app.amqp), "_producer_pool", raising=False)

    with caplog.at_level("WARNING", logger="backend.outbox.nudging"):
        assert nudging.nudge(1) is False

    assert "OperationalError" in caplog.text


def test_many_rows_are_planned_in_one_statement(django_assert_num_queries):
    rows = [
        Planned(key=f"k{n}", purpose="test", channel="email", subject="s", subject_id=n, due_at=NOW) for n in range(30)
    ]

    with django_assert_num_queries(1):
        plan_many(rows, now=NOW)


def test_withdraw_takes_back_the_deliveries_of_one_cause_and_purpose():
    planned("k1")
    planned("k2", purpose="other")
    planned("k3", subject_id=2)

    operations.withdraw(subject="participant", subject_id=1, purposes={"test"}, now=NOW)

    assert list(Delivery.objects.filter(status="withdrawn").values_list("key", flat=True)) == ["k1"]
