"""`manage.py seed_demo`: the demo practice through the real operations. Interrupted, it goes on where it was."""

from __future__ import annotations

import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from demo.filling.filling import fill
from demo.practice.founding import found
from demo.practice.scene import Scene
from scheduling.models import Booking, Client

NICE = 5  # pages come first


class Command(BaseCommand):
    help = "Fills a database with the demo practice and writes VAR_DIR/demo.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--short", action="store_true", help="Fill one week only, this one or the next: for tests.")
        parser.add_argument("--alone", action="store_true", help="Fill in this one process.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["alone"]:
            os.nice(NICE)
        started, now = time.monotonic(), timezone.now()
        found(now=now)
        fill(Scene.load(now, short=options["short"]), parallel=not options["alone"])
        told = f"{Booking.objects.count()} bookings, {Client.objects.count()} clients"
        self.stdout.write(f"{told}, {time.monotonic() - started:.0f} s.")
