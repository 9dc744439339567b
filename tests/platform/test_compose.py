"""docker-compose.yml is valid against the published specification, and each of its commands runs."""

import importlib.resources
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import psycopg
import pytest
import redis

from demo import processes
from tests.platform import compose
from tests.platform.places import ROOT, free_port

VARIABLES = {"SECRET_KEY": secrets.token_hex(32), "POSTGRES_PASSWORD": "invented"}
POSTGRES = os.environ.get("STACK_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("STACK_REDIS_URL", "redis://127.0.0.1:6379")
START_SECONDS = 90


@pytest.fixture(scope="module")
def validator():
    schema = importlib.resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    return jsonschema.Draft202012Validator(json.loads(schema.read_text()))


@pytest.fixture
def content():
    return compose.load(VARIABLES)


def test_the_file_is_valid_against_the_compose_specification(validator, content):
    assert [error.message for error in validator.iter_errors(content)] == []


@pytest.mark.parametrize(
    "damage",
    [{"services": {"web": {"comand": ["x"]}}}, {"services": {"web": {"ports": "8000"}}}, {"service": {}}],
)
def test_an_invalid_compose_file_is_reported(validator, damage):
    assert list(validator.iter_errors(damage))


def test_every_service_that_another_waits_for_exists(content):
    services = content["services"]
    waits = {name for service in services.values() for name in service.get("depends_on", {})}
    assert waits <= set(services)
    healthy = [
        n for s in services.values() for n, how in s.get("depends_on", {}).items() if "healthy" in how["condition"]
    ]
    assert all("healthcheck" in services[name] for name in healthy)


def test_the_file_has_six_services_and_four_run_our_image(content):
    assert set(content["services"]) == {"migrate", "web", "worker", "beat", "postgres", "redis"}
    ours = [service for service in content["services"].values() if service["image"] == "mooring"]
    assert len(ours) == 4


@pytest.mark.parametrize("name", ["SECRET_KEY", "POSTGRES_PASSWORD"])
def test_a_secret_has_no_default(name):
    with pytest.raises(compose.MissingVariable, match=name):
        compose.load({key: value for key, value in VARIABLES.items() if key != name})


def test_the_published_port_is_bound_to_loopback(content):
    published = [port for service in content["services"].values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:8000:8000"]


def test_every_environment_variable_is_read_by_the_settings_or_the_image(content):
    source = (ROOT / "backend" / "settings.py").read_text()
    names = {name for service in content["services"].values() for name in service.get("environment", {})}
    unread = {name for name in names if f'"{name}"' not in source and not name.startswith(("GRANIAN_", "POSTGRES_"))}
    assert unread == set()


def test_the_image_copies_only_the_code_that_it_runs():
    allowed = {line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    assert allowed == {"backend", "billing", "front", "scheduling", "manage.py", "requirements/base.txt"}
    assert "USER mooring" in (ROOT / "Dockerfile").read_text()


def test_the_image_installs_only_requirements_locked_with_hashes():
    dockerfile = (ROOT / "Dockerfile").read_text()
    installs = re.findall(r"pip install[^\n]*(?:\\\n[^\n]*)*", dockerfile)
    assert installs
    assert all("--require-hashes" in line for line in installs)


def empty_redis(count: int) -> list[int]:
    """Numbers of empty Redis databases, from the last one down."""
    with redis.Redis.from_url(REDIS) as client:
        numbers = range(int(client.config_get("databases")["databases"]) - 1, 0, -1)
    free: list[int] = []
    for number in numbers:
        with redis.Redis.from_url(REDIS, db=number) as client:
            if len(free) < count and client.dbsize() == 0:
                free.append(number)
    return free


@pytest.fixture
def stack() -> Iterator[dict[str, str]]:
    """Variables of the services that name a new PostgreSQL database and two empty Redis databases."""
    name = f"test_stack_{os.getpid()}"
    try:
        queue, cache = empty_redis(2)
        with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # safe to interpolate: letters and a number
    except (redis.ConnectionError, psycopg.OperationalError) as error:
        pytest.skip(f"no PostgreSQL or Redis here: {error}")
    yield {
        "DATABASE_URL": urlsplit(POSTGRES)._replace(path=f"/{name}").geturl(),
        "CELERY_BROKER_URL": f"{REDIS}/{queue}",
        "REDIS_URL": f"{REDIS}/{cache}",
    }
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    for number in (queue, cache):
        with redis.Redis.from_url(REDIS, db=number) as client:
            client.flushdb()


class Services:
    """The services of the compose file as processes of this machine."""

    def __init__(self, variables: dict[str, str], directory: Path):
        self.services = compose.load(VARIABLES)["services"]
        self.port, self.directory = free_port(), directory
        # A container provides the addresses of other services, a root directory and a virtual environment.
        self.given = {
            **variables,
            "GRANIAN_HOST": "127.0.0.1",
            "GRANIAN_PORT": str(self.port),
            "BASE_URL": f"http://127.0.0.1:{self.port}",
        }
        self.image = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "VAR_DIR": str(directory),
            "STATIC_ROOT": str(directory / "static"),
            "DJANGO_SETTINGS_MODULE": "backend.settings",
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def environment(self, name: str) -> dict[str, str]:
        """Only the service's variables, with addresses of this machine. Nothing is inherited from this process."""
        own = self.services[name]["environment"]
        return {**self.image, **{key: self.given.get(key, value) for key, value in own.items()}}

    def command(self, name: str) -> list[str]:
        found = shutil.which(self.services[name]["command"][0], path=self.image["PATH"])
        assert found
        return [found, *(word.replace("/tmp/", f"{self.directory}/") for word in self.services[name]["command"][1:])]

    def run(self, name: str, *command: str) -> None:
        words = list(command) or self.command(name)
        done = subprocess.run(words, cwd=ROOT, env=self.environment(name), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self, name: str) -> None:
        log = self.directory / f"{name}.log"
        self.running[name] = processes.start(self.command(name), log=log, env=self.environment(name), cwd=ROOT)

    def wait_for(self, words: str, name: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        log = self.directory / f"{name}.log"
        while words not in log.read_text():
            assert self.running[name].poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)

    def wait_for_health(self) -> dict[str, object]:
        deadline = time.monotonic() + START_SECONDS
        while True:
            assert self.running["web"].poll() is None, (self.directory / "web.log").read_text()
            try:
                found: dict[str, object] = json.loads(self.get("/health/"))
            except OSError:  # granian logs that it listens a moment before it does
                assert time.monotonic() < deadline, (self.directory / "web.log").read_text()
                time.sleep(0.2)
            else:
                return found

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            assert answer.status == 200
            return answer.read()

    def end(self) -> None:
        for child in self.running.values():
            processes.stop(child, patience=20)


# Beat as it would find its entries after a week of rest: all are due at once, and nobody waits a minute for the first.
A_WEEK_AGO = """
import sys
from datetime import timedelta
from celery.beat import PersistentScheduler
from backend.celery import app
plan = PersistentScheduler(app, schedule_filename=sys.argv[1])
for entry in plan.schedule.values():
    entry.last_run_at -= timedelta(days=7)
plan.close()
"""


@pytest.mark.stack
def test_every_command_of_the_file_runs_and_serves_a_page(stack, tmp_path):
    services = Services(stack, tmp_path)
    services.run("web", sys.executable, "manage.py", "collectstatic", "--noinput")  # the image did this when built
    services.run("migrate")
    services.run("beat", sys.executable, "-c", A_WEEK_AGO, f"{tmp_path}/beat-schedule")
    try:
        for name in ("web", "worker", "beat"):
            services.start(name)
        services.wait_for("ready.", "worker")
        services.wait_for("beat: Starting", "beat")
        assert services.wait_for_health()["status"] == "ok"
        page = services.get("/").decode()
        assert "<html" in page
        for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
            services.get(address)  # hashed names of the built image
        services.run("worker", sys.executable, "-m", "celery", "--app", "backend.celery", "inspect", "ping")
        services.wait_for("succeeded", "worker")  # beat started a sweep and the worker ran it
    finally:
        services.end()
