"""A running practice and a browser. The practice is the demo of `make demo`, with one week of bookings.

Both end with this package: while Playwright runs there is an event loop, in which Django refuses other tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.practice import CHROMIUM, PHONE, Practice, running_practice
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

ALEX, SAM, SAMS_OWN = "alex.first@mail.example", "sam.typed@mail.example", "sam.own@mail.example"


@pytest.fixture(scope="package")
def practice() -> Iterator[Practice]:
    with running_practice() as started:
        yield started


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def person(browser: Browser, practice: Practice) -> Iterator[Any]:
    """A factory of people, each with their own browser: `person()` on a phone, `person(DESKTOP)` at a desk."""
    contexts: list[BrowserContext] = []

    def open_browser(viewport: dict[str, int] = PHONE) -> Page:
        context = browser.new_context(viewport=viewport, base_url=practice.url, reduced_motion="reduce")
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture(scope="package")
def booked(browser: Browser, practice: Practice) -> dict[str, Any]:
    """Alex books and pays. Sam follows the neutral mail and chooses."""
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
