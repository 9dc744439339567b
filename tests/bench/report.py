"""The rows of one run as a table, how the time grows with the data, and both in the documentation."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import django
import psutil
import psycopg

from .chart import drawn
from .measuring import GROUPS, Row
from .rates import RateRow
from .rates import table as rates_table

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, CHART = DOCS / "performance.md", DOCS / "performance-growth.svg"
BEGIN, END = "<!-- measured: written by `make bench` -->", "<!-- end of measured -->"
HEAD = ("what", "ours, ms", "floor, ms", "ratio", "goal", "", "queries", "peak, MB")
# Times the time at times the data: what lies outside the window should cost nothing, all else no more than its share.
FLAT = {"reservations": 1.5}

Cells = tuple[str, ...]


def told(rows: list[Row], rates: list[RateRow]) -> str:
    """For the terminal: aligned, one group below another."""
    cells = {row: _cells(row) for row in rows}
    widths = [max(len(one[n]) for one in [HEAD, *cells.values()]) for n in range(len(HEAD))]
    text = [_aligned(HEAD, widths)]
    for group, mine in _grouped(rows):
        text += ["", group, *(f"{_aligned(cells[row], widths)}  {row.more}".rstrip() for row in mine)]
    return "\n".join([*text, "", *map(str, rates), "", *growth(rows)])


def growth(rows: Iterable[Row]) -> list[str]:
    """A sentence for each step from the least of a measure: how much more data, how much more time."""
    return [
        f"{size / least.grows[1]:.3g} times the {measure}: {row.ours / least.ours:.2g} times the time"
        f" ({_growth_verdict(measure, size / least.grows[1], row.ours / least.ours)})"
        for measure, (least, *others) in curves(rows).items()
        for row in others
        for size in [row.grows[1]]
    ]


def curves(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """By measure of the data, its rows from the least to the most."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.grows:
            found.setdefault(row.grows[0], []).append(row)
    return {measure: sorted(mine, key=lambda row: row.grows[1]) for measure, mine in found.items() if len(mine) > 1}


def write(rows: list[Row], rates: list[RateRow]) -> None:
    """Put the run between the marks of the page, and draw its chart."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    measured = "\n\n".join(
        [_machine(), *_tables(rows), rates_table(rates), "How the time grows:", _bullets(growth(rows))]
    )
    PAGE.write_text(f"{before}{BEGIN}\n\n{measured}\n\n{END}{after}")
    CHART.write_text(drawn({measure: _steps(mine) for measure, mine in curves(rows).items()}))


def _steps(rows: list[Row]) -> list[tuple[float, float]]:
    least = rows[0]
    return [(row.grows[1] / least.grows[1], row.ours / least.ours) for row in rows]


def _cells(row: Row) -> Cells:
    return (
        row.name,
        f"{row.ours:,.2f}",
        f"{row.floor:,.2f}",
        f"{row.ratio:.3g}",
        f"≤ {row.goal:.3g}" if row.goal else "",
        _verdict(row),
        "" if row.queries is None else str(row.queries),
        "" if row.megabytes is None else f"{row.megabytes:.1f}",
    )


def _verdict(row: Row) -> str:
    if not row.goal:
        return ""
    return "met" if row.ratio <= row.goal else f"missed by {row.ratio / row.goal - 1:.0%}"


def _growth_verdict(measure: str, data: float, time: float) -> str:
    goal = FLAT.get(measure, data)
    wanted = "flat" if measure in FLAT else "linear"
    return f"{wanted}: " + ("met" if time <= goal else f"missed by {time / goal - 1:.0%}")


def _grouped(rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    in_order = sorted(rows, key=lambda row: GROUPS.index(row.group))
    for group, mine in groupby(in_order, key=lambda row: row.group):
        yield group, list(mine)


def _aligned(cells: Cells, widths: list[int]) -> str:
    return "  ".join(
        cell.rjust(width) if 0 < n < 4 or n > 5 else cell.ljust(width)
        for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )


def _tables(rows: list[Row]) -> Iterator[str]:
    for group, mine in _grouped(rows):
        head = f"| {group} | {' | '.join(HEAD[1:])} |\n| --- | ---: | ---: | ---: | --- | --- | ---: | ---: |\n"
        yield head + "\n".join(f"| {' | '.join(_cells(row))} |" for row in mine)


def _bullets(lines: list[str]) -> str:
    return "\n".join(f"- {one}" for one in lines)


def _machine() -> str:
    cores = len(os.sched_getaffinity(0))
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        version = database.info.server_version // 10_000
    memory = round(psutil.virtual_memory().total / 2**30)
    return (
        f"Measured on {cores} cores with {memory} GiB that client, server and database share; Python"
        f" {platform.python_version()}, Django {django.get_version()}, PostgreSQL {version}. Load average"
        f" {os.getloadavg()[2]:.1f}, of which one or two are the run itself: on a busy machine read the ratios only."
    )
