"""The README's shell lines book, pay and find the booking, over real HTTP with a real shell and curl."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.utils import timezone

from backend.accounts.models import ApiToken
from billing.models import LedgerEntry, Policy, Price
from scheduling.models import Booking
from tests.billing.conftest import SECRET, Payments
from tests.factories import a_clinician, a_couples_program, a_location, a_practice, a_role, a_room, a_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]
README = Path(__file__).parents[3] / "README.md"


@pytest.fixture
def paying(tmp_path, settings, live_server):
    """A sandbox whose webhooks go to the live server, on the real clock."""
    made = Payments(tmp_path / "payments", webhook_url=f"{live_server.url}/billing/stripe/webhook/")
    made.now = timezone.now()
    settings.STRIPE_API_BASE, settings.STRIPE_WEBHOOK_SECRET = made.url, SECRET
    settings.BASE_URL = live_server.url
    yield made
    made.close()


@pytest.fixture
def practice():
    """The practice that the README's lines name: the four-day couple's program at Frisco."""
    a_practice()
    location = a_location("frisco")
    for _ in range(3):
        a_room(location)
    service = a_couples_program("4-day", locations=[location])
    for role in ("lead", "support-a", "support-b"):
        a_clinician(location, roles=[a_role(role)])
    Price.objects.create(service=service, amount_cents=780_000, valid_from="2020-01-01")
    Policy.objects.create(
        service=service,
        valid_from="2020-01-01",
        due_now="share",
        deposit_share_basis_points=3000,
        balance_days_before=2,
    )


def the_lines() -> str:
    section = README.read_text().split("<!-- api: begin -->")[1].split("<!-- api: end -->")[0]
    found = re.search(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_readmes_shell_lines_book_pay_and_find_the_booking(practice, paying, live_server, tmp_path):
    owner = {"role": "owner", "api_token": ApiToken.issue(a_user("owner"))}
    (tmp_path / "demo.json").write_text(json.dumps({"base_url": live_server.url, "users": [owner]}))
    places = {"API": f"{live_server.url}/api/v1", "VAR_DIR": str(tmp_path)}

    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", the_lines()],
        env=os.environ | places,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    booking = Booking.objects.get()
    said = ran.stdout.splitlines()
    assert said[0] == "Frisco"
    assert said[2].startswith(f"{booking.reference} is held until 20")
    assert said[3:] == [f"{booking.reference} is confirmed", "1"]
    assert booking.status == "confirmed"
    assert sorted(LedgerEntry.objects.values_list("kind", "amount_cents")) == [
        ("charge", -780_000),
        ("payment", 234_000),
    ]
