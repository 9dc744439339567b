"""The id of an opening, there and back, and what is no id."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.opening_id import MOST_STARTS, OpeningId, UnknownOpening

AT = datetime(2027, 3, 12, 15, tzinfo=UTC)


def minute(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) // 60


M = minute(2027)


def packed(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@given(
    gaps=st.lists(st.integers(1, 100_000), max_size=MOST_STARTS - 1),
    weeks=st.integers(0, 12),
    decided=st.integers(0, MOST_STARTS),
    people=st.lists(st.integers(0, 2**63 - 1), max_size=5),
)
def test_what_is_encoded_comes_back(gaps, weeks, decided, people):
    further, at = [], AT
    for gap in gaps:
        at += timedelta(minutes=gap)
        further.append(at)
    one = OpeningId(
        service="couple",
        location="plano",
        mode="office",
        starts_at=AT,
        clinicians=tuple(people),
        further=tuple(further),
        every_n_weeks=weeks,
        weeks=decided,
    )
    assert OpeningId.decode(one.encode()) == one


@pytest.mark.parametrize(
    "parts",
    [
        ("s", "l", "office", M, [1], [M], 0),
        ("s", "l", "office", M, [1], [M + 2, M + 1], 0),
        ("s", "l", "office", M, [1], [M - 1], 0),
        ("s", "l", "office", M, [1], [M + 1], 13),
        ("s", "l", "office", M, [1], [M + 1]),
        ("s", "l", "office", M, [1], [M + 1], 1, MOST_STARTS + 1),
        ("s", "l", "office", M, [1], [M + 1], 1, -1),
        ("s", "l", "office", M, [1], [M + 1], 1, 26, 0),
        ("s", "l", "office", M, [1], M + 1, 0),
        ("s", "l", "office", M, [1], list(range(M + 1, M + 1 + MOST_STARTS)), 0),
        ("s", "l", "office", 2**62, [1]),
        ("s", "l", "office", minute(1999), [1]),
        ("s", "l", "office", minute(2200), [1]),
        ("s", "l", "office", M, [1], [minute(9999)], 0),
        ("s\ud800", "l", "office", M, [1]),
        ("s", "a place", "office", M, [1]),
        ("s", "l", "", M, [1]),
    ],
)
def test_starts_that_are_not_those_of_one_booking_are_unknown(parts):
    with pytest.raises(UnknownOpening):
        OpeningId.decode(packed(*parts))
