"""Decorator and lookup that limit the desk's pages to the desk and the owner."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from backend.accounts.actor import Actor
from front.actors import actor_of
from scheduling.models import Location
from scheduling.permissions import desks_of, works_at_a_desk

View = Callable[..., HttpResponse]


def desk_only(view: View) -> View:
    """Limit a view to the desk and the owner. Strangers are asked to sign in; all others get a 404."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not works_at_a_desk(actor_of(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def desk_or_404(actor: Actor, slug: str) -> Location:
    """The office with this slug, if `actor` works at its desk. Raises Http404."""
    return get_object_or_404(desks_of(actor), slug=slug)
