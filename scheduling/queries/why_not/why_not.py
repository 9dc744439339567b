"""Why a service cannot start on a date at a place, and the smallest changes that open it. For staff."""

from __future__ import annotations

from datetime import date, datetime

from scheduling.models import Clinician, Location, Service
from scheduling.queries.openings.criteria import STRANGERS, Party
from scheduling.queries.why_not.answer import Ask, Change, Obstacle, WhyNot
from scheduling.queries.why_not.group import group
from scheduling.queries.why_not.program import program
from scheduling.queries.why_not.single import single

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
        return group(ask)
    if service.is_program:
        return program(ask)
    return single(ask)
