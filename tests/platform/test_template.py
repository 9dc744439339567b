"""The test database: a copy of a template that says what it was made from."""

import pytest
from django.core.management import call_command
from django.db import connection

from tests import template

pytestmark = pytest.mark.django_db


def test_no_migration_is_missing_in_the_copy():
    call_command("migrate", check_unapplied=True, verbosity=0)  # exits with 1 if one is


def test_the_template_names_the_sources_that_are_here_now():
    with connection.cursor() as cursor:
        cursor.execute(template.MADE_FROM, [template.name()])
        assert cursor.fetchone() == (template.sources(),)


def test_a_change_of_a_migration_asks_for_another_template(settings, tmp_path):
    (tmp_path / "app" / "migrations").mkdir(parents=True)
    migration = tmp_path / "app" / "migrations" / "0001_initial.py"
    settings.BASE_DIR = tmp_path
    migration.write_text("operations = []")
    before = template.sources()
    migration.write_text("operations = [1]")
    assert template.sources() != before
