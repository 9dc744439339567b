"""Output of the runner: progress, the table of addresses and sign-ins, and `demo.json` for programs."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

from demo.runner.layout import Layout

PAGES = (
    ("Practice", "/"),
    ("Messages", "/demo/messages/"),
    ("Front desk", "/desk/"),
    ("Schedule", "/schedule/"),
    ("API", "/api/v1/schema/"),
)
COLUMNS = ("role", "name", "email", "password", "totp_secret")
LOG_LINES = 15


def say(words: str) -> None:
    """Print one line and flush it, because the output may be a pipe."""
    print(words, flush=True)


def write_demo_json(layout: Layout) -> list[dict[str, str]]:
    """Write the base URL into `demo.json` beside its users, and return the users."""
    path = layout.var / "demo.json"
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        content = {}
    content = {"base_url": layout.base_url, "users": content.get("users", []), **content} | {
        "base_url": layout.base_url
    }
    unfinished = path.with_suffix(".json.new")
    unfinished.write_text(json.dumps(content, indent=2) + "\n")
    unfinished.replace(path)
    return list(content["users"])


def summary(layout: Layout, *, payments_port: int, users: Sequence[dict[str, str]], seconds: float) -> str:
    """Table of addresses and sign-ins. A missing password or secret is shown as a dash."""
    pages = [(name, layout.base_url + path) for name, path in PAGES]
    pages += [("Payments", f"http://127.0.0.1:{payments_port}/"), ("Logs", str(layout.logs))]
    rows = [[user.get(column) or "–" for column in COLUMNS] for user in users]
    parts = ["", f"Ready in {seconds:.0f} s. Ctrl-C stops everything.", "", table(pages)]
    if rows:
        heads = ["Role", "Name", "E-mail", "Password", "Authenticator secret"]
        parts += ["", table([heads, ["-" * len(head) for head in heads], *rows])]
    return "\n".join([*parts, "", f"Test card 4242 4242 4242 4242; more in {layout.var / 'demo.json'}", ""])


def table(rows: Sequence[Sequence[str]]) -> str:
    """Text table with left-aligned columns, indented by two spaces, with two between columns."""
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(f"  {line.rstrip()}" for line in lines)


def last_lines(log: Path, count: int = LOG_LINES) -> str:
    """Last lines of a child's log, indented."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-count:]
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines)


class Timer:
    """Measures elapsed seconds."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    @property
    def seconds(self) -> float:
        """Elapsed seconds of wall time."""
        return time.monotonic() - self.started
