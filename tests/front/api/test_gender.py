"""Openings can be filtered by the clinician's gender."""

import pytest

from scheduling.models import Clinician

from .conftest import API, is_problem, week

pytestmark = pytest.mark.django_db


def test_openings_by_clinicians_of_a_gender_are_listed_without_naming_it(api, office):
    Clinician.objects.filter(slug="robin-vale").update(gender="nonbinary")

    found = {
        gender: api.get(f"{API}services/single/openings/", week() | {"gender": gender}).json()
        for gender in ("nonbinary", "male")
    }
    assert {row["clinicians"][0]["slug"] for row in found["nonbinary"]["openings"]} == {"robin-vale"}
    assert "gender" not in found["nonbinary"]["openings"][0]["clinicians"][0]
    assert "robin-vale" not in {one["slug"] for row in found["male"]["openings"] for one in row["clinicians"]}


def test_a_gender_that_is_too_long_is_refused(api, office):
    assert is_problem(api.get(f"{API}services/single/openings/", week() | {"gender": "x" * 21}), 400)
