"""The hosted page: a card form, the bank's page, and notices for sessions that are complete or expired.

The pages are plain HTML without scripts or external files. ``GET`` takes no payment; ``POST`` pays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from . import checkout, payments, render
from .card_form import CardForm
from .cards import CARDS, Decline
from .objects import Json
from .sandbox import Call, Sandbox

AUTHENTICATION_FAILED = Decline(
    "payment_intent_authentication_failure",
    None,
    "We were not able to confirm this payment with your bank. You have not been charged. Try again or use another "
    "card.",
)


@dataclass
class Page:
    """An HTML answer, or a redirect when ``location`` is set. ``form_targets`` are the merchant's origins."""

    status: int = 200
    html: str = ""
    location: str | None = None
    form_targets: list[str] = field(default_factory=list)


def look(sandbox: Sandbox, session_id: str) -> Page:
    """GET /c/pay/{id}."""
    with sandbox.store.transaction():
        call = Call(sandbox)
        session = call.store.find("checkout.session", session_id)
        if session is None:
            return _unknown(sandbox)
        session = checkout.settle(call, session)
        if session["status"] != "open":
            return _closed(sandbox, session)
        private = call.store.private(session_id)
        return _form(call, session, private.get("typed", {}), private.get("notice", ""), {})


def pay(sandbox: Sandbox, session_id: str, body: bytes) -> Page:
    """POST /c/pay/{id}. Charges once: a second post for a paid session charges nothing."""
    form = CardForm.read(body)
    with sandbox.store.transaction():
        call = Call(sandbox)
        session = call.store.find("checkout.session", session_id)
        if session is None:
            return _unknown(sandbox)
        session = checkout.settle(call, session)
        if session["status"] != "open":
            return _paid(session) if session["status"] == "complete" else _closed(sandbox, session)
        problems = form.problems(call.now)
        if problems:
            notice = "Some details need another look. You have not been charged."
            return _form(call, session, form.typed, notice, problems, status=422)
        return _charge(call, session, form)


def _charge(call: Call, session: Json, form: CardForm) -> Page:
    intent = checkout.intent_of(call, session)
    method = payments.keep_method(call, form.digits, form.year_month, form.name, form.postal_code)
    decline = payments.attempt(call, intent, method, off_session=False)
    if decline:
        notice = f"{decline.message} You have not been charged. You can try another card."
        return _form(call, session, form.typed, notice, {}, status=402)
    if intent["status"] == "requires_action":
        _remember(call, session, form)
        return Page(303, location=f"/c/authenticate/{intent['id']}")
    return _paid(checkout.complete(call, session, method))


def _remember(call: Call, session: Json, form: CardForm) -> None:
    """Keep the typed fields while the payer is at the bank's page. Only test card numbers reach this point."""
    assert form.digits in CARDS
    private = call.store.private(session["id"]) | {"typed": form.typed, "notice": ""}
    call.store.save_private(session["id"], private)


def look_at_bank(sandbox: Sandbox, intent_id: str) -> Page:
    """GET /c/authenticate/{id}. The bank asks the payer to confirm the payment."""
    with sandbox.store.transaction():
        call = Call(sandbox)
        intent, session = _awaiting(call, intent_id)
        if intent is None or intent["status"] != "requires_action":
            return _closed(sandbox, session) if session else _unknown(sandbox)
        return Page(html=render.bank(sandbox.config, intent), form_targets=_targets(session, intent))


def answer_bank(sandbox: Sandbox, intent_id: str, body: bytes) -> Page:
    """POST /c/authenticate/{id}, with ``result`` ``complete`` or ``fail``."""
    result = parse_qs(body.decode("utf-8", "replace"), max_num_fields=50).get("result", [""])[0]
    with sandbox.store.transaction():
        call = Call(sandbox)
        intent, session = _awaiting(call, intent_id)
        if intent is None or intent["status"] != "requires_action":
            return _closed(sandbox, session) if session else _unknown(sandbox)
        method = call.store.get("payment_method", intent["payment_method"])
        return_url = intent["next_action"]["redirect_to_url"]["return_url"]
        if result == "complete":
            decline = payments.attempt(call, intent, method, off_session=False, authenticated=True)
        else:
            decline = payments.turn_back(call, intent, method, AUTHENTICATION_FAILED)
        if session is None:
            return Page(303, location=return_url or "/c/done")
        return _after_bank(call, session, method, decline)


def _awaiting(call: Call, intent_id: str) -> tuple[Json | None, Json | None]:
    """The intent and its session, after the session has expired if it is past its deadline."""
    session = call.store.find("checkout.session", call.store.private(intent_id).get("session"))
    if session:
        session = checkout.settle(call, session)
    return call.store.find("payment_intent", intent_id), session


def _after_bank(call: Call, session: Json, method: Json, decline: Decline | None) -> Page:
    if decline is None:
        return _paid(checkout.complete(call, session, method))
    private = call.store.private(session["id"]) | {"notice": decline.message}
    call.store.save_private(session["id"], private)
    return Page(303, location=f"/c/pay/{session['id']}")


def _paid(session: Json) -> Page:
    """Redirect to the merchant's success URL, with ``{CHECKOUT_SESSION_ID}`` filled in as Stripe does."""
    return Page(303, location=session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))


def _targets(session: Json | None, intent: Json | None = None) -> list[str]:
    """Origins for ``form-action``, which browsers apply to the redirect after a form too."""
    action = (intent or {}).get("next_action") or {}
    url = session["success_url"] if session else action.get("redirect_to_url", {}).get("return_url")
    parts = urlsplit(url or "")
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def _form(call: Call, session: Json, typed: Json, notice: str, problems: dict[str, str], *, status: int = 200) -> Page:
    private = call.store.private(session["id"])
    html = render.card_form(call.sandbox.config, session, private, typed, notice, problems)
    return Page(status, html, form_targets=_targets(session))


def _closed(sandbox: Sandbox, session: Json) -> Page:
    if session["status"] == "complete":
        words = ("This payment is complete", "You have paid. Nothing more will be charged from this page.")
        return Page(200, render.notice(sandbox.config, *words))
    words = ("This page has expired", "You have not been charged. Go back to where you came from and start again.")
    return Page(200, render.notice(sandbox.config, *words, back=session["cancel_url"]))


def done(sandbox: Sandbox) -> Page:
    """GET /c/done. The end of the bank's page if the intent has no ``return_url``."""
    return Page(200, render.notice(sandbox.config, "Thank you", "You can close this page."))


def _unknown(sandbox: Sandbox) -> Page:
    words = ("Nothing to pay here", "The address is not complete, or it was never a payment page.")
    return Page(404, render.notice(sandbox.config, *words))
