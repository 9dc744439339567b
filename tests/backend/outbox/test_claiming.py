"""Two workers never claim the same row, and claiming reads the partial index."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from backend.outbox.claiming import claim, claim_one, due
from backend.outbox.models import Delivery

from .rows import NOW, planned


@pytest.mark.django_db
def test_a_claim_takes_the_oldest_row_first_and_marks_it():
    planned("new", due_at=NOW)
    planned("old", due_at=NOW - timedelta(hours=1))

    (taken,) = claim(limit=1, now=NOW)

    assert (taken.key, taken.attempts, taken.status) == ("old", 1, "claimed")
    assert Delivery.objects.get(key="old").claim == taken.claim


@pytest.mark.django_db
def test_a_row_that_is_not_due_is_not_claimed():
    row = planned("later", due_at=NOW + timedelta(seconds=1))

    assert claim_one(delivery_id=row.pk, now=NOW) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.stack
def test_many_workers_at_once_claim_each_row_exactly_once_F111():
    for number in range(60):
        planned(f"k{number}")
    start, lock = threading.Barrier(8), threading.Lock()
    taken: list[int] = []

    def worker():
        start.wait()
        while batch := claim(limit=3, now=NOW):
            with lock:
                taken.extend(row.pk for row in batch)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == len(set(taken)) == 60


@pytest.mark.django_db(transaction=True)
@pytest.mark.stack
def test_a_row_that_another_worker_has_locked_is_skipped_without_waiting():
    row = planned("busy")
    held, done, seen = threading.Event(), threading.Event(), []

    def other():
        with transaction.atomic():
            Delivery.objects.select_for_update().get(pk=row.pk)
            held.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    held.wait(10)
    seen += claim(limit=5, now=NOW)
    done.set()
    thread.join()

    assert seen == []


@pytest.mark.django_db
def test_claiming_reads_the_partial_index_even_after_thousands_of_sent_rows():
    finished = [
        Delivery(
            key=f"s{n}",
            purpose="test",
            channel="email",
            subject="s",
            subject_id=n,
            due_at=NOW,
            status="sent",
            finished_at=NOW,
        )
        for n in range(5000)
    ]
    Delivery.objects.bulk_create(finished)
    for number in range(20):
        planned(f"k{number}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE outbox_delivery")

    explained = due(now=NOW).select_for_update(skip_locked=True, no_key=True)[:10].explain()

    assert "delivery_due" in explained
    assert "Seq Scan" not in explained
