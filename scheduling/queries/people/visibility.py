"""Rules of who sees which rows. Every read for a page or the API starts at `visible_to`, so a foreign row is a 404.

Promise 9.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from backend.accounts.actor import Actor
from backend.accounts.models import User
from scheduling.models import Appointment, Attendance, Booking, Client, DeskPost, Participant

M = TypeVar("M", bound=Model)
NOTHING = Q(pk__in=[])


def visible_to(model: type[M], actor: Actor) -> QuerySet[M]:
    """Rows that `actor` may see. `model`: Booking, Participant, Appointment, Attendance or Client."""
    rule = RULES[model].get(actor.role, _nothing)
    return model._default_manager.filter(pk__in=model._default_manager.filter(rule(actor)).values("pk"))


def posts(actor: Actor) -> QuerySet[DeskPost]:
    """The posts of a desk user: one for each office."""
    return DeskPost.objects.filter(user=actor.user)


def _nothing(actor: Actor) -> Q:
    return NOTHING


def _all(actor: Actor) -> Q:
    return Q()


def _at_my_offices(path: str) -> Callable[[Actor], Q]:
    return lambda actor: Q(**{f"{path}__in": posts(actor).values("location")})


def _led_by_me(path: str) -> Callable[[Actor], Q]:
    return lambda actor: Q(**{f"{path}__clinician__user": actor.user})


def _mine(path: str) -> Callable[[Actor], Q]:
    """A signed-in client sees their own rows; the bearer of a link sees the rows of that participant."""

    def rule(actor: Actor) -> Q:
        if actor.user is not None:
            return Q(**{f"{path}__client__user": actor.user} if path else {"client__user": actor.user})
        return Q(**{path or "pk": actor.participant_id})

    return rule


def _held_by_me(path: str) -> Callable[[Actor], Q]:
    """A stranger sees only bookings made with their own browser session or API secret."""
    return lambda actor: Q(**{path: actor.holder}) if actor.holder else NOTHING


def _own_track(path: str) -> Callable[[Actor], Q]:
    """In a booking made with the same secret, a stranger sees the first person's part, never the partner's."""
    return lambda actor: Q(**{f"{path}booking__holder": actor.holder, f"{path}track": "A"}) if actor.holder else NOTHING


OWNER, DESK, CLINICIAN, CLIENT = User.Role.OWNER, User.Role.DESK, User.Role.CLINICIAN, User.Role.CLIENT
Rules = dict[str, Callable[[Actor], Q]]

RULES: dict[type[Model], Rules] = {
    Booking: {
        OWNER: _all,
        DESK: _at_my_offices("location"),
        CLINICIAN: _led_by_me("participants__attendances__appointment__leads"),
        CLIENT: _mine("participants"),
        "participant": _mine("participants"),
        "stranger": _held_by_me("holder"),
    },
    Participant: {
        OWNER: _all,
        DESK: _at_my_offices("booking__location"),
        CLINICIAN: _led_by_me("attendances__appointment__leads"),
        CLIENT: _mine(""),
        "participant": _mine(""),
        "stranger": _own_track(""),
    },
    Appointment: {
        OWNER: _all,
        DESK: _at_my_offices("location"),
        CLINICIAN: _led_by_me("leads"),
        CLIENT: _mine("attendances__participant"),
        "participant": _mine("attendances__participant"),
        "stranger": _own_track("attendances__participant__"),
    },
    Attendance: {
        OWNER: _all,
        DESK: _at_my_offices("appointment__location"),
        CLINICIAN: _led_by_me("appointment__leads"),
        CLIENT: _mine("participant"),
        "participant": _mine("participant"),
        "stranger": _own_track("participant__"),
    },
    Client: {
        OWNER: _all,
        DESK: lambda actor: (
            _at_my_offices("participations__booking__location")(actor)
            | Q(participations__isnull=True, user__isnull=True)
        ),
        CLINICIAN: _led_by_me("participations__attendances__appointment__leads"),
        CLIENT: lambda actor: Q(user=actor.user),
        "participant": lambda actor: Q(participations=actor.participant_id),
    },
}
