"""The import contracts of pyproject.toml are kept, and each of them reports an import that breaks it."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("backend", "scheduling", "billing", "front", "demo", "tests")
LINTER = Path(sys.executable).with_name("lint-imports")

# Contract → imports that must not be: (the file that gets one more line, the module it then imports).
BROKEN_ON_PURPOSE = {
    "house": [
        ("backend/logs.py", "scheduling.models"),
        ("backend/urls.py", "demo.apps"),
        ("scheduling/events.py", "billing.money"),
        ("billing/money.py", "front.apps"),
        ("front/apps.py", "demo.apps"),
        ("demo/apps.py", "tests.plugin"),
    ],
    "verbs": [
        ("scheduling/models/room.py", "scheduling.queries.openings.listing"),
        ("scheduling/queries/openings/listing.py", "scheduling.operations.bookings.hold"),
        ("scheduling/operations/bookings/hold.py", "scheduling.tasks"),
        ("billing/tasks.py", "billing.handlers"),
        ("billing/models/price.py", "billing.operations"),
        ("scheduling/operations/clients.py", "scheduling.notices"),
        ("scheduling/events.py", "scheduling.operations.clients"),
        ("scheduling/messages/rows.py", "scheduling.events"),
        ("scheduling/queries/people/parts.py", "scheduling.messages.wording"),
    ],
    "doors": [
        ("front/portal/own.py", "front.public.facts"),
        ("front/schedule/views.py", "front.desk.day"),
        ("front/public/views.py", "front.api.problems"),
        ("front/desk/guard.py", "front.schedule.views"),
        ("front/api/pagination.py", "front.portal.own"),
    ],
    "engine": [
        ("scheduling/availability/refusals.py", "scheduling.availability.rules.starts"),
        ("scheduling/availability/timegrid/grid.py", "scheduling.availability.snapshot"),
        ("scheduling/availability/programs/plan.py", "scheduling.availability.single.openings"),
        ("scheduling/availability/single/criteria.py", "scheduling.availability.explain.nearest"),
    ],
    "reads": [
        ("scheduling/queries/loading/busy.py", "scheduling.queries.openings.listing"),
        ("scheduling/queries/openings/party.py", "scheduling.queries.why_not.names"),
        ("scheduling/queries/people/links.py", "scheduling.queries.calendars.feed"),
    ],
    "rooms": [
        ("scheduling/operations/locks.py", "scheduling.operations.clients"),
        ("scheduling/operations/bookings/hold.py", "scheduling.operations.groups.plan_group"),
        ("scheduling/operations/links/links.py", "scheduling.operations.bookings.status"),
    ],
    "pure": [
        ("billing/money.py", "django.conf"),
        ("billing/policies.py", "billing.models"),
        ("scheduling/availability/timegrid/grid.py", "django.utils.timezone"),
        ("scheduling/ical/__init__.py", "scheduling.models"),
    ],
    "stripe": [
        ("front/apps.py", "stripe"),
        ("billing/gateway.py", "stripe"),
        ("scheduling/tasks.py", "stripe"),
    ],
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic"}


def lint(directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [str(LINTER), "--config", str(directory / "pyproject.toml"), "--no-cache", *options]
    wide = os.environ | {"COLUMNS": "250"}  # a long import is not wrapped
    return subprocess.run(command, cwd=directory, env=wide, capture_output=True, text=True, check=False, timeout=180)


@pytest.fixture
def copy(tmp_path):
    """A copy of the project's Python files and configuration, to add forbidden imports to."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    return tmp_path


def test_every_contract_is_kept():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout
    assert f"{len(BROKEN_ON_PURPOSE)} kept, 0 broken" in done.stdout  # none was added without a breakage here


@pytest.mark.parametrize("contract", BROKEN_ON_PURPOSE)
def test_a_contract_reports_each_import_that_breaks_it(copy, contract):
    for path, module in BROKEN_ON_PURPOSE[contract]:
        with (copy / path).open("a") as file:
            file.write(f"\nimport {module}\n")
    done = lint(copy, "--contract", contract)
    assert done.returncode == 1, done.stdout
    for path, module in BROKEN_ON_PURPOSE[contract]:
        importer = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        imported = module if module.split(".")[0] in PACKAGES else module.split(".")[0]
        assert f"{importer} -> {imported}" in done.stdout, done.stdout


def pure_files() -> list[Path]:
    folders = [ROOT / "scheduling" / "availability", ROOT / "scheduling" / "ical"]
    found = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    return [*found, ROOT / "billing" / "policies.py", ROOT / "billing" / "money.py"]


def reads_of_the_clock(source: str) -> list[str]:
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [
        f"line {call.lineno}"
        for call in calls
        if isinstance(call, ast.Attribute) and call.attr in CLOCKS and is_clock(call)
    ]


def is_clock(call: ast.Attribute) -> bool:
    """True for datetime.now(), date.today(), time.time() and similar calls; False for a method of another object."""
    return isinstance(call.value, ast.Name | ast.Attribute) and ast.unparse(call.value).split(".")[-1] in {
        "datetime", "date", "time", "timezone", "dt",
    }  # fmt: skip


@pytest.mark.parametrize("path", pure_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_pure_module_does_not_read_the_clock(path):
    assert reads_of_the_clock(path.read_text()) == []


@pytest.mark.parametrize(
    "line", ["datetime.now(UTC)", "date.today()", "time.monotonic()", "datetime.datetime.utcnow()"]
)
def test_a_read_of_the_clock_is_found(line):
    assert reads_of_the_clock(f"x = {line}\n") == ["line 1"]
