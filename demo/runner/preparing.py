"""Prepare the database in its own process: tables, the cache's table, and once the practice without visits."""

from __future__ import annotations

import sys
import time

import django
from django.core.management import call_command
from django.utils import timezone


def main() -> None:
    """Bring the database at DATABASE_URL up to date, and print each step with its seconds."""
    django.setup()
    from demo.filling import progress  # models can be imported from here on
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
    """Run one management command and print its seconds."""
    started = time.monotonic()
    call_command(command, **options)
    say(f"{words} ready ({time.monotonic() - started:.1f} s)")


def say(words: str) -> None:
    """Print one line of progress."""
    sys.stdout.write(f"  {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
