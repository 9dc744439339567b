"""Steps of booking: “Step 3 of 6”. Only questions that are asked count."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from front.journey import Journey
from scheduling.models import Service

from .choices import Place, people_for, place_choices, places_of

PLACE, WHO, WHEN, YOU, CONTACT, PARTNER, CHECK = "place", "who", "when", "you", "contact", "partner", "check"


def steps_of(service: Service, *, asks_place: bool, asks_who: bool) -> list[str]:
    """Steps of booking a service, in order."""
    steps = [PLACE] if asks_place else []
    steps += [WHO] if asks_who else []
    steps += [WHEN, YOU, CONTACT]
    steps += [PARTNER] if service.party == Service.Party.COUPLE else []
    return [*steps, CHECK]


def progress(steps: list[str], step: str) -> str:
    """“Step 3 of 6”."""
    if step not in steps:
        return ""
    return _("Step %(number)d of %(total)d") % {"number": steps.index(step) + 1, "total": len(steps)}


def back_from(step: str, steps: list[str], slug: str) -> str:
    """Address of the step before this one; of the service's page for the first step."""
    number = steps.index(step) if step in steps else 0
    return reverse(f"public:{steps[number - 1] if number else 'service'}", args=[slug])


def steps_for(service: Service, place: Place | None) -> list[str]:
    """Steps before all answers are known. Whether the person is asked depends on the place."""
    asks_place = len(place_choices(service, places_of(service))) > 1
    somewhere = place or Place(service.modes[0])
    return steps_of(service, asks_place=asks_place, asks_who=len(people_for(service, somewhere)) > 1)


def steps_taken(journey: Journey, service: Service) -> list[str]:
    """Steps once a time is chosen. A question counts if the journey has its answer."""
    return steps_of(service, asks_place=bool(journey.place), asks_who=bool(journey.who))
