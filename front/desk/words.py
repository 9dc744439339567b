"""Words of the desk: a word and a shape for each status, and the contact rules of a client."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from front.templatetags.when import clock_at
from scheduling.models import Client, Location, Service
from scheduling.queries.calendars.day_list import Row, Visitor


@dataclass(frozen=True)
class Sign:
    """A status. `shape`: name of its drawing in the style sheet, which repeats the word."""

    word: str
    shape: str


def sign_of(visitor: Visitor, place: Location) -> Sign:
    """Sign for the status of one person's visit."""
    if visitor.status == "held" and visitor.booking.hold_expires_at is not None:
        until = clock_at(visitor.booking.hold_expires_at, place)
        return Sign(_("Held to %(time)s") % {"time": until}, "held")
    words = {
        "booked": Sign(_("Booked"), "booked"),
        "arrived": Sign(_("Here"), "here"),
        "attended": Sign(_("Done"), "done"),
        "no_show": Sign(_("No-show"), "off"),
        "late_cancelled": Sign(_("Canceled late"), "off"),
        "paid_conflict": Sign(_("Paid, no time"), "alarm"),
    }
    return words.get(visitor.status, Sign(visitor.status.replace("_", " "), "off"))


def signs_of(row: Row) -> list[Sign]:
    """Signs of a row, each once. In a group with several, each has a number: “3 booked”, “1 held to 3:15 PM”."""
    counts = Counter(sign_of(visitor, row.appointment.location) for visitor in row.visitors)
    if len(counts) < 2 or row.appointment.service.party != Service.Party.GROUP:
        return [*counts]
    return [Sign(f"{count} {sign.word[:1].lower()}{sign.word[1:]}", sign.shape) for sign, count in counts.items()]


BOOKING_WORDS = {
    "requested": "Asked",
    "held": "Held",
    "confirmed": "Booked",
    "completed": "Done",
    "declined": "Declined",
    "withdrawn": "Withdrawn",
    "expired": "Hold ended",
    "released": "Released",
    "cancelled": "Canceled",
    "paid_conflict": "Paid, no time",
}


@dataclass(frozen=True)
class Contact:
    """Sentences about how one person may be reached. `warn`: True if no channel is allowed."""

    lines: list[str]
    warn: bool


def contact_of(client: Client) -> Contact:
    """Contact rules of a client, the most important first."""
    ways = [
        (client.may_email, _("Email to %(to)s") % {"to": client.email}),
        (client.may_text, _("Texts to %(to)s") % {"to": _phone(client)}),
        (
            client.may_call,
            _("Calls to %(to)s, %(voicemail)s") % {"to": _phone(client), "voicemail": _voicemail(client)},
        ),
    ]
    lines = [words for allowed, words in ways if allowed]
    if not lines:
        asked = client.contact_chosen_at is not None
        lines.append(_("Do not contact") if asked else _("Has not chosen yet. Do not contact"))
    if client.safe_times:
        lines.append(_("Safe times: %(times)s") % {"times": client.safe_times})
    lines.append(_shared(client))
    return Contact(lines, warn=not (client.may_email or client.may_text or client.may_call))


def _phone(client: Client) -> str:
    return str(client.phone.as_national) if client.phone else ""


def _voicemail(client: Client) -> str:
    return {
        "no": _("no voicemail"),
        "first_name": _("voicemail with first name only"),
        "yes": _("voicemail is fine"),
    }[client.voicemail]


def _shared(client: Client) -> str:
    return {
        "no": _("Nobody else sees these addresses"),
        "yes": _("Someone else sees these addresses. Use discreet words only"),
        "unsure": _("Someone else may see these addresses. Use discreet words only"),
    }[client.address_is_shared]
