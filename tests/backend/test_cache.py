"""The counter of the database cache."""

import pytest
import time_machine

from backend.cache import CountingDatabaseCache
from tests.factories import NOW, in_days

pytestmark = pytest.mark.django_db
cache = CountingDatabaseCache("backend_cache", {})


@pytest.mark.parametrize("delta", [1, 41, -3])
def test_a_number_is_increased_in_one_statement(django_assert_num_queries, delta):
    cache.set("tries", 1)

    with django_assert_num_queries(1):
        assert cache.incr("tries", delta) == 1 + delta

    assert cache.get("tries") == 1 + delta


def test_a_number_that_is_not_there_cannot_be_increased():
    with pytest.raises(ValueError, match="tries"):
        cache.incr("tries")


@pytest.mark.parametrize("value", ["12", None, [1], b"\0\x80"])
def test_what_is_no_number_is_not_increased_and_stays(value):
    cache.set("tries", value)

    with pytest.raises(ValueError, match="tries"):
        cache.incr("tries")

    assert cache.get("tries") == value


def test_increasing_keeps_the_deadline():
    with time_machine.travel(NOW, tick=False) as clock:
        cache.set("tries", 1, timeout=60)
        clock.shift(40)
        cache.incr("tries")
        clock.shift(40)

        assert cache.get("tries") is None


def test_a_number_whose_deadline_has_passed_cannot_be_increased():
    with time_machine.travel(NOW, tick=False):
        cache.set("tries", 1, timeout=60)

    with time_machine.travel(NOW + in_days(1), tick=False), pytest.raises(ValueError, match="tries"):
        cache.incr("tries")
