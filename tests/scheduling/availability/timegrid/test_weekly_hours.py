"""Weekly rules, compared with a slow check of every five minutes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.availability.timegrid.grid import Span, Window, bits
from scheduling.availability.timegrid.masks import between_mask, day_masks, hours_mask, step_mask, week_masks
from scheduling.availability.timegrid.weekly_hours import WeeklyRule, expand
from tests.scheduling.availability.zones import CHICAGO, ZONES, days

CELL = timedelta(minutes=5)


@st.composite
def rules(draw):
    starts = draw(st.integers(0, 287)) * 5
    every = draw(st.integers(1, 3))
    limit = st.none() | days()
    return WeeklyRule(
        weekday=draw(st.integers(0, 6)),
        starts_minute=starts,
        ends_minute=starts + draw(st.integers(1, 288)) * 5,
        every_n_weeks=every,
        anchor=draw(days()) if every > 1 else draw(st.none() | days()),
        valid_from=draw(limit),
        valid_until=draw(limit),
        services=draw(st.none() | st.frozensets(st.integers(1, 3))),
    )


def holds(rule, local, service):
    """Slow and obvious: True if `rule` holds at this naive local time."""
    for day in (local.date(), local.date() - timedelta(days=1)):
        minute = (local - datetime.combine(day, datetime.min.time())) // timedelta(minutes=1)
        monday = day - timedelta(days=day.weekday())
        anchor = rule.anchor or day
        weeks = (monday - (anchor - timedelta(days=anchor.weekday()))).days // 7
        if (
            day.weekday() == rule.weekday
            and rule.starts_minute <= minute < rule.ends_minute
            and weeks % rule.every_n_weeks == 0
            and (rule.valid_from is None or rule.valid_from <= day)
            and (rule.valid_until is None or day < rule.valid_until)
            and (rule.services is None or service is None or service in rule.services)
        ):
            return True
    return False


@given(st.sampled_from(ZONES), days(), st.lists(rules(), max_size=4), st.none() | st.integers(1, 3))
def test_expanded_rules_cover_exactly_the_instants_whose_wall_time_is_in_the_rules(zone, first, weekly, service):
    until = first + timedelta(days=9)
    spans = expand(weekly, zone, first, until, service)
    at = datetime.combine(first, datetime.min.time(), UTC) - timedelta(hours=14)
    while at.date() <= until + timedelta(days=1):
        local = at.astimezone(zone).replace(tzinfo=None)
        expected = first <= local.date() < until and any(holds(rule, local, service) for rule in weekly)
        assert any(s.start <= at < s.end for s in spans) == expected, local
        at += CELL


@given(st.sampled_from(ZONES), days(), st.lists(rules(), max_size=3))
def test_the_mask_of_weekly_hours_equals_their_expansion(zone, first, weekly):
    until = first + timedelta(days=8)
    window = Window.of_dates(first, until, zone)
    assert hours_mask(window, zone, tuple(weekly)) == window.inward(expand(weekly, zone, first, until))


def test_sunday_hours_keep_their_local_time_on_both_clock_change_days_f26():
    sunday = WeeklyRule(6, 15 * 60, 16 * 60 + 30)
    starts = [
        expand([sunday], CHICAGO, day, day + timedelta(days=1))[0].start
        for day in (date(2027, 3, 14), date(2027, 11, 7))
    ]
    assert starts == [datetime(2027, 3, 14, 20, tzinfo=UTC), datetime(2027, 11, 7, 21, tzinfo=UTC)]


def test_a_weekly_hour_keeps_its_local_time_across_the_november_change_f25():
    tuesday = WeeklyRule(1, 15 * 60, 16 * 60)
    spans = expand([tuesday], CHICAGO, date(2027, 10, 19), date(2027, 12, 1))
    assert [s.start.hour for s in spans] == [20, 20, 20, 21, 21, 21, 21]


def test_the_hour_that_clocks_skip_is_left_out_of_weekly_hours_f28():
    spans = expand([WeeklyRule(6, 60, 240)], CHICAGO, date(2027, 3, 14), date(2027, 3, 15))
    assert spans == [Span(datetime(2027, 3, 14, 7, tzinfo=UTC), datetime(2027, 3, 14, 9, tzinfo=UTC))]


def test_the_hour_that_clocks_show_twice_counts_twice_f29():
    spans = expand([WeeklyRule(6, 60, 180)], CHICAGO, date(2027, 11, 7), date(2027, 11, 8))
    assert spans == [Span(datetime(2027, 11, 7, 6, tzinfo=UTC), datetime(2027, 11, 7, 9, tzinfo=UTC))]


def test_five_days_across_the_spring_change_have_seven_hours_each_f33():
    daily = [WeeklyRule(n, 9 * 60, 16 * 60) for n in range(7)]
    spans = expand(daily, CHICAGO, date(2027, 3, 12), date(2027, 3, 17))
    assert [(s.start.hour, s.end - s.start) for s in spans] == [
        (hour, timedelta(hours=7)) for hour in (15, 15, 14, 14, 14)
    ]


def test_hours_that_end_at_1440_reach_midnight_f36():
    spans = expand([WeeklyRule(0, 20 * 60, 1440)], CHICAGO, date(2027, 7, 5), date(2027, 7, 6))
    assert spans[0].end == datetime(2027, 7, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekday": 7},
        {"starts_minute": 1440, "ends_minute": 1500},
        {"ends_minute": 540},
        {"ends_minute": 540 + 1441},
        {"every_n_weeks": 2},
    ],
)
def test_a_rule_that_can_never_hold_is_refused(wrong):
    with pytest.raises(ValueError, match=r"rule|hours"):
        WeeklyRule(**{"weekday": 0, "starts_minute": 540, "ends_minute": 600} | wrong)


def test_a_closure_removes_every_cell_that_it_touches_from_the_hours():
    window = Window.of_dates(date(2027, 7, 5), date(2027, 7, 6), CHICAGO)
    noon = datetime(2027, 7, 5, 17, tzinfo=UTC)
    closed = Span(noon, noon + timedelta(minutes=7))
    mask = hours_mask(window, CHICAGO, (WeeklyRule(0, 720, 735),)) & ~window.outward([closed])
    assert window.spans(mask) == [Span(noon + 2 * CELL, noon + 3 * CELL)]


@given(st.sampled_from(ZONES), days(), st.sampled_from([5, 10, 15, 20, 30, 45, 50, 60, 90]))
def test_start_steps_are_counted_in_wall_minutes_from_midnight(zone, first, step):
    window = Window.of_dates(first, first + timedelta(days=3), zone, pad=timedelta(hours=3))
    expected = []
    for cell in range(window.cells):
        local = window.instant(cell).astimezone(zone)
        if (local.hour * 60 + local.minute) % step == 0:
            expected.append(cell)
    assert bits(step_mask(window, zone, step)) == expected


def test_a_step_off_the_grid_is_refused():
    with pytest.raises(ValueError, match="five minutes"):
        step_mask(Window(datetime(2027, 1, 1, tzinfo=UTC), 12), CHICAGO, 7)


@given(st.sampled_from(ZONES), days())
def test_day_masks_and_week_masks_cover_the_window_without_gap_or_overlap(zone, first):
    window = Window.of_dates(first, first + timedelta(days=9), zone, pad=timedelta(hours=5))
    for parts in (day_masks(window, zone), week_masks(window, zone)):
        assert sum(mask for _, mask in parts) == window.full


@given(st.integers(-500, 2000), st.integers(-500, 2000))
def test_between_mask_keeps_starts_from_earliest_until_just_before_latest(earliest, latest):
    window = Window(datetime(2027, 11, 7, tzinfo=UTC), 100)
    low, high = (window.start + timedelta(minutes=n) for n in (earliest, latest))
    expected = [n for n in range(100) if low <= window.instant(n) < high]
    assert bits(between_mask(window, low, high)) == expected
