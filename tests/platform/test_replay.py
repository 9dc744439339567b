"""A world that is written again from memory is the world that was built."""

import pytest
from django.db import connection

from scheduling.models import Practice
from tests import template
from tests.factories import a_couples_office, a_practice
from tests.replay import replayed

pytestmark = pytest.mark.django_db


class Building:
    """A builder that counts its calls."""

    calls = 0

    def __call__(self):
        self.calls += 1
        a_practice()
        return a_couples_office("frisco")


@pytest.fixture
def build():
    return Building()


def rows() -> dict[str, list[tuple[str]]]:
    """All rows of the database as text."""
    found = {}
    with connection.cursor() as cursor:
        for name in template.tables_with_rows():
            cursor.execute(f"SELECT one::text FROM {name} one ORDER BY 1")
            found[name] = cursor.fetchall()
    return found


def test_later_calls_write_the_same_rows_histories_included(build):
    again = replayed(build)
    again()
    before = rows()
    template.empty_tables()

    again()

    assert rows() == before
    assert '"scheduling_workinghoursevent"' in before
    assert build.calls == 1


def test_each_call_returns_models_of_its_own(build):
    again = replayed(build)
    again()
    template.empty_tables()
    location, _ = again()
    location.name = "Changed"
    template.empty_tables()

    location, _ = again()

    assert location.name == "Frisco"
    location.refresh_from_db()


def test_triggers_work_after_it_as_before(build):
    again = replayed(build)
    again()
    template.empty_tables()

    again()

    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)


def test_a_world_among_other_rows_is_built_and_not_remembered(build):
    a_practice()
    again = replayed(lambda: a_couples_office("frisco"))
    again()
    template.empty_tables()

    again()

    assert not Practice.objects.exists()
