"""Layouts: at which cells the blocks of a program lie, counted from local midnight of its start date.

Start dates without a clock change share one layout. So one shift of a mask answers for all of them at once: if bit c
says "a block may start at cell c", then the mask shifted down by the block's offset says "the program may start on the
date whose midnight is cell c", as far as this block is concerned.
"""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from scheduling.availability.programs.program import TRACKS, Attends, Block, Program
from scheduling.availability.timegrid.grid import CELL, CELL_MINUTES, Window, cells_of
from scheduling.availability.timegrid.walltime import WallTimeError, day_start, instant, plain_day

# For each block, in order, the number of cells from local midnight of the start date to its start.
Layout = tuple[int, ...]


def layouts(
    program: Program, zone: ZoneInfo, window: Window, first: date, until: date
) -> dict[Layout, dict[int, date]]:
    """The start dates in [`first`, `until`), grouped by layout: layout -> cell of local midnight -> date.

    A date is left out if the program does not begin on that weekday, if clocks skip the time of a block or show it
    twice (F28, F29), if a block would come too soon after another, or if the date begins before the window.
    """
    found: dict[Layout, dict[int, date]] = {}
    plain, days, number_of_dates = _plain_layout(program), program.days, max((until - first).days, 0)
    on_plain: dict[int, date] = {}
    dates = [first + timedelta(days=number) for number in range(number_of_dates + days)]
    no_clock_change = [plain_day(day, zone) for day in dates]
    for number, day in enumerate(dates[:number_of_dates]):
        base = (day_start(day, zone) - window.start) // CELL
        if base < 0 or not program.starts_on(day):
            continue
        if False not in no_clock_change[number : number + days]:
            on_plain[base] = day
        elif (layout := _changed_layout(program, zone, day)) is not None:
            found.setdefault(layout, {})[base] = day
    if plain is not None and on_plain:
        found[plain] = on_plain | found.get(plain, {})
    return found


def layout_on(program: Program, zone: ZoneInfo, day: date) -> Layout | None:
    """The layout of `program` if it starts on `day`; None if its blocks have no valid times then."""
    if all(plain_day(day + timedelta(days=number), zone) for number in range(program.days)):
        return _plain_layout(program)
    return _changed_layout(program, zone, day)


def _plain_layout(program: Program) -> Layout | None:
    layout = tuple(block.begins // CELL_MINUTES for block in program.blocks)
    return layout if _in_order(program, layout) else None


def _changed_layout(program: Program, zone: ZoneInfo, day: date) -> Layout | None:
    midnight = day_start(day, zone)
    try:
        begins = [instant(day, block.begins, zone) for block in program.blocks]
    except WallTimeError:
        return None
    layout = tuple((begin - midnight) // CELL for begin in begins)
    return layout if _in_order(program, layout) else None


def _in_order(program: Program, layout: Layout) -> bool:
    at = {block.id: cell for block, cell in zip(program.blocks, layout, strict=True)}
    return _apart(program, layout) and all(
        at[block.id] >= at[block.after_id] + _gap(program, block) for block in program.blocks if block.after_id in at
    )


def _gap(program: Program, block: Block) -> int:
    earlier = next(other for other in program.blocks if other.id == block.after_id)
    return cells_of(earlier.length) + cells_of(block.after_minutes)


def _apart(program: Program, layout: Layout) -> bool:
    # If clocks go forward during the day, blocks of one partner or one external person may overlap in elapsed time
    # although their wall times do not.
    ends: dict[Attends | int, int] = {}
    for block, cell in zip(program.blocks, layout, strict=True):
        attendees: list[Attends | int] = [*TRACKS] if block.attends is Attends.BOTH else [block.attends]
        if block.external_id is not None:
            attendees.append(block.external_id)
        if any(cell < ends.get(attendee, cell) for attendee in attendees):
            return False
        ends |= dict.fromkeys(attendees, cell + cells_of(block.length))
    return True
