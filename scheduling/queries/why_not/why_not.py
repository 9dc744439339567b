"""“Why not?” for staff: why a service cannot start on a date at a location, and the smallest changes that open it."""

from __future__ import annotations

from scheduling.models import Service
from scheduling.queries.openings.search import Search
from scheduling.queries.why_not.answer import Ask, Change, Obstacle, WhyNot
from scheduling.queries.why_not.group import group
from scheduling.queries.why_not.program import program
from scheduling.queries.why_not.single import single

__all__ = ["Change", "Obstacle", "WhyNot", "why_not"]


def why_not(search: Search) -> WhyNot:
    """The openings of `search` on its first date; if there are none, the obstacles and the changes that open the date.

    The search must name a location. Runs a fixed number of SQL statements: at most seven, for a program ten. Raises
    ValueError for a search without a location.
    """
    ask = Ask.of(search)
    if ask.service.party == Service.Party.GROUP:
        return group(ask)
    if ask.service.is_program:
        return program(ask)
    return single(ask)
