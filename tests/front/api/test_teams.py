"""Several teams for each start of a program: a caller may choose, and each listed one can be booked (F13)."""

from collections import defaultdict

import pytest

from scheduling.models import Booking
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.release import release
from tests.factories import NOW, an_actor

from .conftest import API, is_problem, week

pytestmark = pytest.mark.django_db


def listed(api, **more):
    return api.get(f"{API}services/4-day-couple/openings/", week(**more)).json()["openings"]


def test_each_start_has_a_team_with_each_possible_clinician_and_the_best_team_first(api, office):
    best = {one["starts_at"]: one["id"] for one in listed(api)}

    teams = defaultdict(list)
    for one in listed(api, teams=5):
        teams[one["starts_at"]].append(one["id"])

    # Two may lead, one supports A, two support B: the best team, the other lead, the other support.
    assert {start: len(set(found)) for start, found in teams.items()} == dict.fromkeys(best, 3)
    assert {start: found[0] for start, found in teams.items()} == best


def test_every_listed_team_can_be_held_F13(api, office):
    for one in listed(api, teams=5):
        booking = hold(opening=one["id"], by=an_actor(), now=NOW)
        assert booking.status == Booking.Status.HELD
        release(booking_id=booking.pk, by=an_actor(), now=NOW)


def test_teams_do_not_change_the_list_of_a_single_visit(api, office):
    single = f"{API}services/single/openings/"

    assert api.get(single, week(teams=3)).json() == api.get(single, week()).json()


@pytest.mark.parametrize("teams", ["0", "6", "-1", "many", "1.5", ""])
def test_an_invalid_number_of_teams_is_refused(api, office, teams):
    assert is_problem(api.get(f"{API}services/4-day-couple/openings/", week(teams=teams)), 400)
