"""The API reference in a browser, on a phone and at a desk."""

import pytest
from playwright.sync_api import expect

from tests.browser.practice import DESKTOP, PHONE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_a_call_can_be_tried_on_the_reference_page(person, viewport):
    page, said = person(viewport), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto("/api/v1/docs/")
    call = page.locator(".opblock", has=page.locator("[data-path='/api/v1/locations/']"))

    call.locator(".opblock-summary-control").click()
    call.get_by_role("button", name="Try it out").click()
    call.get_by_role("button", name="Execute").click()

    expect(call.locator(".live-responses-table")).to_contain_text("Frisco")
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
