"""Templates have short lines and are short, so that they can be reviewed."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_LINE = 160
MOST_LINES = 120
TEMPLATES = sorted(
    path
    for app in ("backend", "scheduling", "billing", "front", "demo")
    for path in (ROOT / app).rglob("*")
    if path.suffix in (".html", ".txt") and {"templates", "pages"} & set(path.parts) and "vendor" not in path.parts
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_template_is_short_with_short_lines(path: Path) -> None:
    lines = path.read_text().splitlines()

    assert [number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE] == []
    assert len(lines) <= MOST_LINES
