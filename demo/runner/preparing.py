"""Run in a process of its own before the services: tables, the cache's table, and once the demo practice."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command, get_commands


def main() -> None:
    """Bring the database at DATABASE_URL up to date, telling each step and how long it took."""
    django.setup()
    step("Tables", "migrate", verbosity=0)
    step("Cache table", "createcachetable", verbosity=0)
    marker = Path(os.environ["VAR_DIR"]) / "seeded"
    if marker.exists():
        return
    if "seed_demo" not in get_commands():
        say("No seeding command yet: the practice is empty.")
        return
    say("Filling the practice: people, places, prices, and eight weeks of bookings")
    started = time.monotonic()
    call_command("seed_demo", short=bool(os.environ.get("DEMO_SHORT")))
    marker.touch()
    say(f"Practice filled in {time.monotonic() - started:.0f} s")


def step(words: str, command: str, **options: object) -> None:
    """Run one management command and say how long it took."""
    started = time.monotonic()
    call_command(command, **options)
    say(f"{words} ready ({time.monotonic() - started:.1f} s)")


def say(words: str) -> None:
    """One line of progress."""
    sys.stdout.write(f"  {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
