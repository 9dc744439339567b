"""Ask for the place and the person. Each page asks one question and stores the answer in the session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from front.forms import posted
from front.journey import Journey
from scheduling.models import Service

from . import choices
from .catalog_views import service_or_404
from .forms import OneChoice
from .steps import PLACE, WHO, back_from, progress, steps_for

asks = require_http_methods(["GET", "HEAD", "POST"])


@asks
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the office or the mode."""
    service, journey = service_or_404(slug), Journey(request, slug)
    offices = choices.places_of(service)
    options = choices.place_choices(service, offices)
    if len(options) == 1:
        return redirect("public:who", slug=slug)
    form = OneChoice(
        posted(request),
        question=_("Where would you like to meet?"),
        choices=options,
        missing=_("Choose where you would like to meet"),
        initial={"choice": journey.place},
    )
    if form.is_valid():
        journey.put(service=slug, place=form.cleaned_data["choice"], who="")
        return redirect("public:who", slug=slug)
    return _question(request, form, service, PLACE)


@asks
def who(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the clinician. A program and a group have their own, so they skip this question."""
    service, journey = service_or_404(slug), Journey(request, slug)
    where = place_in(journey, service)
    if where is None:
        return redirect("public:place", slug=slug)
    people = choices.people_for(service, where)
    if len(people) < 2:
        return redirect("public:when", slug=slug)
    form = OneChoice(
        posted(request),
        question=_("Who would you like to see?"),
        choices=choices.people_choices(people),
        missing=_("Choose a person, or anyone available"),
        initial={"choice": journey.who},
    )
    if form.is_valid():
        journey.put(service=slug, who=form.cleaned_data["choice"])
        return redirect("public:when", slug=slug)
    return _question(request, form, service, WHO)


def place_in(journey: Journey, service: Service) -> choices.Place | None:
    """The place chosen in the journey; None if it has to be asked."""
    offices = choices.places_of(service)
    return choices.place_chosen(journey, choices.place_choices(service, offices), offices)


def _question(request: HttpRequest, form: OneChoice, service: Service, step: str) -> HttpResponse:
    steps = steps_for(service, None)
    context = {"form": form, "service": service, "step": progress(steps, step)}
    context["back"] = back_from(step, steps, service.slug)
    return render(request, "public/question.html", context, status=422 if form.errors else 200)
