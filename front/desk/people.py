"""Find and add clients at the desk, and decide which of them a desk user may book for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from front.accounts.coming_back import comes_back_to
from front.actors import actor_of
from scheduling.formats import short_moment
from scheduling.models import Client
from scheduling.operations.access_log import note_looks, note_search
from scheduling.operations.clients import add_client
from scheduling.queries.people.client_search import TooLittle, search, search_everywhere
from scheduling.queries.people.visibility import visible_to

from .draft import Draft
from .forms import ClientForm, ElsewhereForm, SearchForm
from .guard import desk_only
from .words import Contact, contact_of

FOUND = "found_clients"  # session: clients of other offices whom this user identified


@dataclass(frozen=True)
class Hit:
    """A client found by a search. `choose`: address that goes on with this client."""

    client: Client
    contact: Contact
    choose: str
    next_visit: str


class Shown(Protocol):
    """Anything that shows a client."""

    @property
    def client(self) -> Client: ...


def question(request: HttpRequest) -> str:
    """Address of the page with the search form that was posted."""
    draft = Draft.of(request.POST)
    return f"{draft.address}&find=partner" if draft.client else draft.address


def empty_form(request: HttpRequest) -> str:
    """Address of the empty form for a new client. The values entered must not be in an address."""
    return f"{reverse('desk:add_client')}?{Draft.of(request.POST).query}"


def known_client(request: HttpRequest, client_id: str) -> Client | None:
    """The client with this id, if the user may see them or has identified them exactly in this session; else None."""
    if not client_id.isascii() or not client_id.isdigit() or len(client_id) > 18:
        return None
    pk = int(client_id)
    seen = visible_to(Client, actor_of(request)).filter(pk=pk, merged_into=None).first()
    if seen is None and pk in request.session.get(FOUND, []):
        return Client.objects.filter(pk=pk, merged_into=None).first()
    return seen


def note_shown(request: HttpRequest, shown: Iterable[Shown], *, page: str) -> None:
    """Write an audit line for each client whom the page shows (promise 14), in at most one statement."""
    ids = [one.client.pk for one in shown]
    if ids:
        note_looks(client_ids=ids, page=page, by=actor_of(request), now=timezone.now())


@require_POST
@desk_only
@comes_back_to(question)
def find(request: HttpRequest) -> HttpResponse:
    """Search the clients of the desk's own offices. A fragment for htmx, else the whole page."""
    actor, now, draft = actor_of(request), timezone.now(), Draft.of(request.POST)
    form = SearchForm(request.POST)
    context = who_context(draft) | {"form": form}
    if form.is_valid():
        try:
            found = search(actor=actor, words=form.cleaned_data["words"], now=now)
        except TooLittle as error:
            form.add_error("words", str(error))
        else:
            shown = hits(found.clients, draft)
            note_search(fields=["words"], found=len(found.clients), by=actor, now=now)
            note_shown(request, shown, page="search")
            context |= {"searched": True, "more": found.more, "hits": shown}
    part = "desk/who.html#hits" if request.headers.get("HX-Request") else "desk/who.html"
    return render(request, part, context, status=422 if form.errors else 200)


@require_POST
@desk_only
@comes_back_to(question)
def find_elsewhere(request: HttpRequest) -> HttpResponse:
    """Search the clients of all offices by two exact identifiers. The user may book for those found in this session."""
    actor, now, draft = actor_of(request), timezone.now(), Draft.of(request.POST)
    form = ElsewhereForm(request.POST)
    context = who_context(draft) | {"elsewhere": form, "open_elsewhere": True}
    if form.is_valid():
        try:
            by = form.identifiers()
            found = search_everywhere(by=by, now=now)
        except TooLittle as error:
            form.add_error(None, str(error))
        else:
            shown = hits(found, draft)
            note_search(fields=by.given, found=len(found), by=actor, now=now)
            note_shown(request, shown, page="search elsewhere")
            remember_found(request, found)
            context |= {"searched_elsewhere": True, "found_elsewhere": shown}
    return render(request, "desk/who.html", context, status=422 if form.errors else 200)


def remember_found(request: HttpRequest, clients: list[Client]) -> None:
    """Store the clients who were identified, for this session only; the latest 20."""
    known = [*request.session.get(FOUND, []), *(client.pk for client in clients)]
    request.session[FOUND] = list(dict.fromkeys(known))[-20:]


def hits(clients: list[Client], draft: Draft) -> list[Hit]:
    """Search results for clients. Clients who are in the draft already are left out."""
    taken = {draft.client, draft.partner}
    return [
        Hit(client, contact_of(client), draft.with_person(client.pk).address, _next_visit(client))
        for client in clients
        if str(client.pk) not in taken
    ]


def _next_visit(client: Client) -> str:
    """“Tue, Nov 24, 11:00 AM” in the client's zone; empty without a next visit. The search has loaded it."""
    found = getattr(client, "next_visit", None)
    return short_moment(found.lower.astimezone(ZoneInfo(client.zone))) if found else ""


def who_context(draft: Draft) -> dict[str, object]:
    """Context of the page that asks for the client, or for the partner if the client is chosen."""
    return {"area": "book", "draft": draft, "form": SearchForm(), "elsewhere": ElsewhereForm()}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
@comes_back_to(empty_form)
def add(request: HttpRequest) -> HttpResponse:
    """Add a client and go on booking for them."""
    draft = Draft.of(request.POST if request.method == "POST" else request.GET)
    form = ClientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        client = add_client(person=form.person(), by=actor_of(request), now=timezone.now())
        remember_found(request, [client])
        return redirect(draft.with_person(client.pk).address)
    context = {"area": "book", "draft": draft, "form": form}
    return render(request, "desk/add_client.html", context, status=422 if form.errors else 200)
