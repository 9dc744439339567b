"""The parts of the filling, in their order. Each may be done again: what is there already stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from demo.practice.calendar import Stretch, stretches
from demo.practice.closures import close
from demo.practice.groups import open_groups
from demo.practice.intensives import book_intensives
from demo.practice.loose_ends import add_loose_ends
from demo.practice.money import take_payments
from demo.practice.open_ends import leave_open
from demo.practice.past import book_past_visits, settle_the_past
from demo.practice.regulars import book_for_the_client
from demo.practice.scene import Scene
from demo.practice.staff_time import add_clashes, plan_staff_time
from demo.practice.standing import book_standing
from demo.practice.waiting import let_wait

Work = Callable[[Scene], object]


@dataclass(frozen=True)
class Job:
    """One part: its `name`, what it does, and `weight`, about how long it takes compared with others."""

    name: str
    work: Work
    weight: int = 1


# Those work in Frisco, Plano and around; everybody else in McKinney, Dallas and around. The two halves hardly ever
# want the same room, so two processes wait for each other seldom, and the calendars come out the same each time.
WEST = (
    "Juniper Vale",
    "Tamsin Brook",
    "Wilhelmina Storey",
    "Caspian Rowe-Fields",
    "Saffron Delacourt-Hay",
    "Peregrine Lund-Abbey",
    "Clementine Ashgrove",
)


def before_visits() -> list[Job]:
    """What calendars are filled around."""
    return [
        Job("closures", close),
        Job("client", book_for_the_client),
        Job("staff time", plan_staff_time),
        Job("groups", open_groups, weight=20),
        Job("intensives", book_intensives, weight=10),
        Job("standing", book_standing, weight=4),
        Job("past visits", book_past_visits, weight=4),
        Job("statistics", _analyze),
    ]


def _analyze(_: Scene) -> None:
    """The tables were empty a moment ago, and the database plans its queries as if they still were."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def visits(scene: Scene) -> list[list[Job]]:
    """Two lists that may be done at the same time."""
    west: list[Job] = []
    east: list[Job] = []
    for one in stretches(scene):
        if not one.days:
            continue
        half = west if one.hours.clinician.name in WEST else east
        half.append(Job(f"visits {one.number}", _filling(one), weight=len(one.days)))
    return [west, east]


def _filling(stretch: Stretch) -> Work:
    return lambda _: stretch.fill()


def after_visits() -> list[Job]:
    """What happens to visits that are there, and what is not simply booked."""
    return [
        Job("past", settle_the_past, weight=10),
        Job("open ends", leave_open, weight=8),
        Job("money", take_payments, weight=6),
        Job("waiting", let_wait, weight=3),
        Job("clashes", add_clashes, weight=2),
        Job("loose ends", add_loose_ends, weight=2),
    ]
