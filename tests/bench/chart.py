"""A picture of growth without a library: both axes count in powers of ten, so equal shares are straight lines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, TOP, SIDE = 640, 400, 70, 30, 300
MOST = 100.0
COLORS = ("#1f6f8b", "#b3541e", "#5b7f3a", "#7a4b94", "#444444")
TEXT = 'font-family="system-ui, sans-serif" font-size="13" fill="#333"'

Steps = Sequence[tuple[float, float]]


def drawn(curves: Mapping[str, Steps]) -> str:
    """SVG. `curves`: by measure of the data its steps, (times the data, times the time), the first (1, 1)."""
    parts = [*_frame(), *_linear()]
    for number, (measure, steps) in enumerate(curves.items()):
        parts += _curve(measure, steps, COLORS[number % len(COLORS)], number)
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="Times the time over times the data">\n<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n'
        f"{body}\n</svg>\n"
    )


def _x(data: float) -> float:
    return LEFT + SIDE * math.log10(min(data, MOST)) / math.log10(MOST)


def _y(time: float) -> float:
    return TOP + SIDE - SIDE * math.log10(min(max(time, 0.5), MOST)) / math.log10(MOST)


def _frame() -> list[str]:
    found = []
    for mark in (1, 10, 100):
        found += [
            f'<path d="M{_x(mark):.0f} {_y(1):.0f}V{TOP}M{LEFT} {_y(mark):.0f}H{LEFT + SIDE}" stroke="#ddd"/>',
            f'<text x="{_x(mark):.0f}" y="{_y(1) + 34:.0f}" text-anchor="middle" {TEXT}>{mark}</text>',
            f'<text x="{LEFT - 10}" y="{_y(mark) + 4:.0f}" text-anchor="end" {TEXT}>{mark}</text>',
        ]
    middle = TOP + SIDE / 2
    return [
        *found,
        f'<text x="{LEFT + SIDE / 2:.0f}" y="{HEIGHT - 12}" text-anchor="middle" {TEXT}>times the data</text>',
        f'<text transform="translate(22 {middle:.0f}) rotate(-90)" text-anchor="middle" {TEXT}>times the time</text>',
    ]


def _linear() -> list[str]:
    return [f'<path d="M{_x(1):.0f} {_y(1):.0f}L{_x(100):.0f} {_y(100):.0f}" stroke="#bbb" stroke-dasharray="5 5"/>']


def _curve(measure: str, steps: Steps, color: str, number: int) -> list[str]:
    points = [(_x(data), _y(time)) for data, time in steps]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    data, time = steps[-1]
    words = f"{measure} × {data:.3g}: time × {time:.2g}"
    level = TOP + 16 + 24 * number
    return [
        f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="2.5"/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{color}"/>' for x, y in points),
        f'<circle cx="{LEFT + SIDE + 24}" cy="{level - 4}" r="5" fill="{color}"/>',
        f'<text x="{LEFT + SIDE + 36}" y="{level}" {TEXT}>{words}</text>',
    ]
