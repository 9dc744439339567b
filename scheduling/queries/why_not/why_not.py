"""Why a service cannot start on a date at a place, and the smallest changes that open it. For staff."""

from __future__ import annotations

from scheduling.models import Service
from scheduling.queries.openings.search import Search
from scheduling.queries.why_not.answer import Ask, Change, Obstacle, WhyNot
from scheduling.queries.why_not.group import group
from scheduling.queries.why_not.program import program
from scheduling.queries.why_not.single import single

__all__ = ["Change", "Obstacle", "WhyNot", "why_not"]


def why_not(search: Search) -> WhyNot:
    """The openings of a search on its first date; if there are none, what stands in their way and what opens it.

    The search names a location. At most seven statements, for a program ten.
    """
    ask = Ask.of(search)
    if ask.service.party == Service.Party.GROUP:
        return group(ask)
    if ask.service.is_program:
        return program(ask)
    return single(ask)
