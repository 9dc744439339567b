"""Run in a process of its own before the pages: tables, the cache's table, and once the practice without visits."""

from __future__ import annotations

import sys
import time

import django
from django.core.management import call_command
from django.utils import timezone


def main() -> None:
    """Bring the database at DATABASE_URL up to date, telling each step and how long it took."""
    django.setup()
    from demo.filling import progress  # models are there from here on
    from demo.practice.founding import found

    step("Tables", "migrate", verbosity=0)
    step("Cache table", "createcachetable", verbosity=0)
    if progress.is_filled():
        return
    progress.write(0, 1)  # the first page says so too
    started = time.monotonic()
    if found(now=timezone.now()):
        say(f"Practice ready ({time.monotonic() - started:.1f} s): people, places, prices, sign-ins")


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
