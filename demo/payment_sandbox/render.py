"""Render HTML from the templates in ``pages/``. Every value is escaped."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from .config import Config
from .money import dollars
from .objects import Json

PAGES = Path(__file__).parent / "pages"
TEMPLATES = {path.stem: Template(path.read_text(encoding="utf-8")) for path in PAGES.glob("*.html")}
STYLES = (PAGES / "pay.css").read_bytes()

INPUTS = (
    ("number", "Card number", "cc-number", "numeric", "1234 1234 1234 1234"),
    ("exp", "Expires (MM/YY)", "cc-exp", "numeric", "MM / YY"),
    ("cvc", "Security code", "cc-csc", "numeric", "CVC"),
    ("name", "Name on card", "cc-name", "text", ""),
    ("postal_code", "ZIP code", "postal-code", "text", ""),
)


def _fill(template: str, **values: str) -> str:
    """Fill a template. Values with names ending in ``_html`` are inserted as markup, all others are escaped."""
    ready = {name: text if name.endswith("_html") else escape(text) for name, text in values.items()}
    return TEMPLATES[template].substitute(ready)


def _layout(config: Config, title: str, body_html: str) -> str:
    return _fill("layout", title=title, business=config.business_name, body_html=body_html)


def card_form(
    config: Config, session: Json, private: Json, typed: Json, notice_words: str, problems: dict[str, str]
) -> str:
    """HTML of the page with the card form."""
    cancel_url = session["cancel_url"]
    suffix = private["intent"].get("statement_descriptor_suffix")
    body = _fill(
        "form",
        amount=dollars(session["amount_total"]),
        items_html="".join(_item(item) for item in private["line_items"]),
        notice_html=_fill("alert", words=notice_words) if notice_words else "",
        action=f"/c/pay/{session['id']}",
        inputs_html="".join(_input(spec, typed, problems) for spec in INPUTS),
        statement=f"{config.statement_prefix}* {suffix}" if suffix else config.statement_prefix,
        back_html=_fill("back", url=cancel_url, business=config.business_name) if cancel_url else "",
    )
    return _layout(config, "Pay", body)


def _item(item: Json) -> str:
    quantity = f" × {item['quantity']}" if item["quantity"] > 1 else ""
    return _fill("item", name=item["description"] + quantity, amount=dollars(item["amount_total"]))


def _input(spec: tuple[str, str, str, str, str], typed: Json, problems: dict[str, str]) -> str:
    name, label, autocomplete, inputmode, placeholder = spec
    problem = problems.get(name, "")
    return _fill(
        "input",
        name=name,
        label=label,
        autocomplete=autocomplete,
        inputmode=inputmode,
        placeholder=placeholder,
        value=typed.get(name, ""),
        invalid_html=f' aria-invalid="true" aria-describedby="{name}-problem"' if problem else "",
        problem_html=_fill("problem", name=name, words=problem) if problem else "",
    )


def bank(config: Config, intent: Json) -> str:
    """HTML of the bank's page, for a card that requires authentication."""
    action = f"/c/authenticate/{intent['id']}"
    return _layout(config, "Confirm", _fill("bank", amount=dollars(intent["amount"]), action=action))


def notice(config: Config, heading: str, words: str, back: str | None = None) -> str:
    """HTML of a page with a heading, a sentence and an optional link back."""
    back_html = _fill("back", url=back, business=config.business_name) if back else ""
    return _layout(config, heading, _fill("notice", heading=heading, words=words, back_html=back_html))
