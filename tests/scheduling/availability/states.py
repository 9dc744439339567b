"""Hypothesis strategies: random practices and criteria on dates around the clock changes."""

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from scheduling.availability.rules.breaks import BreakRule
from scheduling.availability.single.criteria import Criteria
from scheduling.availability.snapshot import Mode
from scheduling.availability.timegrid.grid import Span
from scheduling.availability.timegrid.walltime import day_start
from scheduling.availability.timegrid.weekly_hours import WeeklyRule

from .practice import Den, Guest, Office, Person, Practice
from .zones import CHICAGO, ZONES, days

LENGTHS = [15, 45, 60, 90]


@st.composite
def weekly(draw) -> tuple[WeeklyRule, ...]:
    starts = draw(st.sampled_from([0, 60, 8 * 60, 9 * 60, 13 * 60]))
    ends = starts + draw(st.sampled_from([90, 180, 480, 1440 - starts]))
    return tuple(WeeklyRule(n, starts, ends) for n in range(7))


@st.composite
def spans(draw, first: datetime) -> Span:
    start = first + timedelta(minutes=5 * draw(st.integers(-24, 3 * 288)))
    return Span(start, start + timedelta(minutes=5 * draw(st.integers(1, 60))))


@st.composite
def lunches(draw) -> BreakRule:
    starts = draw(st.sampled_from([30, 60, 90, 11 * 60, 12 * 60]))
    minutes = draw(st.sampled_from([15, 45, 60]))
    return BreakRule(starts, starts + minutes + draw(st.sampled_from([0, 30, 60, 180])), minutes)


@st.composite
def practices(draw, first: date, breaks: bool = True) -> Practice:
    zone = draw(st.sampled_from(ZONES))
    zones = {1: zone, 2: draw(st.sampled_from([zone, CHICAGO]))}
    noon = day_start(first, zone)
    some = st.lists(spans(noon), max_size=2).map(tuple)
    offices = {n: Office(n, zones[n], draw(weekly()), draw(some)) for n in (1, 2)}
    people = {n: draw(persons(n, first, noon, breaks)) for n in range(11, 11 + draw(st.integers(1, 3)))}
    dens = {
        n: Den(n, draw(st.sampled_from([1, 2])), draw(st.integers(1, 4)), draw(some))
        for n in range(21, 21 + draw(st.integers(1, 3)))
    }
    minutes = st.sampled_from([10, 25, 40])
    guest = Guest(41, {draw(st.sampled_from([None, 1, 2])): (Span(noon, noon + timedelta(days=1)),)}, draw(some))
    travel = {(1, 2): draw(minutes), (2, 1): draw(minutes)}
    others = draw(st.lists(st.tuples(spans(noon), st.sampled_from([1, 2])), max_size=2).map(tuple))
    return Practice(offices, people, dens, travel, {31: draw(some)}, {41: guest}, {31: others})


@st.composite
def persons(draw, id: int, first: date, noon: datetime, breaks: bool) -> Person:
    places = draw(st.lists(st.sampled_from([1, 2, None]), min_size=1, max_size=3, unique=True))
    tomorrow = first + timedelta(days=1)
    visits = draw(st.lists(st.tuples(spans(noon), st.sampled_from([1, 2, None])), max_size=4))
    return Person(
        id,
        draw(st.sampled_from([1, 2])),
        {place: draw(weekly()) for place in places},
        tuple(visits),
        {first: draw(st.sampled_from([0, 60, 120]))},
        draw(st.sampled_from([None, 120])),
        intensive={first + timedelta(days=draw(st.integers(-3, 4))): draw(st.sampled_from([0, 60]))},
        rests=draw(st.sampled_from([{}, {first + timedelta(days=4): 2}])),
        licensed_until=draw(st.sampled_from([None, None, {1: tomorrow, 2: tomorrow + timedelta(days=8)}])),
        breaks=draw(st.lists(lunches(), max_size=2).map(tuple)) if breaks else (),
    )


@st.composite
def random_criteria(draw, first: date) -> Criteria:
    start = day_start(first, CHICAGO)
    return Criteria(
        1,
        draw(st.sampled_from(LENGTHS)),
        draw(st.sampled_from([15, 30, 45, 60])),
        first,
        first + timedelta(days=2),
        start + timedelta(hours=draw(st.integers(-30, 20))),
        start + timedelta(hours=draw(st.integers(20, 90))),
        draw(st.sampled_from([0, 10, 30])),
        draw(st.sampled_from([0, 15])),
        modes=frozenset(draw(st.lists(st.sampled_from(list(Mode)), min_size=1, unique=True))),
        people=draw(st.integers(1, 3)),
        client_ids=draw(st.sampled_from([(), (31,)])),
    )


@st.composite
def problems(draw) -> tuple[Practice, Criteria]:
    first = draw(days())
    return draw(practices(first)), draw(random_criteria(first))
