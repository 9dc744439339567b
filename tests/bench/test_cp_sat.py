"""Programs on sixty dates by the planner and by a solver for everything, in one run."""

import pytest

from . import cp_sat, floors
from .measuring import alternating, line
from .test_core import our_dates, our_picture, our_program

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("kind", ["loose", "coupled", "tight"])
def test_programs_thirty_times_quicker_than_cp_sat(kind):
    cases = [(x := floors.instance(seed, kind), our_picture(x), our_program(x)) for seed in range(2)]
    dates = range(floors.DATES)
    assert all(our_dates(p, g) == {d for d in dates if cp_sat.has_program(x, d)} for x, p, g in cases)
    ours, floor = alternating(
        3,
        lambda: [our_dates(p, g) for _, p, g in cases],
        lambda: [cp_sat.has_program(x, d) for x, _, _ in cases for d in dates],
    )
    line(f"programs, {kind}, 2 times 60 dates, CP-SAT", ours, floor, 1 / 30)
