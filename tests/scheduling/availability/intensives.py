"""Programs for the planner's tests: a couple's four days in Frisco, and random planning problems for hypothesis."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from scheduling.availability.programs.planner import plans
from scheduling.availability.programs.program import Attends, Block, Program, ProgramCriteria
from scheduling.availability.timegrid.grid import Span, Window
from scheduling.availability.timegrid.weekly_hours import WeeklyRule

from .practice import DAY, Den, Office, Person, Practice
from .states import practices
from .zones import CHICAGO, days

A, B, BOTH = Attends.A, Attends.B, Attends.BOTH
LEAD, OWN, COACH = 1, 2, 3
NINE_TO_FIVE = tuple(WeeklyRule(n, 9 * 60, 17 * 60) for n in range(7))
FRIDAY = date(2027, 3, 12)
OPEN = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)


def four_days(**rules):
    """A program of four days: joint work, then both partners' individual work at the same hour, then joint work."""
    blocks = []
    for day in range(4):
        blocks += [
            Block(10 * day + 1, day, 9 * 60, 120, BOTH, (LEAD,)),
            Block(10 * day + 2, day, 11 * 60, 60, A, (OWN,)),
            Block(10 * day + 3, day, 11 * 60, 60, B, (OWN,)),
            Block(10 * day + 4, day, 13 * 60, 90, BOTH, (LEAD, COACH)),
        ]
    return Program(1, tuple(blocks), clients=2, **rules)


def frisco(people=5, capacities=(4, 2)):
    offices = {1: Office(1, CHICAGO, NINE_TO_FIVE)}
    team = {n: Person(n, 1, {1: NINE_TO_FIVE}) for n in range(11, 11 + people)}
    dens = {21 + n: Den(21 + n, 1, capacity) for n, capacity in enumerate(capacities)}
    return Practice(offices, team, dens, {})


def make_criteria(first=FRIDAY, days=1, **rules):
    return ProgramCriteria(first, first + days * DAY, *OPEN, **rules)


def snapshot_of(state, criteria):
    return state.snapshot_of(Window.of_dates(criteria.first, criteria.until, CHICAGO, pad=8 * DAY))


def planned(state, program, criteria=None, most_per_date=1):
    criteria = criteria or make_criteria()
    return plans(snapshot_of(state, criteria), program, criteria, most_per_date)


def busy(state, person, *spans):
    people = state.people | {person: replace(state.people[person], visits=tuple((s, None) for s in spans))}
    return replace(state, people=people)


def at(day, hour, hours=1):
    start = datetime(2027, 3, day, hour, tzinfo=UTC)
    return Span(start, start + timedelta(hours=hours))


@st.composite
def programs(draw):
    clients = draw(st.integers(1, 2))
    blocks, ends = [], {A: 0, B: 0}
    for number in range(draw(st.integers(1, 4))):
        attends = draw(st.sampled_from([BOTH, A, B] if clients == 2 else [BOTH, A]))
        tracks = (A, B) if attends is BOTH else (attends,)
        begins = max(ends[track] for track in tracks) + draw(st.sampled_from([0, 5, 30, 600]))
        day, minute = divmod(max(begins, 60), 1440)
        length = draw(st.sampled_from([30, 60, 90]))
        roles = tuple(draw(st.lists(st.sampled_from([LEAD, OWN]), unique=True, max_size=2)))
        # An external person can attend one block at a time. Joint blocks and blocks of track A never overlap.
        guest = None if attends is B else draw(st.sampled_from([None, None, None, 41]))
        blocks.append(Block(number, day, minute, length, attends, roles, draw(st.booleans()), external_id=guest))
        ends |= dict.fromkeys(tracks, blocks[-1].ends)
    return Program(
        1,
        tuple(sorted(blocks, key=lambda block: block.begins)),
        clients,
        buffer_before=draw(st.sampled_from([0, 10])),
        buffer_after=draw(st.sampled_from([0, 15])),
        start_weekdays=draw(st.sampled_from([frozenset(), frozenset({4, 5, 6})])),
        daily_limit=draw(st.sampled_from([None, 120])),
        rest_days=draw(st.sampled_from([0, 0, 1, 3])),
        shared_roles=draw(st.sampled_from([frozenset(), frozenset({OWN})])),
        people_per_role=draw(st.sampled_from([1, 1, 2])),
    )


@st.composite
def problems(draw):
    first = draw(days())
    state = draw(practices(first))
    if draw(st.integers(0, 3)):
        state = round_the_clock(state)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    clients = draw(st.sampled_from([(), (None, 31)]))
    return (
        state,
        draw(programs()),
        ProgramCriteria(first, first + 2 * DAY, start - DAY, start + 3 * DAY, client_ids=clients),
    )


def round_the_clock(state):
    """`state` with the same commitments, but with hours and rooms that leave space for a program."""
    always = tuple(WeeklyRule(n, 0, 1440) for n in range(7))
    return replace(
        state,
        offices={n: replace(one, rules=always) for n, one in state.offices.items()},
        people={n: replace(one, rules={1: always, 2: always}) for n, one in state.people.items()},
        dens={n: replace(one, capacity=max(one.capacity, 3)) for n, one in state.dens.items()},
    )
