"""Every constraint and trigger of scheduling allows good rows and refuses bad ones, by ORM and by raw SQL."""

import pytest
from django.db import models

from scheduling.models import Participant
from tests.factories import NOW, a_user
from tests.rules import WRITERS, Case, broken_rule, uncovered, unique_columns
from tests.scheduling.models import rows
from tests.scheduling.models.cases import appointments, bookings, people, places, services

pytestmark = pytest.mark.django_db

CASES = [*places.CASES, *people.CASES, *services.CASES, *bookings.CASES, *appointments.CASES]
# Moves and counted seats are tested in test_moves.py and test_seats.py.
ELSEWHERE = [
    ("Booking", "moves"),
    ("Appointment", "moves"),
    ("Attendance", "moves"),
    ("Attendance", "count_seats"),
]
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
    assert uncovered(["scheduling"], CASES, ELSEWHERE) == set()


def test_a_rule_without_a_case_is_reported():
    without = [case for case in CASES if case.rule != "client_has_a_name"]

    assert uncovered(["scheduling"], without, ELSEWHERE) == {("Client", "client_has_a_name")}


ROWS = {
    function.__annotations__["return"]: function for function in vars(rows).values() if hasattr(function, "__code__")
}


@both_ways
@pytest.mark.parametrize(
    ("model", "name"), unique_columns("scheduling"), ids=lambda value: getattr(value, "__name__", value)
)
def test_a_unique_column_refuses_a_second_row_with_its_value(model: type[models.Model], name: str, way: str):
    make, may_be_empty = ROWS[model.__name__], {"user": lambda: a_user("client"), "api_call": lambda: 7}
    given = {name: may_be_empty[name]()} if name in may_be_empty else {}
    first = rows.saved(make(**given))
    second = make(**{name: getattr(first, name)})

    assert name in broken_rule(lambda: WRITERS[way].insert(second))


@both_ways
@pytest.mark.parametrize(
    "model", ["Appointment", "Attendance", "Booking", "License", "Participant", "TimeOff", "WorkingHours"]
)
def test_each_change_of_a_watched_row_leaves_an_event(model: str, way: str):
    row = ROWS[model]()
    column = next(field.name for field in row._meta.concrete_fields if field.name in CHANGES)

    WRITERS[way].insert(row)
    WRITERS[way].update(row, {column: CHANGES[column]})

    assert row.events.count() == 2


CHANGES = {"seat_no": 99, "capacity": 3, "number": "77", "screened_at": NOW, "reason": "away", "weekday": 3}
CHANGES["holder"] = "browser"


def test_the_comfort_note_is_not_kept_in_the_history():
    assert "comfort_note" not in {
        field.name for field in Participant._meta.get_field("events").related_model._meta.get_fields()
    }
