"""What takes long to start is started by one worker."""

from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.distributing import TOGETHER, Distribution

ROOT = Path(__file__).parents[2]


@pytest.fixture
def distribution() -> Distribution:
    return Distribution.__new__(Distribution)


@pytest.mark.parametrize("place", TOGETHER)
def test_tests_of_one_place_have_one_scope(distribution, place: str):
    assert (ROOT / place).exists()
    ids = (f"{place}test_a.py::test_one", f"{place}::test_two[1]")
    assert {distribution._split_scope(one) for one in ids} == {place}


def test_all_others_have_a_scope_each(distribution):
    assert distribution._split_scope("tests/a.py::test_one") != distribution._split_scope("tests/a.py::test_two")


def test_it_still_changes_what_the_scheduler_asks():
    assert "_split_scope" in vars(LoadScopeScheduling)


def test_it_is_the_scheduler_of_every_run(pytestconfig):
    assert pytestconfig.pluginmanager.has_plugin("tests.distributing")
