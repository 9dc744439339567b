"""The page of the API reference: all of its parts come from this site."""

import re

import pytest

from .conftest import API

pytestmark = pytest.mark.django_db
PAGE = f"{API}docs/"


def policy_of(response) -> dict[str, str]:
    """Content-Security-Policy: directive to sources."""
    return dict(one.strip().split(" ", 1) for one in response.headers["Content-Security-Policy"].split(";"))


def status_of(client, address: str) -> int:
    """Status of an address. If the answer is a file, the file is closed."""
    response = client.get(address)
    response.close()
    return response.status_code


def test_the_page_links_to_the_openapi_document(client, office):
    response = client.get(PAGE)

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/html")
    assert f'data-schema="{API}schema/"' in response.text


def test_scripts_and_styles_of_the_page_come_from_this_site(client, office):
    addresses = re.findall(r'(?:src|href)="([^"]+)"', client.get(PAGE).text)

    assert len(addresses) >= 5
    for address in addresses:
        assert address.startswith("/"), address
        assert status_of(client, address) == 200, address


def test_the_pages_policy_allows_no_other_origin_and_no_inline_code(client, office):
    policy = policy_of(client.get(PAGE))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert set(" ".join(policy.values()).split()) <= {"'self'", "'none'", "data:"}


def test_other_pages_keep_their_policy(client, office):
    policy = policy_of(client.get("/"))

    assert policy["form-action"].split() == ["'self'"]
    assert "unsafe" not in " ".join(policy.values())


def test_a_refused_request_for_the_page_is_a_problem(client, office):
    response = client.get(f"{PAGE}?no=such", headers={"Accept": "text/html"})

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_browser_that_takes_only_html_gets_the_page(client, office):
    assert client.get(PAGE, headers={"Accept": "text/html"}).status_code == 200
