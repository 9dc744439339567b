"""Base form, widgets and field template of all pages. The server reports errors, not the browser."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _


class Renderer(TemplatesSetting):
    """Renders `as_field_group` with our field component. Django's admin keeps its own templates."""

    field_template_name = "components/field.html"


class Form(forms.Form):
    """Base of our forms. The server reports errors in words, so the browser does not check (`required` is off)."""

    default_renderer = Renderer
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


def posted(request: HttpRequest) -> QueryDict | None:
    """Data to bind a form to: the data of a POST, even if empty, else None."""
    return request.POST if request.method == "POST" else None


class Says:
    """Label of a choice, with more lines below it. Accepts lazy translations."""

    def __init__(self, words: Any, lines: Iterable[Any] = ()) -> None:
        self.words = words
        self.lines = [line for line in lines if line]

    def __str__(self) -> str:
        return str(self.words)


class Cards(forms.RadioSelect):
    """Radio buttons as cards. `pair` puts short ones next to each other."""

    template_name = "forms/choices.html"

    def __init__(self, *args: Any, pair: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = pair

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["pair"] = self.pair
        return context


class TickCards(forms.CheckboxSelectMultiple):
    """Check boxes as cards."""

    template_name = "forms/choices.html"


class Tick(forms.CheckboxInput):
    """A check box with its sentence beside it, in place of the field's label."""

    template_name = "forms/tick.html"

    def __init__(self, says: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.says = says

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["says"] = self.says
        return context


EMAIL_WORDS = {"invalid": _("Enter an email address in the correct format, like name@example.com")}
PHONE_WORDS = {"invalid": _("Enter a phone number with area code, like 972-555-0100")}


def e164(number: Any) -> str:
    """E.164 text of a form's phone number; empty for none."""
    return number.as_e164 if number else ""
