"""Programs that book and pay over HTTP, as the README's lines do."""

from __future__ import annotations

import json
import random
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

SERVICES = ("coaching", "coaching-two", "together")


@dataclass
class Tally:
    """Results of one program. `booked`: references that it saw confirmed. `lost`: openings that others took."""

    booked: list[str] = field(default_factory=list)
    lost: int = 0
    unsettled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def call(url: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} | headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def book_until(stop_at: float, url: str, number: int) -> Tally:
    """Book and pay, one after another, until the monotonic clock shows `stop_at`."""
    tally, dice = Tally(), random.Random(number)
    while time.monotonic() < stop_at:
        try:
            _book_one(url, number, dice, tally)
        except urllib.error.HTTPError as error:
            if error.code == 409:
                tally.lost += 1
            else:
                tally.wrong.append(f"{error.code} {error.url}")
    return tally


def _book_one(url: str, number: int, dice: random.Random, tally: Tally) -> None:
    service = dice.choice(SERVICES)
    first = datetime.now(UTC).date() + timedelta(days=dice.randint(8, 80))
    window = f"from={first}&to={first + timedelta(days=7)}"
    found = call(f"{url}/api/v1/services/{service}/openings/?{window}")["openings"]
    if not found:
        return
    partner = None if service == "coaching" else {"name": "Jo", "email": f"jo{dice.random()}@mail.example"}
    booked = call(
        f"{url}/api/v1/bookings/",
        {
            "opening": dice.choice(found)["id"],
            "client": {
                "name": f"Load {number}",
                "email": f"load{number}.{dice.randrange(10**9)}@mail.example",
                "contact": {"email": True},
            },
            "partner": partner,
            "accept_policy": True,
        },
    )
    _pay(booked["payment"]["checkout_url"])
    _wait_for(url, booked, tally)


def _pay(page: str) -> None:
    with urllib.request.urlopen(page, timeout=30) as answer:
        action = re.search(r'<form[^>]*action="([^"]+)"', answer.read().decode())
    assert action, page
    card = {"number": "4242424242424242", "exp": "12/34", "cvc": "123", "name": "A Load", "postal_code": "75000"}
    data = urllib.parse.urlencode(card).encode()
    with urllib.request.urlopen(urllib.parse.urljoin(page, action[1]), data, timeout=30) as answer:
        answer.read()


def _wait_for(url: str, booked: dict[str, Any], tally: Tally) -> None:
    """Wait for at most a minute until the booking is confirmed."""
    address = f"{url}/api/v1/bookings/{booked['reference']}/"
    for _ in range(120):
        if call(address, Authorization=f"Bearer {booked['manage_token']}")["status"] == "confirmed":
            tally.booked.append(booked["reference"])
            return
        time.sleep(0.5)
    tally.unsettled.append(booked["reference"])
