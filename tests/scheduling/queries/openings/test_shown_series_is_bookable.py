"""Random weeks: a series can be held exactly as it is shown (F13)."""

import random
from datetime import timedelta

import pytest
from django.db import transaction

from scheduling.models import BusyTime, Clinician, Closure, Service, TimeOff
from scheduling.operations.bookings.hold import hold_step
from scheduling.operations.bookings.refused import Taken
from scheduling.queries.openings.opening import get_service
from scheduling.queries.openings.series import series
from tests.factories import NOW, a_room, an_actor
from tests.scheduling.queries.weekly import TUESDAY, WEEK, with_start
from tests.scheduling.queries.world import CHICAGO, a_visit, a_world, between, clock, found

pytestmark = pytest.mark.django_db


def a_term(chance: random.Random) -> Service:
    """Six weeks of a clinician, with random rows that may be in conflict with a series."""
    world = a_world()
    a_room(world.office)
    Service.objects.update(
        buffer_after=chance.choice([0, 10, 25]),
        buffer_before=chance.choice([0, 5]),
        step_minutes=chance.choice([30, 60]),
    )
    Clinician.objects.update(
        daily_minutes_cap=chance.choice([None, 120]), weekly_minutes_cap=chance.choice([None, 250])
    )
    for day in (TUESDAY + n * WEEK + timedelta(days=near) for n in range(6) for near in (-1, 0, 1)):
        hour = chance.choice([9, 11, 12.5, 14, 15, 15.5])
        span = between(hour, hour + chance.choice([0.5, 1, 2]), day)
        match chance.randrange(6):
            case 0:
                a_visit(world.person, world.service, world.office, span)
            case 1:
                TimeOff.objects.create(clinician=world.person, during=span)
            case 2:
                BusyTime.objects.create(clinician=world.person, during=span, source="own")
            case 3:
                Closure.objects.create(location=world.office, during=span, reason="x")
    return get_service(world.service.slug)


class Undo(Exception):
    """Raised to roll back a trial hold."""


def can_hold(opening) -> bool:
    try:
        with transaction.atomic():
            hold_step(opening=opening.id, by=an_actor(), now=NOW)
            raise Undo
    except Undo:
        return True
    except Taken:
        return False


@pytest.mark.parametrize("seed", range(12))
def test_a_series_can_be_held_exactly_on_its_free_dates_F13(seed):
    chance = random.Random(seed)
    service = a_term(chance)
    first = chance.choice(found(service, TUESDAY - timedelta(days=1), days=3, waive_notice=True))
    day = first.starts_at.astimezone(CHICAGO).date()
    moved = {day + n * WEEK: clock(day + chance.choice([0, 1, 3]) * WEEK, 10) for n in (2, 4) if chance.random() < 0.4}
    criteria = {"times": 6, "every_n_weeks": 1, "now": NOW, "waive_notice": True}

    answer = series(opening=first, move=moved, **criteria)

    assert can_hold(answer.opening)
    for one in answer.occurrences:
        if one.clash and one.starts_at not in answer.opening.starts:
            assert not can_hold(with_start(answer.opening, one.starts_at))
        for other in one.alternatives:
            assert can_hold(with_start(answer.opening, other))
            there = series(opening=first, move={**moved, one.date: other}, **criteria)
            assert not any(found.clash for found in there.occurrences if found.date == one.date)
