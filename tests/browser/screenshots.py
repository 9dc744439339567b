"""`python -m tests.browser.screenshots DIRECTORY`: pictures of the pages, on a phone and at a desk."""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

import django

django.setup()

from tests.browser import walking  # noqa: E402
from tests.browser.palette import small  # noqa: E402
from tests.browser.practice import CHROMIUM, DESKTOP, PHONE, Practice, running_practice  # noqa: E402

# Fewest appointments on a day list for a useful screenshot.
FULL_DAY = 4
# The desk's times of the days that are open on the page.
SHOWN_TIMES = ".day-more[open] .slot input"


class Camera:
    """Takes each page at both widths. `counter`: an empty page, which counts the colors of the others."""

    def __init__(self, directory: Path, counter: Page) -> None:
        self.directory = directory
        self.counter = counter
        directory.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str) -> None:
        for size, viewport in (("desk", DESKTOP), ("phone", PHONE)):
            page.set_viewport_size(viewport)
            png = small(self.counter, page.screenshot(full_page=True))
            (self.directory / f"{name}-{size}.png").write_bytes(png)
        print(f"  {name}", flush=True)


def main(directory: Path) -> None:
    with running_practice() as practice, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        camera = Camera(directory, browser.new_page())
        partner = _client(browser, practice, camera)
        _partner(browser, practice, camera, partner)
        _staff(browser, practice, camera)
        browser.close()


def _page(browser: Browser, practice: Practice) -> Page:
    page = browser.new_context(viewport=PHONE, base_url=practice.url, reduced_motion="reduce").new_page()
    page.set_default_timeout(20_000)
    return page


def _client(browser: Browser, practice: Practice, camera: Camera) -> str:
    """Take the pages of a couple who book. Returns the partner's address."""
    page = _page(browser, practice)
    for path, name in (("/", "home"), ("/book/", "before"), ("/book/s/4-day/", "service"), ("/call/", "call")):
        page.goto(path)
        camera.take(page, name)
    walking.find_days(page, nth=2, on_days=lambda: camera.take(page, "days"))
    camera.take(page, "about-you")
    page.locator("main input[name=name]").fill("Alex Sample")
    page.locator("main input[name=email]").fill("alex@mail.example")
    walking.go_on(page)
    camera.take(page, "contact")
    walking.choose_contact(page)
    camera.take(page, "partner")
    walking.name_partner(page, name="Sam", email="sam@mail.example")
    camera.take(page, "check")
    walking.agree_and_pay(page)
    walking.give_card(page, walking.GOOD_CARD)
    reference = walking.expect_booked(page)
    camera.take(page, "booked")
    page.goto(f"/booking/{reference}/")
    camera.take(page, "manage")
    return "sam@mail.example"


def _partner(browser: Browser, practice: Practice, camera: Camera, address: str) -> None:
    page = _page(browser, practice)
    page.goto(walking.link_in(walking.wait_for_messages(page, practice.url, address, 1)[0]))
    camera.take(page, "own-choices")


def _staff(browser: Browser, practice: Practice, camera: Camera) -> None:
    desk = _page(browser, practice)
    walking.sign_in(desk, practice.user("desk"))
    _open_full_day(desk)
    camera.take(desk, "day-list")
    desk.goto("/desk/book/")
    camera.take(desk, "book-by-phone")
    _repeat_and_why(desk, camera)
    clinician = _page(browser, practice)
    walking.sign_in(clinician, practice.user("clinician"))
    clinician.goto("/schedule/")
    if not clinician.locator(".visit").count():
        clinician.goto(f"/schedule/week/{_weekdays_near(_today())[0]}/")
    camera.take(clinician, "schedule")
    clinician.goto("/schedule/feed/")
    camera.take(clinician, "calendar-feed")
    clinician.goto("/demo/messages/")
    camera.take(clinician, "messages")


def _repeat_and_why(desk: Page, camera: Camera) -> None:
    """Take the desk's pages of a repeated time, and of “Why not?” for an intensive."""
    desk.goto("/desk/book/")
    desk.locator("#id_words").fill("appleyard")
    desk.locator("#hits a").first.click()
    client = re.search(r"client=(\d+)", desk.url)
    assert client, desk.url
    wish = f"client={client[1]}&office=frisco"
    _open_dates_with_a_clash(desk, f"/desk/book/?{wish}&service=individual")
    camera.take(desk, "dates")
    desk.goto(f"/desk/book/why-not/?{wish}&service=4-day&on={_tuesday_in(weeks=1)}")
    camera.take(desk, "why-not")


def _open_dates_with_a_clash(desk: Page, times: str) -> None:
    """Open ten weekly dates, one of them in conflict if any of the first times gives such a series."""
    desk.goto(times)
    for nth in range(desk.locator(SHOWN_TIMES).count()):
        desk.goto(times)
        desk.locator(SHOWN_TIMES).nth(nth).check(force=True)
        desk.locator("#id_repeat").select_option("times")
        desk.get_by_role("button", name="Hold this time").click()
        desk.get_by_role("heading", name="Check the dates").wait_for()
        if desk.locator(".date--clash").count():
            return


def _open_full_day(desk: Page) -> None:
    """Open the day list of the weekday nearest to today on which an office is busy."""
    for on in _weekdays_near(_today()):
        desk.goto(f"/desk/frisco/{on}/")
        if desk.locator(".list__row").count() >= FULL_DAY:
            return
    raise AssertionError("No weekday near today is full.")


def _weekdays_near(today: date) -> list[date]:
    """Mondays to Fridays of two weeks: future days first, the nearest of them first."""
    days = [today + timedelta(days=step) for step in (*range(8), *range(-1, -8, -1))]
    return [day for day in days if day.weekday() < 5]


def _tuesday_in(*, weeks: int) -> date:
    """A day on which the demo can rarely start an intensive, so that it has obstacles."""
    today = _today()
    return today + timedelta(days=7 * weeks - today.weekday() + 1)


def _today() -> date:
    return datetime.now(UTC).date()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
