"""Send mail as text, HTML and, for invites, a calendar part as the last alternative (RFC 6047 §2.4, F81, F82)."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from .errors import NotSent, Refused


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail to one person. `sender` is (name, address); `calendar` is (METHOD, iCalendar text)."""

    to: str
    subject: str
    text: str
    html: str = ""
    sender: tuple[str, str] | None = None
    calendar: tuple[str, str] | None = None


def new_message_id() -> str:
    """A Message-ID in the sender's domain, so that it does not reveal the host name."""
    return make_msgid(domain=settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].rstrip(">"))


def compose(mail: Mail, *, message_id: str) -> EmailMultiAlternatives:
    """Build the message, with headers that suppress automatic replies (RFC 3834 §5)."""
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    message = EmailMultiAlternatives(mail.subject, mail.text, _sender(mail), [mail.to], headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    if mail.calendar is not None:
        method, ics = mail.calendar
        # No charset here: Django adds one, and with two of them some mail programs show an attachment (F82).
        message.attach_alternative(ics, f"text/calendar; method={method}")
    return message


def _sender(mail: Mail) -> str:
    if mail.sender is None:
        return settings.DEFAULT_FROM_EMAIL
    name, address = mail.sender
    return str(Address(display_name=name, addr_spec=address))


def send(mail: Mail, *, message_id: str) -> None:
    """Hand one mail to the mail server. Raises Refused if the address is refused for good, NotSent otherwise."""
    try:
        message = compose(mail, message_id=message_id)
        message.connection = get_connection()
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise _refusal(error) from error
    except (smtplib.SMTPException, OSError) as error:
        # A lost answer counts as NotSent too: the retry has the same Message-ID, so a second copy can be dropped.
        raise NotSent(type(error).__name__) from error


def _refusal(error: smtplib.SMTPRecipientsRefused) -> NotSent:
    """Refused if all codes are 5xx, else NotSent (RFC 5321 §4.2.1). Keeps codes only: the text may name the address."""
    codes = [code for code, _ in error.recipients.values()]
    words = "Recipient refused: " + ", ".join(str(code) for code in codes)
    return Refused(words) if codes and all(500 <= code < 600 for code in codes) else NotSent(words)
