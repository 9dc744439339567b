"""The message viewer shows the demo's messages as pages and as JSON, and runs nothing that they contain."""

import base64
import hashlib

import pytest

from backend.channels.sms import Text
from backend.channels.sms import send as send_text
from demo.messages import store
from demo.messages.store import Stored
from demo.messages.views import style_source
from tests.factories import a_practice
from tests.scheduling.messages.people import ALEX, SAM, confirm, held_couple, work

pytestmark = pytest.mark.django_db
ADDRESS = "/demo/messages/"


@pytest.fixture(autouse=True)
def practice(db):
    return a_practice()


@pytest.fixture
def booking():
    booking = confirm(held_couple(ALEX, SAM))
    work()
    return booking


def test_the_json_list_names_each_messages_booking(client, booking):
    answer = client.get(ADDRESS, {"format": "json"}).json()

    assert {tuple(message) for message in answer} == {
        ("channel", "to", "subject", "text", "html", "calendar", "raw", "sent_at", "booking")
    }
    assert {message["booking"] for message in answer} == {booking.reference}
    assert sorted(message["to"] for message in answer) == ["alex@example.com", "alex@example.com", "sam@example.com"]


def test_the_to_filter_lists_one_recipients_messages(client, booking):
    answer = client.get(ADDRESS, {"format": "json", "to": "SAM@example.com"}).json()

    assert [message["to"] for message in answer] == ["sam@example.com"]


def test_exactly_one_message_carries_a_calendar(client, booking):
    answer = client.get(ADDRESS, {"format": "json"}).json()

    assert [message["to"] for message in answer if message["calendar"]] == ["alex@example.com"]


def test_a_message_about_no_booking_has_a_null_booking(client):
    send_text(Text(to="+12145550123", body="Your code"))

    (one,) = client.get(ADDRESS, {"format": "json"}).json()
    assert (one["channel"], one["booking"]) == ("sms", None)


def test_the_list_links_to_a_page_for_each_message(client, booking):
    page = client.get(ADDRESS).content.decode()
    first = store.newest()[0]

    assert page.count("/body/") == 0
    assert f"{ADDRESS}{first.id}/" in page
    assert first.to in client.get(f"{ADDRESS}{first.id}/").content.decode()


def test_an_empty_viewer_says_so(client):
    assert "No messages yet" in client.get(ADDRESS).content.decode()


def a_hostile_message():
    html = "<style>p{color:red}</style><script>alert(1)</script><img src=//x.example/y>"
    at = "2027-03-01T00:00:00+00:00"
    message = Stored(id="m1", channel="email", to="a@b.example", subject="<b>", text="<i>", html=html, sent_at=at)
    store.write(message)
    return message


def test_the_html_of_a_message_runs_nothing_and_loads_nothing(client):
    message = a_hostile_message()

    policy = client.get(f"{ADDRESS}m1/body/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "unsafe" not in policy
    assert style_source(message.html) in policy


def test_the_policy_allows_only_the_style_sheet_of_our_own_mail(client, booking):
    found = next(message for message in store.newest() if message.html)

    response = client.get(f"{ADDRESS}{found.id}/body/")

    # A browser normalizes line ends to line feeds before it hashes the sheet.
    sheet = response.content.decode().split("<style>")[1].split("</style>")[0].replace("\r\n", "\n")
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response["Content-Security-Policy"]


def test_html_in_a_message_is_escaped_in_the_viewer(client):
    a_hostile_message()

    page = client.get(f"{ADDRESS}m1/").content.decode()

    assert "<i>" not in page
    assert "<script>alert" not in page


def test_the_viewer_may_frame_only_itself(client):
    a_hostile_message()

    assert "frame-src 'self'" in client.get(f"{ADDRESS}m1/")["Content-Security-Policy"]


def test_an_unknown_message_is_a_404(client):
    assert client.get(f"{ADDRESS}nothing/").status_code == 404


def test_outside_the_demo_the_viewer_is_a_404(client, settings):
    settings.ROOT_URLCONF = "backend.urls"

    assert client.get(ADDRESS).status_code == 404
