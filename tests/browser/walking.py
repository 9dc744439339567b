"""Steps of people in a browser."""

from __future__ import annotations

import calendar
import json
import re
import urllib.request
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

GOOD_CARD, DECLINED_CARD = "4242424242424242", "4000000000000002"


def go_on(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Continue", exact=True).click()


def find_days(page: Page, *, nth: int, place: str = "Frisco", on_days: Callable[[], None] = lambda: None) -> date:
    """From the home page to the nth range of days of the couple's program. Returns the first day.

    `on_days` is called while the ranges are shown.
    """
    page.goto("/")
    page.get_by_role("link", name="Intensives").click()
    page.get_by_role("link", name="Continue").click()
    page.get_by_role("link", name=re.compile("4-day couple")).click()
    page.get_by_role("link", name="Find a time").click()
    page.get_by_text(place, exact=True).click()
    go_on(page)
    on_days()
    days = page.locator("label", has_text="Monday").nth(nth)
    month, day = re.findall(r"Monday, (\w+) (\d+)", days.inner_text())[0]
    days.click()
    go_on(page)
    return next_date(month, int(day))


def next_date(month: str, day: int) -> date:
    """The next such day from today on, because pages leave out the year of near dates."""
    number = list(calendar.month_name).index(month)
    today = datetime.now(UTC).date()
    found = date(today.year, number, day)
    return found if found >= today else found.replace(year=today.year + 1)


def give_details(page: Page, *, name: str, email: str) -> None:
    """Fill in the details and the contact page, with email and a calendar entry."""
    page.get_by_label("Name", exact=False).first.fill(name)
    page.locator("main input[name=email]").fill(email)
    go_on(page)
    choose_contact(page)


def choose_contact(page: Page) -> None:
    page.locator("main input[name=ways][value=email]").check(force=True)
    page.locator("main input[name=address_is_shared][value=no]").check(force=True)
    page.locator("main input[name=calendar_invites][value=yes]").check(force=True)
    page.get_by_role("main").locator("form button").last.click()


def name_partner(page: Page, *, name: str, email: str) -> None:
    page.locator("main input[name=name]").fill(name)
    page.locator("main input[name=email]").fill(email)
    go_on(page)


def agree_and_pay(page: Page) -> None:
    page.locator("main input[name=accept_policy]").check(force=True)
    page.get_by_role("button", name=re.compile(r"^Pay \$")).click()
    expect(page.locator("[name=number]")).to_be_visible()


def give_card(page: Page, number: str) -> None:
    page.fill("[name=number]", number)
    page.fill("[name=exp]", "12 / 34")
    page.fill("[name=cvc]", "123")
    page.fill("[name=name]", "A Sample")
    page.fill("[name=postal_code]", "75000")
    page.get_by_role("button", name=re.compile("^Pay")).click()


def expect_booked(page: Page) -> str:
    """Wait for “You are booked” and return the reference."""
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible(timeout=30_000)
    found = re.search(r"/booking/(\w+)/", page.url)
    assert found, page.url
    return found[1]


def messages(url: str, to: str) -> list[dict[str, Any]]:
    """Messages that the demo delivered to one address, the newest first."""
    with urllib.request.urlopen(f"{url}/demo/messages/?format=json&to={to}") as answer:
        return list(json.load(answer))


def wait_for_messages(page: Page, url: str, to: str, count: int) -> list[dict[str, Any]]:
    """Wait until this many messages have arrived, for at most half a minute."""
    for _ in range(60):
        if len(found := messages(url, to)) >= count:
            return found
        page.wait_for_timeout(500)
    raise AssertionError(f"{to} got {[one['subject'] for one in messages(url, to)]}")


def link_in(message: dict[str, Any]) -> str:
    found = re.search(r"https?://\S+/m/[\w-]+/", message["text"])
    assert found, message["text"]
    return found[0]


def sign_in(page: Page, user: dict[str, Any]) -> None:
    """Sign in with the password and the code of the authenticator."""
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(user["email"])
    page.locator("input[name=password]").fill(user["password"])
    page.get_by_role("main").locator("form button").first.click()
    counter = next(iter(yield_hotp_counters_from_time()))
    page.locator("input[name=code]").fill(format_hotp_value(hotp_value(user["totp_secret"], counter)))
    page.get_by_role("main").locator("form button").first.click()
    expect(page.locator("input[name=code]")).to_have_count(0)


def api(url: str, path: str, token: str) -> Any:
    """A staff call of the API."""
    request = urllib.request.Request(f"{url}/api/v1/{path}", headers={"Authorization": f"Token {token}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)
