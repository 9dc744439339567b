"""Forms of the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from front.contact_forms import ContactForm, email_field, name_field, phone_field
from front.forms import Form, Tick, e164
from scheduling.models import Clinician, Location, Mode, Service
from scheduling.operations.clients import Person
from scheduling.queries.people.client_search import Identifiers


class SearchForm(Form):
    """Search for a client. Posted and never in the address, because logs must not have names."""

    words = forms.CharField(
        label=_("Name, initials, email, last four of the phone, or reference"),
        max_length=80,
        error_messages={"required": _("Type at least two characters")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "type": "search"}),
    )


class ElsewhereForm(Form):
    """Two exact identifiers of a client of another office."""

    email = email_field(label=_("Email"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    phone = phone_field(label=_("Phone"), help_text="", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    born_on = forms.DateField(
        label=_("Date of birth"),
        required=False,
        error_messages={"invalid": _("Enter a date of birth like 1985-04-30")},
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}),
    )
    legal_name = forms.CharField(
        label=_("Legal name"), required=False, max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def identifiers(self) -> Identifiers:
        data = self.cleaned_data
        phone = e164(data["phone"])
        return Identifiers(email=data["email"], phone=phone, born_on=data["born_on"], legal_name=data["legal_name"])


class ClientForm(ContactForm):
    """Add a client, with an email address or without. The desk asks the questions on the phone."""

    name = name_field()
    email = email_field(
        label=_("Email address (optional)"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    phone = phone_field()
    field_order = ("name", "email", "phone", "ways", "voicemail", "safe_times", "address_is_shared", "wording")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["calendar_invites"]  # asked again for each booking
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["phone"].widget.attrs["autocomplete"] = "off"

    def person(self) -> Person:
        """Convert the answers to a `Person`."""
        data, ways = self.cleaned_data, self.cleaned_data["ways"]
        return Person(
            name=data["name"],
            email=data["email"],
            phone=e164(data["phone"]),
            may_email="email" in ways,
            may_text="text" in ways,
            may_call="call" in ways,
            voicemail=data["voicemail"] or "no",
            safe_times=data["safe_times"],
            address_is_shared=data["address_is_shared"],
            wording=data["wording"] or "discreet",
        )


class CriteriaForm(Form):
    """Choose service, office, mode, clinician and first date."""

    service = forms.ModelChoiceField(
        Service.objects.none(),
        label=_("What"),
        to_field_name="slug",
        empty_label=_("Choose"),
        error_messages={"required": _("Choose what is booked"), "invalid_choice": _("Choose what is booked")},
    )
    office = forms.ModelChoiceField(
        Location.objects.none(),
        label=_("Where"),
        to_field_name="slug",
        empty_label=None,
        error_messages={"required": _("Choose an office"), "invalid_choice": _("Choose an office")},
    )
    mode = forms.ChoiceField(label=_("How"), required=False, choices=Mode.choices, initial=Mode.OFFICE)
    who = forms.ModelChoiceField(
        Clinician.objects.none(),
        label=_("With"),
        to_field_name="slug",
        required=False,
        empty_label=_("Anyone available"),
    )
    since = forms.DateField(
        label=_("From"),
        required=False,
        error_messages={"invalid": _("Enter a date")},
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = Service.objects.filter(is_active=True).select_related("program")
        self.offices = offices
        self._choose("service", services.order_by("line", "name"))
        self._choose("office", offices)
        self._choose("who", Clinician.objects.filter(is_active=True).order_by("name"))

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows


class WhyNotForm(Form):
    """Ask why a date cannot be booked."""

    on = forms.DateField(
        label=_("Date"),
        error_messages={"required": _("Enter the date they want"), "invalid": _("Enter the date they want")},
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class RepeatForm(Form):
    """Choose whether a time repeats: once, a number of times, or open-ended, every n weeks."""

    ONCE, TIMES, OPEN = "once", "times", "open"
    WORDS = _("Enter how many times, from 2 to 52")

    repeat = forms.ChoiceField(
        label=_("Repeat"),
        required=False,
        choices=[(ONCE, _("Once")), (TIMES, _("A number of times")), (OPEN, _("Open-ended (standing)"))],
    )
    every = forms.TypedChoiceField(
        label=_("How often"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(1, _("Every week")), (2, _("Every 2 weeks")), (3, _("Every 3 weeks")), (4, _("Every 4 weeks"))],
    )
    times = forms.IntegerField(
        label=_("How many times"),
        required=False,
        min_value=2,
        max_value=52,
        initial=10,
        error_messages={"invalid": WORDS, "min_value": WORDS, "max_value": WORDS},
    )

    @property
    def repeats(self) -> bool:
        """True for a series or a standing appointment. The form must be valid."""
        return self.cleaned_data["repeat"] in (self.TIMES, self.OPEN)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["every"] = data.get("every") or 1
        if data.get("repeat") == self.TIMES and "times" not in self.errors and data.get("times") is None:
            self.add_error("times", self.WORDS)
        return data


class CommitForm(Form):
    """Commit a hold: with a payment page, or without payment for a reason."""

    PAY, UNPAID = "pay", "unpaid"

    how = forms.ChoiceField(choices=[(PAY, _("payment link")), (UNPAID, _("without payment"))], required=False)
    accept_policy = forms.BooleanField(
        label=_("Terms"),
        error_messages={"required": _("Read the terms to them first, and check the box when they agree")},
        widget=Tick(says=_("I have read these terms to them and they agree.")),
    )
    reason = forms.CharField(
        label=_("Reason to confirm without payment"),
        required=False,
        max_length=200,
        error_messages={"max_length": _("Use at most 200 characters")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    quietly = forms.BooleanField(
        label=_("Message"), required=False, widget=Tick(says=_("Do not send a confirmation. They already know."))
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == self.UNPAID and not data.get("reason", "").strip():
            self.add_error("reason", _("Say why it is confirmed without payment"))
        return data
