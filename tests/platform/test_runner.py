"""`make demo` as a person starts, stops and kills it. Filling is left out here: it has its own tests."""

import json
import signal
import time
from pathlib import Path

import psutil
import pytest

from demo import processes
from tests.platform.places import free_port, own_directory
from tests.platform.started import RUNNER, Demo, get


@pytest.fixture(scope="module")
def var():
    """One directory for the module: the database is migrated once; the practice counts as filled."""
    with own_directory() as place:
        (place / "seeded").touch()
        yield place


@pytest.fixture
def demo(var):
    """Start runners, and end what still runs afterwards."""
    started = []

    def start(place: Path = var, port: int | None = None, command: tuple[str, ...] = RUNNER) -> Demo:
        started.append(Demo(place, port or free_port(), command))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGTERM)
        elif one.process.stdout:
            one.process.stdout.close()


def all_gone(family: list[psutil.Process]) -> bool:
    return all(processes.wait_until_gone(member.pid, seconds=15) for member in family)


def test_a_start_answers_and_says_where(demo):
    running = demo().wait_until_ready()
    assert json.loads(get(f"{running.url}/health/"))["status"] == "ok"
    assert json.loads((running.var / "demo.json").read_text())["base_url"] == running.url
    commands = [" ".join(member.cmdline()) for member in running.family()]
    for part in ("postgres", "granian", "celery --app backend.celery worker", "beat", "demo.payment_sandbox"):
        assert any(part in command for command in commands), part
    for name in ("web", "worker", "beat", "payments"):
        assert (running.var / "logs" / f"{name}.log").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_every_process_and_counts_as_success(demo, number):
    running = demo().wait_until_ready()
    family = running.family()
    assert len(family) >= 5
    assert running.end(number) == 0
    assert all_gone(family)
    assert "Stopped." in running.said


def test_kill_9_of_the_runner_ends_every_process_and_a_new_start_works(demo):
    running = demo().wait_until_ready()
    family = running.family()
    running.process.kill()
    running.read_to_the_end()
    assert all_gone(family)
    assert json.loads(get(f"{demo().wait_until_ready().url}/health/"))["status"] == "ok"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_signal_to_make_alone_ends_every_process(demo, number):
    running = demo(command=("make", "demo")).wait_until_ready()
    family = running.family()
    running.process.send_signal(number)
    running.read_to_the_end()
    assert all_gone(family)


def test_a_second_start_takes_less_than_twenty_seconds(demo):
    demo().wait_until_ready().end()
    began = time.monotonic()
    demo().wait_until_ready()
    assert time.monotonic() - began < 20


def test_a_part_that_dies_ends_the_rest_and_is_named(demo):
    running = demo().wait_until_ready()
    family = running.family()
    worker = next(member for member in family if "worker" in member.cmdline())
    worker.kill()
    assert running.read_to_the_end() == 1
    assert all_gone(family)
    assert "The worker process ended (signal SIGKILL)" in running.said
    assert "worker.log" in running.said


def test_a_second_runner_on_the_same_data_is_refused(demo):
    demo().wait_until_ready()
    second = demo()
    assert second.read_to_the_end() == 1
    assert "already runs" in second.said


def test_a_taken_port_is_named_before_anything_starts(demo):
    running = demo().wait_until_ready()
    with own_directory() as elsewhere:
        second = demo(elsewhere, port=int(running.url.rpartition(":")[2]))
        assert second.read_to_the_end() == 1
        assert "is taken" in second.said
        assert not (elsewhere / "postgres").exists()


def test_resetting_forgets_the_demo_and_nothing_else(demo):
    with own_directory() as place:
        for name in ("postgres", "logs", "mine"):
            (place / name).mkdir()
        (place / "seeded").touch()
        reset = demo(place, command=(*RUNNER, "--reset"))
        assert reset.read_to_the_end() == 0
        assert sorted(path.name for path in place.iterdir()) == ["mine", "runner.lock"]
