import pytest

from tests.factories import a_practice


@pytest.fixture(autouse=True)
def practice(db):
    return a_practice()
