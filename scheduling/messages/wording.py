"""Write the words of every message to a client, discreet unless that person chose otherwise (promise 11).

Each purpose has one template file with the parts `subject`, `headline`, `body`, `action` and `text`; `mail.txt` and
`mail.html` lay them out. Discreet words have dates and times, the short name and a link. Standard words add the
client's name, the place and how to get in. No message names the kind of care, a clinician or a price (F119).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template, render_to_string

from backend.channels.email import Mail
from backend.channels.sms import GSM_BASIC, LIMIT, Text, TextTooLong, gsm_length
from scheduling.formats import long_date, short_moment, zone_words
from scheduling.models import Client, Practice
from scheduling.queries.people.parts import Part, Visit

from .times import day_line, reading_zone

FOLDER = "scheduling/messages"


def mail(
    purpose: str,
    part: Part,
    visits: Sequence[Visit],
    *,
    link: str,
    practice: Practice,
    calendar: tuple[str, str] | None = None,
    **extra: Any,
) -> Mail:
    """Write the mail of a purpose to the person of a part, about `visits`."""
    words = _context(part, visits, link=link, practice=practice) | extra
    shown = {name: _part(purpose, name, words) for name in ("subject", "headline", "body", "action")}
    layout = words | shown | {"subject": " ".join(shown["subject"].split())}
    return Mail(
        to=part.client.email,
        subject=layout["subject"],
        text=_plain(f"{FOLDER}/mail.txt", layout).strip() + "\n",
        html=render_to_string(f"{FOLDER}/mail.html", layout),
        sender=(practice.short_name, practice.email),
        calendar=calendar,
    )


def text(purpose: str, part: Part, visits: Sequence[Visit], *, link: str, practice: Practice, **extra: Any) -> Text:
    """Write the text message of a purpose: one GSM message, the sender first. Raises TextTooLong.

    If a long link leaves too little room, the sender is left out, then the link too.
    """
    words = _context(part, visits, link=link, practice=practice) | extra
    shorter_and_shorter = [words, words | {"sender": ""}, words | {"sender": "", "link": ""}]
    for candidate in shorter_and_shorter:
        body = gsm(" ".join(_part(purpose, "text", candidate).split()))
        if gsm_length(body) <= LIMIT:
            return Text(to=str(part.client.phone), body=body)
    raise TextTooLong(f"The words of {purpose} do not fit a text.")


def gsm(body: str) -> str:
    """`body` in the GSM alphabet, which every phone shows: accents outside it are dropped."""
    plain = body.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: "-", 0xA0: " "})
    return "".join(one if one in GSM_BASIC else _nearest(one) for one in plain)


def _nearest(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base in GSM_BASIC else ""


def _context(part: Part, visits: Sequence[Visit], *, link: str, practice: Practice) -> dict[str, Any]:
    is_standard = part.client.wording == Client.Wording.STANDARD
    first = visits[0].starts_at.astimezone(reading_zone(part, visits[0])) if visits else None
    days = [list(day) for _, day in groupby(visits, key=lambda visit: visit.day)]
    return {
        "standard": is_standard,
        "sender": practice.short_name,
        "phone": practice.phone.as_national if practice.phone else "",
        "name": part.client.name_to_use if is_standard else "",
        "date": long_date(first) if first else "",
        "moment": short_moment(first) if first else "",
        "zone": zone_words(reading_zone(part, visits[0])) if visits else "",
        "days": [day_line(part, day) for day in days],
        "more_days": max(len(days) - 1, 0),
        "place": _place(visits) if is_standard else "",
        "arrival": _arrival(visits) if is_standard else "",
        "link": link,
        "home": f"{settings.BASE_URL}/",
    }


def _place(visits: Sequence[Visit]) -> str:
    """Address of the office if all visits in person are at one; else empty, and the link shows the places."""
    places = {visit.location.address for visit in visits if visit.mode == "office"}
    return places.pop() if len(places) == 1 else ""


def _arrival(visits: Sequence[Visit]) -> str:
    return visits[0].location.arrival if _place(visits) else ""


def _part(purpose: str, name: str, words: dict[str, Any]) -> str:
    return _plain(f"{FOLDER}/{purpose}.txt#{name}", words).strip()


def _plain(template: str, words: dict[str, Any]) -> str:
    """Render a template as plain text, without HTML escapes."""
    return str(get_template(template).template.render(Context(words, autoescape=False)))  # type: ignore[attr-defined]
