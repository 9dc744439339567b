"""Why a service cannot start on a date at a place, and the smallest changes that open it. For staff."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from scheduling.models import Clinician, Location, Service

from .obstacles import Ask, Change, Obstacle, WhyNot
from .openings import openings
from .why_not_program import program
from .why_not_single import single
from .wishes import STRANGERS, Party

__all__ = ["Change", "Obstacle", "WhyNot", "why_not"]


def why_not(
    *,
    service: Service,
    location: Location,
    day: date,
    now: datetime,
    clinician: Clinician | None = None,
    mode: str | None = None,
    party: Party = STRANGERS,
    waive_notice: bool = True,
) -> WhyNot:
    """Openings of `service` that start on the local date `day` at `location`; if there are none, what stands in their
    way and the changes that open it. In a fixed number of statements: at most seven, for a program ten."""
    ask = Ask(
        service=service,
        location=location,
        day=day,
        now=now,
        clinician=clinician,
        mode=mode,
        party=party,
        waive_notice=waive_notice,
    )
    if service.party == Service.Party.GROUP:
        return _listed(ask, "no_group", f"No group of {service} with a seat left begins in {location} on this date.")
    if service.is_program:
        return program(ask)
    return single(ask)


def _listed(ask: Ask, reason: str, words: str) -> WhyNot:
    found = openings(
        service=ask.service,
        first=ask.day,
        until=ask.day + timedelta(days=1),
        now=ask.now,
        location=ask.location,
        clinician=ask.clinician,
        mode=ask.mode,
        party=ask.party,
        waive_notice=ask.waive_notice,
    ).openings
    return WhyNot(
        date=ask.day,
        location=ask.location,
        openings=found,
        obstacles=[] if found else [Obstacle(reason=reason, words=words)],
    )
