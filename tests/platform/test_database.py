"""The embedded PostgreSQL starts, stops, survives kills, runs beside another one, and does not open private homes."""

import os
import signal
import stat
import subprocess
import sys
import time

import psutil
import psycopg
import pytest

from demo import database, postgres_account, processes
from demo.postgres_account import Account, PrivatePlace
from tests.platform.places import ROOT, own_directory

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")


@pytest.fixture
def place():
    """A temporary directory."""
    with own_directory() as found:
        yield found


@pytest.fixture
def start(place):
    """Start servers below `place`, and stop those that still run afterwards."""
    started = []

    def ensure(name: str = "postgres", *, durable: bool = False) -> database.Server:
        started.append(database.ensure(place / name, durable=durable))
        return started[-1]

    yield ensure
    for server in started:
        server.stop()


def ask(server: database.Server, question: str):
    with psycopg.connect(server.url()) as connection:
        row = connection.execute(question).fetchone()
        assert row
        return row[0]


def remember(server: database.Server, value: int) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT %s::int AS value", [value])


def test_the_first_start_creates_the_database(start):
    assert ask(start(), "SELECT current_database()") == "mooring"


def test_the_btree_gist_extension_is_available(start):
    assert ask(start(), "SELECT count(*) FROM pg_available_extensions WHERE name = 'btree_gist'") == 1


def test_the_server_has_the_time_zone_of_the_practice(start):
    question = "SELECT extract(hour FROM timestamptz '2026-07-01 12:00+00' AT TIME ZONE 'America/Chicago')::int"
    assert ask(start(), question) == 7


def test_the_server_listens_on_no_port(start):
    server = start()
    assert ask(server, "SHOW listen_addresses") == ""
    assert psutil.Process(server.process.pid).net_connections("inet") == []


def test_data_is_kept_from_one_start_to_the_next(start):
    first = start()
    remember(first, 42)
    first.stop()
    assert ask(start(), "SELECT value FROM kept") == 42


def test_a_stopped_server_exits_cleanly_and_removes_its_pid_file(start):
    server = start()
    server.stop()
    assert server.process.poll() == 0
    assert not (server.data / "postmaster.pid").exists()


def test_two_servers_run_side_by_side(start):
    one, other = start("one"), start("other")
    remember(one, 1)
    remember(other, 2)
    assert (ask(one, "SELECT value FROM kept"), ask(other, "SELECT value FROM kept")) == (1, 2)


def test_committed_data_survives_kill_9_of_the_server(start):
    server = start(durable=True)
    remember(server, 7)
    server.process.kill()
    server.process.wait()
    assert ask(start(), "SELECT value FROM kept") == 7


def test_kill_9_of_the_starter_ends_the_server(place):
    program = (
        "import os, signal, sys; from pathlib import Path; from demo import database\n"
        "server = database.ensure(Path(sys.argv[1]), durable=False)\n"
        "print(server.process.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    command = [sys.executable, "-c", program, str(place / "postgres")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert processes.wait_until_gone(int(done.stdout), seconds=10)


def test_a_server_left_by_an_earlier_starter_is_stopped_first(start):
    left = start()
    again = start()
    assert left.process.wait(5) == 0
    assert ask(again, "SELECT 1") == 1


def test_another_process_with_the_pid_of_a_dead_server_is_left_alone(start):
    server = start()
    server.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n{server.data}\n")
        assert ask(start(), "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


def test_an_unfinished_cluster_is_created_again(start, place):
    unfinished = place / "postgres.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    assert ask(start(), "SELECT 1") == 1
    assert not unfinished.exists()


def test_emptying_the_server_deletes_all_tables(start):
    server = start()
    remember(server, 1)
    server.empty()
    assert ask(server, "SELECT to_regclass('kept')") is None


def test_a_path_too_long_for_a_socket_gets_a_short_socket_directory(start):
    server = start("x" * 80 + "/postgres")
    assert len(str(server.sockets)) < 60
    assert ask(server, "SELECT 1") == 1
    assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    server.stop()
    assert not server.sockets.exists()


def test_a_directory_with_capitals_and_spaces_works(start):
    assert ask(start("My Demo/Data"), "SELECT 1") == 1


def test_a_server_that_cannot_start_says_why(start):
    server = start()
    server.stop()
    (server.data / "postgresql.auto.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(database.DatabaseDidNotStart, match="no_such_setting"):
        start()


def test_environment_variables_of_the_caller_do_not_reach_the_server(start, monkeypatch):
    monkeypatch.setenv("PGDATA", "/nonexistent")
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    assert ask(start(), "SHOW lc_messages") == "C"


@as_root
def test_as_root_the_server_runs_as_an_unprivileged_user(start):
    server = start()
    assert psutil.Process(server.process.pid).uids().effective != 0
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700


@as_root
def test_a_private_directory_of_root_becomes_traversable_but_not_listable(start, place):
    (place / "private").mkdir(mode=0o700)
    assert ask(start("private/postgres"), "SELECT 1") == 1
    assert stat.S_IMODE((place / "private").stat().st_mode) == 0o701


def test_a_private_home_is_not_opened(place, monkeypatch):
    home = place / "home"
    (home / "var").mkdir(parents=True)
    home.chmod(0o700)
    monkeypatch.setattr(postgres_account, "homes", lambda: {home})
    with pytest.raises(PrivatePlace, match="VAR_DIR="):
        postgres_account.open_the_way(home / "var", Account(user=65534, group=65534))
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@as_root
def test_programs_that_the_account_cannot_reach_are_copied(place):
    nobody = Account(user=65534, group=65534)
    (place / "home").mkdir(mode=0o700)
    assert not postgres_account.reachable(place / "home", nobody)
    postgres_account.open_the_way(place, nobody)
    programs = database.copied_programs(place)
    command = [str(programs / "initdb"), "--version"]  # initdb runs postgres beside it to compare versions
    done = subprocess.run(command, user=65534, group=65534, cwd="/", capture_output=True, text=True, check=True)
    assert "PostgreSQL" in done.stdout


def test_a_restart_takes_less_than_ten_seconds(start):
    first = start()
    first.stop()
    began = time.monotonic()
    start()
    assert time.monotonic() - began < 10  # about 0.1 s on an idle machine
