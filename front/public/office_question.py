"""Ask for the office if several have the chosen time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from front.forms import Cards, Form, Says
from front.openings.times import Costs, names_of
from front.templatetags.when import moment_at
from scheduling.queries.openings.opening import Opening


class OfficeForm(Form):
    """One of several offices. The answer is the id of the opening there."""

    opening = forms.ChoiceField(widget=Cards)


def office_question(data: Any, offices: Sequence[Opening], costs: Costs) -> OfficeForm:
    """“At which office on Mon, Feb 8, 9:00 AM?”, each office with price and clinician, in the order of `offices`."""
    form, first = OfficeForm(data), offices[0]
    field = form.fields["opening"]
    assert isinstance(field, forms.ChoiceField)
    field.label = _("At which office on %(moment)s?") % {"moment": moment_at(first.starts_at, first.location)}
    field.choices = [(one.id, Says(one.location.name, _about(one, costs))) for one in offices]
    field.page_title = True  # type: ignore[attr-defined]
    field.error_messages = {"required": _("Choose an office"), "invalid_choice": _("Choose an office")}
    return form


def _about(opening: Opening, costs: Costs) -> list[str]:
    cost = costs.get(opening.id)
    person = _("with %(name)s") % {"name": names_of(opening)}
    return [f"{cost.price} · {person}" if cost else person, opening.location.address]
