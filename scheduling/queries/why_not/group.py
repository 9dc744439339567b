"""Why no seat in a group can be booked on a date.

Staff plan the groups, so either none begins on the date or its seats are refused.
"""

from __future__ import annotations

from scheduling.availability.explain.obstacles import Why
from scheduling.availability.refusals import Reason
from scheduling.formats import clock, short_day
from scheduling.queries.openings.groups import group_openings, is_asked_for, refused_groups
from scheduling.queries.openings.opening import Opening
from scheduling.queries.why_not.answer import Ask, Obstacle, WhyNot

NO_GROUP = "no_group"
# Code and words for each refusal. The words for TAKEN do not tell whether another client is in the way.
REFUSED = {
    Reason.NOT_OFFERED: (Why.EXCLUDED, "is led by someone who cannot be offered here"),
    Reason.TOO_SOON: (Why.NOTICE, "starts too soon"),
    Reason.TOO_FAR: (Why.HORIZON, "starts too far ahead to be booked"),
    Reason.CLOSED_TO_NEW: ("closed_to_new", "is closed to new people"),
    Reason.FULL: ("full", "does not have a free seat on every date"),
    Reason.TAKEN: (Why.CLIENT_BUSY, "meets when the client cannot come"),
}


def group(ask: Ask) -> WhyNot:
    """The openings of groups that begin on the date asked for; without any, the obstacles."""
    found = group_openings(ask)
    if found:
        return WhyNot(date=ask.day, location=ask.location, openings=found)
    refused = [_refused(opening, reason) for opening, reason in refused_groups(ask) if is_asked_for(opening, ask)]
    words = f"No group of {ask.service} like that starts in {ask.location} on {short_day(ask.day)}."
    return WhyNot(date=ask.day, location=ask.location, obstacles=refused or [Obstacle(reason=NO_GROUP, words=words)])


def _refused(opening: Opening, reason: Reason) -> Obstacle:
    code, words = REFUSED[reason]
    at = clock(opening.starts_at.astimezone(opening.location.tzinfo))
    return Obstacle(
        reason=str(code),
        words=f"The group at {at} {words}.",
        starts_at=opening.starts_at,
        ends_at=opening.ends_at,
        clinician=opening.clinicians[0] if opening.clinicians else None,
    )
