"""Choices for a service: places, modes and people. A question with one answer is not asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from front.forms import Says
from front.journey import Journey
from scheduling.models import Clinician, Location, Mode, Service
from scheduling.queries.openings.criteria import STRANGERS, not_for

ANY = "any"
ANYWHERE = f"{Mode.OFFICE}:{ANY}"


@dataclass(frozen=True)
class Place:
    """A mode, and the office for a visit in person; None for any office."""

    mode: str
    location: Location | None = None


def places_of(service: Service) -> list[Location]:
    """Active offices of a service, in order of name."""
    return list(service.locations.filter(is_active=True).order_by("name"))


def modes_of(service: Service) -> list[str]:
    """Modes of a service. A program is held in an office only, even if other modes are entered for it."""
    return [mode for mode in service.modes if mode == Mode.OFFICE or not service.is_program]


def place_choices(service: Service, offices: list[Location]) -> list[tuple[str, Any]]:
    """Form choices: any office, then each office by name, then online and phone."""
    choices: list[tuple[str, Any]] = []
    modes = modes_of(service)
    if Mode.OFFICE in modes:
        if len(offices) > 1:
            choices.append((ANYWHERE, Says(_("Any of our offices"), [_("The most dates to choose from")])))
        choices += [(f"{Mode.OFFICE}:{one.slug}", Says(one.name, [one.address])) for one in offices]
    if Mode.ONLINE in modes:
        choices.append((Mode.ONLINE.value, Says(_("Online"), [_("From wherever you are")])))
    if Mode.PHONE in modes:
        choices.append((Mode.PHONE.value, Says(_("By phone"), [_("We call you at the time you choose")])))
    return choices


def place_chosen(journey: Journey, choices: list[tuple[str, Any]], offices: list[Location]) -> Place | None:
    """The place chosen in the journey, or the only choice; None if it has to be asked."""
    keys = [key for key, _words in choices]
    key = journey.place if journey.place in keys else keys[0] if len(keys) == 1 else ""
    if not key:
        return None
    mode, _colon, slug = key.partition(":")
    return Place(mode, next((one for one in offices if one.slug == slug), None))


def people_for(service: Service, place: Place) -> list[Clinician]:
    """Clinicians to choose from for a single visit at a place; none for a program or a group."""
    if service.is_program or service.party == Service.Party.GROUP:
        return []
    there = Q(working_hours__location=place.location) if place.location else Q()
    people = list(Clinician.objects.filter(there, services=service, is_active=True).distinct().order_by("name"))
    closed = not_for(service, {one.pk: one for one in people}, STRANGERS)
    return [one for one in people if one.pk not in closed]


def people_choices(people: list[Clinician]) -> list[tuple[str, Any]]:
    """Form choices: anyone available, then each clinician."""
    anyone = (ANY, Says(_("Anyone available"), [_("The earliest times")]))
    return [anyone, *((one.slug, Says(one.name, [one.about])) for one in people)]


def person_chosen(journey: Journey, service: Service, place: Place) -> tuple[bool, Clinician | None]:
    """Whether the person is chosen or need not be asked, and the clinician; None for anyone."""
    if journey.who == ANY:  # no query needed
        return True, None
    people = people_for(service, place)
    if len(people) < 2:
        return True, None
    found = next((one for one in people if one.slug == journey.who), None)
    return found is not None, found
