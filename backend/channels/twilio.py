"""Texts through Twilio, with plain HTTP requests because only two API calls are needed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import requests
from django.conf import settings
from urllib3.exceptions import NewConnectionError

from .errors import NotSent, Refused
from .sms import Text, reference_of

TIMEOUT = (5, 20)  # seconds to connect, to read
PAGE_SIZE = 200
PAGES = 20


class TwilioTexts:
    """A `backend.channels.sms.Provider`. Twilio stores no key of ours, so a text is matched by number and body."""

    def send(self, text: Text) -> str:
        """Hand over one text; returns Twilio's id. Raises NotSent, Refused, or a requests error if that is unknown."""
        form = {"To": text.to, "From": settings.TWILIO_FROM, "Body": text.body}
        try:
            answer = _session().post(_url("Messages.json"), data=form, timeout=TIMEOUT)
        except requests.ConnectTimeout as error:
            raise NotSent("No connection to Twilio.") from error
        except requests.ConnectionError as error:
            raise _unconnected(error) from error
        if answer.status_code == 429:
            raise NotSent("Twilio rate limit reached.")
        if 400 <= answer.status_code < 500:
            raise Refused(f"Twilio error {_code(answer)}")
        answer.raise_for_status()  # after a 5xx the text may or may not have been sent
        return str(answer.json()["sid"])

    def find(self, *, reference: str, since: datetime) -> str | None:
        """Search the texts sent from our number since that UTC date (Twilio filters by date only)."""
        query = {"From": settings.TWILIO_FROM, "DateSent>": f"{since:%Y-%m-%d}", "PageSize": str(PAGE_SIZE)}
        url: str | None = _url("Messages.json")
        session, params = _session(), query
        for _ in range(PAGES):
            if not url:
                break
            page = session.get(url, params=params, timeout=TIMEOUT)
            page.raise_for_status()
            found = _match(page.json()["messages"], reference)
            if found:
                return found
            following = page.json().get("next_page_uri")
            url, params = (f"{settings.TWILIO_API_BASE}{following}" if following else None), {}
        return None


def _match(messages: list[dict[str, Any]], reference: str) -> str | None:
    return next((text["sid"] for text in messages if reference_of(text["to"], text["body"]) == reference), None)


def _session() -> requests.Session:
    session = requests.Session()
    session.auth = (settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)
    return session


def _url(path: str) -> str:
    return f"{settings.TWILIO_API_BASE}/2010-04-01/Accounts/{settings.TWILIO_ACCOUNT_SID}/{path}"


def _code(answer: requests.Response) -> str:
    """Twilio's error code. The error text is dropped because it may contain the phone number."""
    try:
        return str(answer.json().get("code", answer.status_code))
    except ValueError:
        return str(answer.status_code)


def _unconnected(error: requests.ConnectionError) -> Exception:
    """NotSent if no connection was made; else the error itself, because the text may have been sent."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return NotSent("No connection to Twilio.") if isinstance(reason, NewConnectionError) else error
