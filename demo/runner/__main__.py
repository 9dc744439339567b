"""`python -m demo.runner`: start the demo and stay until told to stop; `--reset` forgets its data instead."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack

from demo import database, processes
from demo.postgres_account import PrivatePlace
from demo.runner import environment, instance
from demo.runner.family import Died, Family
from demo.runner.layout import ROOT, Layout, Refused, is_free, payments_port
from demo.runner.services import Service, filling, services
from demo.runner.stopping import Stop
from demo.runner.telling import Timer, say, summary, write_demo_json


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 after a requested stop, or 1 after an error, with words on standard error."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="forget the demo's data in VAR_DIR")
    options = parser.parse_args(arguments)
    try:
        layout = Layout.from_environment()
        with instance.only_one(layout):
            return reset(layout) if options.reset else run(layout)
    except (Refused, Died, PrivatePlace, database.DatabaseDidNotStart) as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1


def reset(layout: Layout) -> int:
    """Delete the demo's data. A database given by DATABASE_URL is not touched."""
    instance.end_leftovers(layout)
    database.end_leftover(layout.var / "postgres")
    layout.forget()
    say(f"Forgot the demo's data in {layout.var}. `make demo` starts afresh.")
    if layout.database_url:
        say("The database at DATABASE_URL is yours and was not touched.")
    return 0


def run(layout: Layout) -> int:
    """Start all processes, print the addresses, and stop all when asked to or when one of them ends."""
    stop, timer = Stop(), Timer()
    stop.listen()
    for name in instance.end_leftovers(layout):
        say(f"Ended the {name} process of an earlier start.")
    if not is_free(layout.port):
        raise Refused(f"Port {layout.port} is taken. Try another one: PORT={layout.port + 1} make demo")
    layout.make()
    with ExitStack() as stack:
        stack.callback(lambda: say("Stopped."))
        server = embedded(layout, stack)
        family = Family(layout, server)
        stack.callback(family.end)
        stack.callback(lambda: say(f"\nStopping ({stop.reason or 'a part died'}) …"))
        port = payments_port(layout)
        url = server.url() if server else str(layout.database_url)
        env = environment.children(layout, database_url=url, payments_port=port)
        parts = {
            one.name: one for one in services(layout, payments_port=port, webhook_secret=env["STRIPE_WEBHOOK_SECRET"])
        }
        family.start(parts["payments"], env)  # the sandbox needs no tables
        if stop or not prepared(env, stop):
            return 0
        say("Starting the pages, the worker and the beat")
        family.start(parts["web"], env)
        if family.wait_for_health(stop):  # pages first: on a small machine the other processes would slow them down
            family.start(parts["worker"], env)
            if layout.is_filled:
                family.start(parts["beat"], env)
            users = write_demo_json(layout)
            say(summary(layout, payments_port=port, users=users, seconds=timer.seconds))
            if layout.is_filled or filled(family, env, parts["beat"], stop):
                family.watch(stop)
    return 0


def filled(family: Family, env: dict[str, str], beat: Service, stop: Stop) -> bool:
    """Fill the practice while the pages run; False if asked to stop meanwhile. Raises Died.

    The beat starts afterward, because its sweeps would send reminders of visits that are entered as past.
    """
    say("Filling calendars behind the pages; every page says how far it is.")
    timer = Timer()
    family.start(filling(family.layout), env)
    if not family.wait_for_end("filling", stop):
        return False
    family.start(beat, env)
    say(f"The practice is filled ({timer.seconds:.0f} s).")
    return True


def embedded(layout: Layout, stack: ExitStack) -> database.Server | None:
    """Start the embedded server, which is stopped last; None if DATABASE_URL is set."""
    if layout.database_url:
        say("Database: yours, from DATABASE_URL")
        return None
    timer = Timer()
    server = database.ensure(layout.var / "postgres")
    stack.callback(server.stop)
    say(f"Database: embedded PostgreSQL in {server.data} ({timer.seconds:.1f} s)")
    return server


def prepared(env: dict[str, str], stop: Stop) -> bool:
    """Run the preparation; False if asked to stop meanwhile. Raises Died if it fails."""
    say("Preparing")
    child: subprocess.Popen[bytes] = processes.start(
        [sys.executable, "-m", "demo.runner.preparing"], log=None, env=env, cwd=ROOT
    )
    try:
        while child.poll() is None:
            if stop:
                return False
            time.sleep(0.1)
    finally:
        processes.stop(child)
    if child.returncode:
        raise Died(f"The preparation failed (exit code {child.returncode}); its words are above.")
    return True


if __name__ == "__main__":
    sys.exit(main())
