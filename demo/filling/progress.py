"""How far the filling is, for the line on every page: a file that the filling writes and the pages read."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings


def _note() -> Path:
    return Path(settings.VAR_DIR) / "filling.json"


def _marker() -> Path:
    """Exists once the practice is filled; the runner asks for it too."""
    return Path(settings.VAR_DIR) / "seeded"


def is_filled() -> bool:
    return _marker().exists()


def write(done: int, of: int) -> None:
    """Note that `done` of `of` parts are there; a reader sees the old note or the new one."""
    unfinished = _note().with_suffix(".json.new")
    unfinished.write_text(json.dumps({"done": done, "of": of}))
    unfinished.replace(_note())


def finish() -> None:
    """Note that all of it is there."""
    _marker().touch()
    _note().unlink(missing_ok=True)


def percent() -> int | None:
    """Percent of the parts that are there, below 100; None while nothing is being filled."""
    try:
        told = json.loads(_note().read_text())
        share = 100 * int(told["done"]) // max(1, int(told["of"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None if is_filled() else min(share, 99)
