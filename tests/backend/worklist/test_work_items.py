"""A work item is opened once per cause and closed once."""

from datetime import timedelta

import pytest

from backend.worklist.models import WorkItem
from backend.worklist.operations import open_item, resolve
from tests.factories import NOW, an_actor
from tests.racing import together

LATER = NOW + timedelta(hours=1)


def an_item(now=NOW, words="Look at this.") -> WorkItem:
    return open_item(
        kind=WorkItem.Kind.CLASH, key="clash:1", subject="booking", subject_id=1, words=words, location_id=4, now=now
    )


@pytest.mark.django_db
def test_a_repeated_cause_returns_the_open_item():
    first = an_item()

    assert an_item(now=LATER, words="Other words.") == first
    assert WorkItem.objects.get().words == "Look at this."


@pytest.mark.django_db
def test_a_cause_that_returns_after_it_was_resolved_opens_a_new_item():
    first = an_item()
    resolve(item=first, resolution="called", by=an_actor(), now=LATER)

    assert an_item(now=LATER) != first


@pytest.mark.django_db
def test_an_item_is_resolved_only_once():
    item, first, second = an_item(), an_actor(), an_actor()

    answers = [resolve(item=item, resolution=f"by {actor.user.pk}", by=actor, now=LATER) for actor in (first, second)]

    item.refresh_from_db()
    assert (answers, item.resolved_by, item.resolution) == ([True, False], first.user, f"by {first.user.pk}")


@pytest.mark.django_db(transaction=True)
def test_ten_threads_that_report_one_cause_at_once_open_one_item():
    results = together(10, lambda _: an_item().pk)

    assert set(results) == set(WorkItem.objects.values_list("pk", flat=True))
    assert WorkItem.objects.count() == 1
