"""Fixtures that every test may use. Data comes from `tests.factories`."""

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings

from tests import template

# The number of examples stands here and not at a test: HYPOTHESIS_PROFILE=thorough tries more, as .ci/run does with the
# pure rules. No test is about time: on a machine that is busy elsewhere an example may be slow.
settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=200, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _empty(case: TransactionTestCase) -> None:
    """After a test that commits. Django's flush truncates all tables and writes all permissions anew, each time."""
    if template.may_skip_triggers():
        template.empty_tables()
    else:
        flush(case)


TransactionTestCase._fixture_teardown = _empty  # type: ignore[attr-defined]


@pytest.hookimpl
def pytest_collection_finish() -> None:
    """What is loaded by now stays: the garbage collector need not go through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """The database of this worker: a copy of the migrated template. Replaces what pytest-django does."""
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        template.make_test_database()
    yield
    with django_db_blocker.unblock():
        connection.creation.destroy_test_db(before, verbosity=0)
