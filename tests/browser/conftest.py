"""A running practice and a browser. The practice is what `make demo` starts, with one week of bookings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.walking import (
    GOOD_CARD,
    agree_and_pay,
    choose_contact,
    expect_booked,
    find_days,
    give_card,
    give_details,
    link_in,
    name_partner,
    wait_for_messages,
)
from tests.platform.places import ROOT, free_port, own_directory

CHROMIUM = "/usr/bin/chromium"
ALEX, SAM, SAMS_OWN = "alex.first@mail.example", "sam.typed@mail.example", "sam.own@mail.example"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs them all, so that one practice is started."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass(frozen=True)
class Practice:
    """Where the running practice is, and who can sign in."""

    url: str
    var: Path
    users: list[dict[str, Any]]

    def user(self, role: str) -> dict[str, Any]:
        return next(user for user in self.users if user["role"] == role)


@pytest.fixture(scope="session")
def practice() -> Iterator[Practice]:
    with own_directory() as var, open(var / "runner.log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "demo.runner"], cwd=ROOT, stdout=log, stderr=log, env=_environment(var)
        )
        try:
            yield _ready(process, var)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 0


def _environment(var: Path) -> dict[str, str]:
    ours = {"PORT": str(free_port()), "VAR_DIR": str(var), "DEMO_SHORT": "1"}
    kept = {
        k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "CELERY_BROKER_URL"}
    }
    return kept | ours


def _ready(process: subprocess.Popen[bytes], var: Path) -> Practice:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if "Ready in" in (var / "runner.log").read_text():
            told = json.loads((var / "demo.json").read_text())
            return Practice(told["base_url"].rstrip("/"), var, told["users"])
        time.sleep(0.2)
    raise AssertionError(f"The practice did not start:\n{(var / 'runner.log').read_text()[-3000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def person(browser: Browser, practice: Practice) -> Iterator[Any]:
    """A factory of people with a browser of their own each: `person()` on a phone, `person(DESKTOP)` at a desk."""
    contexts: list[BrowserContext] = []

    def open_browser(viewport: dict[str, int] = PHONE) -> Page:
        context = browser.new_context(viewport=viewport, base_url=practice.url, reduced_motion="reduce")  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def booked(browser: Browser, practice: Practice) -> dict[str, Any]:
    """Alex books with a good card; Sam follows the one neutral mail and chooses."""
    alex = browser.new_context(viewport={"width": 390, "height": 844}, base_url=practice.url).new_page()
    first_day = find_days(alex, nth=3)
    give_details(alex, name="Alex Sample", email=ALEX)
    name_partner(alex, name="Sammy-as-typed", email=SAM)
    agree_and_pay(alex)
    give_card(alex, GOOD_CARD)
    reference = expect_booked(alex)
    introduction = wait_for_messages(alex, practice.url, SAM, 1)[0]
    sam = browser.new_context(viewport={"width": 390, "height": 844}, base_url=practice.url).new_page()
    sam.goto(link_in(introduction))
    first_sight = sam.content()
    sam.locator("main input[name=name]").fill("Sam Example")
    sam.locator("main input[name=email]").fill(SAMS_OWN)
    choose_contact(sam)
    return {
        "reference": reference,
        "alex": alex,
        "sam": sam,
        "introduction": introduction,
        "first_sight": first_sight,
        "first_day": first_day.isoformat(),
        "day_after": (first_day + timedelta(days=4)).isoformat(),
    }
