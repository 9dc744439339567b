"""Every constraint and trigger of the backend tables allows good rows and refuses bad ones, by ORM and by raw SQL."""

import pytest

from tests.backend.cases import CASES
from tests.rules import WRITERS, Case, broken_rule, uncovered

pytestmark = pytest.mark.django_db

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
both_ways = pytest.mark.parametrize("way", WRITERS)


@both_ways
@every_case
def test_a_row_within_the_rule_is_allowed(case: Case, way: str):
    case.allowed(WRITERS[way])


@both_ways
@every_case
def test_a_row_that_breaks_the_rule_is_refused_by_its_name(case: Case, way: str):
    assert broken_rule(lambda: case.refused(WRITERS[way])) == case.rule


def test_every_rule_has_a_case():
    assert uncovered(["accounts", "audit", "worklist", "outbox"], CASES) == set()
