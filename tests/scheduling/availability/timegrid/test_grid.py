"""Spans, windows and masks, compared with plain sets of cells."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.availability.timegrid.grid import CELL, Span, Window, bits, coalesced, runs, smeared
from tests.scheduling.availability.zones import CHICAGO

NOON = datetime(2027, 3, 14, 12, tzinfo=UTC)
WINDOW = Window(NOON, 120)
MASKS = st.integers(0, (1 << 120) - 1)
SPANS = st.lists(
    st.builds(
        lambda start, length: Span(NOON + timedelta(seconds=start), NOON + timedelta(seconds=start + length)),
        st.integers(-7200, 50000),
        st.integers(1, 9000),
    ),
    max_size=40,
)


def cells(mask):
    return {n for n in range(mask.bit_length()) if mask >> n & 1}


def test_spans_that_touch_do_not_overlap_f5():
    nine, ten, eleven = NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    assert not Span(nine, ten).overlaps(Span(ten, eleven))


def test_masks_of_spans_that_touch_share_no_cell_f5():
    hour = timedelta(hours=1)
    assert not WINDOW.outward([Span(NOON, NOON + hour)]) & WINDOW.outward([Span(NOON + hour, NOON + 2 * hour)])


@pytest.mark.parametrize("end", [NOON, NOON - CELL])
def test_an_empty_span_is_refused(end):
    with pytest.raises(ValueError, match="ends after it starts"):
        Span(NOON, end)


def test_a_span_in_local_time_is_refused():
    local = NOON.astimezone(CHICAGO)
    with pytest.raises(ValueError, match="UTC"):
        Span(local, local + CELL)


def test_the_window_of_the_day_clocks_go_forward_has_23_hours_f26():
    assert Window.of_dates(date(2027, 3, 14), date(2027, 3, 15), CHICAGO).cells == 23 * 12


def test_the_window_of_the_day_clocks_go_back_has_25_hours_f26():
    assert Window.of_dates(date(2027, 11, 7), date(2027, 11, 8), CHICAGO).cells == 25 * 12


def test_a_window_that_starts_off_the_five_minute_grid_is_refused():
    with pytest.raises(ValueError, match="five-minute"):
        Window(NOON + timedelta(minutes=1), 3)


@given(SPANS)
def test_outward_sets_exactly_the_cells_that_a_span_touches(spans):
    expected = {n for n in range(120) if any(Span(NOON + n * CELL, NOON + (n + 1) * CELL).overlaps(s) for s in spans)}
    assert cells(WINDOW.outward(spans)) == expected


@given(SPANS)
def test_outward_of_seconds_equals_outward_of_spans(spans):
    pairs = [(int(s.start.timestamp()), int(s.end.timestamp())) for s in spans]
    assert WINDOW.outward_seconds(pairs) == WINDOW.outward(spans)


@given(SPANS)
def test_inward_sets_exactly_the_cells_wholly_inside_the_joined_spans(spans):
    inside = coalesced(spans)
    expected = {
        n for n in range(120) if any(s.start <= NOON + n * CELL and NOON + (n + 1) * CELL <= s.end for s in inside)
    }
    assert cells(WINDOW.inward(spans)) == expected


@given(MASKS)
def test_a_mask_turned_into_spans_and_back_is_the_same_mask(mask):
    assert WINDOW.inward(WINDOW.spans(mask)) == mask


@given(MASKS)
def test_bits_lists_the_set_bits_in_order(mask):
    assert bits(mask) == sorted(cells(mask))


@given(MASKS, st.integers(1, 130))
def test_runs_are_the_cells_where_that_many_set_cells_begin(mask, length):
    assert cells(runs(mask, length)) == {n for n in range(120) if all(mask >> n + k & 1 for k in range(length))}


@given(MASKS, st.integers(0, 30), st.integers(0, 30))
def test_smearing_widens_each_set_cell_back_and_ahead(mask, back, ahead):
    expected = {k for n in cells(mask) for k in range(n - back, n + ahead + 1) if k >= 0}
    assert cells(smeared(mask, back, ahead)) == expected


@given(st.integers(-3, 123), st.sampled_from([0, 1, 60]))
def test_an_instant_off_the_grid_or_outside_the_window_has_no_cell(cell, seconds):
    expected = cell if seconds == 0 and 0 <= cell < 120 else None
    assert WINDOW.cell(NOON + cell * CELL + timedelta(seconds=seconds)) == expected
