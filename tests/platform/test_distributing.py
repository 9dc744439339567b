"""Tests that share a slow fixture run on one worker."""

from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.distributing import TOGETHER, Distribution

ROOT = Path(__file__).parents[2]


@pytest.fixture
def distribution() -> Distribution:
    return Distribution.__new__(Distribution)


@pytest.mark.parametrize("place", TOGETHER)
def test_tests_of_one_shared_place_have_one_scope(distribution, place: str):
    assert (ROOT / place).exists()
    ids = (f"{place}test_a.py::test_one", f"{place}::test_two[1]")
    assert {distribution._split_scope(test_id) for test_id in ids} == {place}


def test_other_tests_have_a_scope_each(distribution):
    assert distribution._split_scope("tests/a.py::test_one") != distribution._split_scope("tests/a.py::test_two")


def test_the_scheduler_of_xdist_still_has_the_overridden_method():
    assert "_split_scope" in vars(LoadScopeScheduling)


def test_the_distribution_is_registered_in_every_run(pytestconfig):
    assert pytestconfig.pluginmanager.has_plugin("tests.distributing")
