"""A world that is written again from memory is the world that was built."""

import pytest
from django.db import connection, transaction

from scheduling.models import Practice
from tests import template
from tests.factories import a_couples_office, a_practice
from tests.replay import replayed

pytestmark = pytest.mark.django_db


def build_an_office():
    a_practice()
    return a_couples_office("frisco")


def rows() -> dict[str, list[tuple[str]]]:
    """All rows of the database as text."""
    found = {}
    with connection.cursor() as cursor:
        for name in template.tables_with_rows():
            cursor.execute(f"SELECT one::text FROM {name} one ORDER BY 1")
            found[name] = cursor.fetchall()
    return found


def undone(build):
    """What `build()` returned, and the rows that it wrote, which are gone again."""
    with transaction.atomic():
        built, found = build(), rows()
        transaction.set_rollback(True)
    return built, found


def test_later_calls_write_the_same_rows_histories_included():
    again = replayed(build_an_office)

    _, first = undone(again)
    _, second = undone(again)

    # A role that may not skip triggers builds again: as many rows, with other ids.
    assert first == second or not template.may_skip_triggers()
    assert {name: len(found) for name, found in first.items()} == {name: len(found) for name, found in second.items()}
    assert '"scheduling_workinghoursevent"' in first


def test_only_the_first_call_builds():
    calls = []
    again = replayed(lambda: calls.append(build_an_office()))

    undone(again)
    undone(again)

    assert len(calls) == (1 if template.may_skip_triggers() else 2)


def test_each_call_returns_models_of_its_own():
    again = replayed(build_an_office)
    (location, _), _ = undone(again)
    location.name = "Changed"

    (location, _), _ = undone(again)

    assert location.name == "Frisco"


def test_triggers_work_after_it_as_before():
    again = replayed(build_an_office)
    undone(again)

    again()

    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)


def test_a_world_among_other_rows_is_built_and_not_remembered():
    again = replayed(lambda: a_couples_office("frisco"))
    with transaction.atomic():
        a_practice()
        again()
        transaction.set_rollback(True)

    again()

    assert not Practice.objects.exists()
