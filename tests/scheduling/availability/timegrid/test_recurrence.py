"""Dates and instants of a wall time that repeats every n weeks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.availability.timegrid.recurrence import Pattern, repeated, standing_pattern
from tests.scheduling.availability.zones import CHICAGO, ZONES, days

THREE_PM = datetime(2027, 10, 19, 20, tzinfo=UTC)  # a Tuesday in Chicago


def clock(at):
    local = at.astimezone(CHICAGO)
    return local.hour, local.minute


def test_a_tuesday_at_three_stays_at_three_across_the_november_change_F25():
    found = repeated(THREE_PM, 1, 7, CHICAGO)

    assert [one.day for one in found] == [date(2027, 10, 19) + timedelta(weeks=n) for n in range(7)]
    assert [one.start.hour for one in found] == [20, 20, 20, 21, 21, 21, 21]
    assert {clock(one.start) for one in found} == {(15, 0)}


def test_a_date_whose_time_is_skipped_has_no_start_and_says_so_F28():
    sunday = datetime(2027, 2, 28, 8, 30, tzinfo=UTC)

    found = repeated(sunday, 1, 4, CHICAGO)

    assert [one.start is None for one in found] == [False, False, True, False]
    assert "Sun, Mar 14, 2027, 2:30 AM does not exist" in found[2].fault
    assert {clock(one.start) for one in found if one.start} == {(2, 30)}


def test_a_date_whose_time_comes_twice_has_no_start_and_says_so_F29():
    sunday = datetime(2027, 10, 31, 6, 30, tzinfo=UTC)

    found = repeated(sunday, 1, 3, CHICAGO)

    assert found[1].start is None
    assert "Sun, Nov 7, 2027, 1:30 AM happens twice" in found[1].fault
    assert [clock(found[place].start) for place in (0, 2)] == [(1, 30), (1, 30)]


@pytest.mark.parametrize("hour", [6, 7])
def test_a_first_start_in_the_repeated_hour_stays_the_instant_that_was_given_F31(hour):
    first = datetime(2027, 11, 7, hour, 30, tzinfo=UTC)

    found = repeated(first, 1, 2, CHICAGO)

    assert (found[0].start, found[0].fault) == (first, "")
    assert found[1].start == datetime(2027, 11, 14, 7, 30, tzinfo=UTC)


@given(
    zone=st.sampled_from(ZONES), day=days(), minute=st.integers(0, 287).map(lambda n: 5 * n), every=st.integers(1, 12)
)
def test_every_occurrence_has_the_same_wall_time_or_a_fault_F25(zone, day, minute, every):
    pattern = Pattern(day, minute, every, zone)

    for date_ in pattern.dates(day + timedelta(weeks=60)):
        occurrence = pattern.on(date_)
        local = occurrence.start.astimezone(zone) if occurrence.start else None
        assert bool(occurrence.fault) == (local is None)
        assert local is None or (local.date(), local.hour * 60 + local.minute) == (date_, minute)
        assert (date_ - day).days % (7 * every) == 0


@pytest.mark.parametrize(("every", "dates"), [(1, 26), (2, 13), (3, 9), (4, 7), (12, 3)])
def test_a_standing_appointment_is_generated_26_weeks_ahead(every, dates):
    found = repeated(THREE_PM, every, None, CHICAGO)

    assert len(found) == dates
    assert (found[-1].day - found[0].day).days < 26 * 7 <= (found[-1].day - found[0].day).days + 7 * every


def starts(*weeks):
    return [repeated(THREE_PM, 1, 30, CHICAGO)[week].start for week in weeks]


def test_the_pattern_of_a_standing_appointment_follows_most_of_its_starts():
    kept = starts(0, 2, 6, 8)
    moved = kept[0] - timedelta(days=1, hours=5)

    pattern = standing_pattern([moved, *kept[1:]], 2, CHICAGO)

    assert pattern == Pattern(date(2027, 10, 19), 15 * 60, 2, CHICAGO)
    assert pattern.misses([moved, *kept[1:]], date(2027, 12, 20)) == [date(2027, 10, 19), date(2027, 11, 16)]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(starts(0, 1, 2), id="weeks between"),
        pytest.param([*starts(0), *(one + timedelta(hours=n) for n, one in enumerate(starts(2, 4, 6), 1))], id="times"),
        pytest.param([*starts(0, 2), starts(2)[0] + timedelta(days=1)], id="two in a week"),
    ],
)
def test_starts_without_a_common_pattern_give_no_pattern(wrong):
    assert standing_pattern(wrong, 2, CHICAGO) is None


@pytest.mark.parametrize("every_n_weeks", [0, -1])
def test_a_pattern_that_repeats_every_zero_weeks_or_fewer_is_refused(every_n_weeks):
    with pytest.raises(ValueError, match="every week"):
        Pattern(date(2027, 10, 19), 15 * 60, every_n_weeks, CHICAGO)
