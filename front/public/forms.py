"""Forms of the booking pages. Error messages say what to do."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from front.contact_forms import email_field, name_field, phone_field
from front.forms import Cards, Form, Tick, e164
from scheduling.models import Location

Choices = list[tuple[str, Any]]


class OneChoice(Form):
    """One question with choices that depend on the service. The question is the page's heading."""

    choice = forms.ChoiceField(widget=Cards)

    def __init__(self, *args: Any, question: Any, choices: Choices, missing: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)
        field.label, field.choices = question, choices
        field.page_title = True  # type: ignore[attr-defined]
        field.error_messages = {"required": missing, "invalid_choice": missing}


class OpeningForm(Form):
    """The time chosen on a page that draws its own tiles. `missing`: error if none is chosen."""

    opening = forms.CharField(max_length=2000)

    def __init__(self, *args: Any, missing: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opening"].error_messages["required"] = missing or _("Choose a time")


class AboutForm(Form):
    """The person who books. The reason for coming is not asked."""

    name = name_field()
    email = email_field(help_text=_("For your receipt, and for messages if you choose them on the next page."))
    phone = phone_field()
    comfort_note = forms.CharField(
        label=_("Anything that would help us make you comfortable? (optional)"),
        help_text=_(
            "For example, a ground-floor room, a break or a hearing loop. You do not need to say why you are coming."
        ),
        required=False,
        max_length=500,
        error_messages={"max_length": _("Use at most 500 characters")},
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def kept(self) -> dict[str, str]:
        """Values for the session, as plain text."""
        data = self.cleaned_data
        return {key: data[key] for key in ("name", "email", "comfort_note")} | {"phone": e164(data["phone"])}


class PartnerForm(Form):
    """The partner: a name, and an address only if one neutral message may go there."""

    name = forms.CharField(
        label=_("What name should we use for your partner?"),
        max_length=80,
        error_messages={"required": _("Enter the name we should use for your partner")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    email = email_field(
        label=_("Your partner’s email address (optional)"),
        help_text=_("Leave this empty if you would rather pass on the link yourself."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class AgreeForm(Form):
    """Agreement to the terms before paying."""

    accept_policy = forms.BooleanField(
        label=_("Your agreement"),
        error_messages={"required": _("Check the box to show that you agree to these terms")},
        widget=Tick(says=_("I agree to these terms for changing and canceling.")),
    )


class CallbackForm(Form):
    """A visitor asks for a call, and so chooses to be called."""

    name = name_field()
    phone = phone_field(
        label=_("Phone number"),
        help_text=_("We call this number and no other."),
        required=True,
        error_messages={
            "required": _("Enter a phone number with area code, like 972-555-0100"),
            "invalid": _("Enter a phone number with area code, like 972-555-0100"),
        },
    )
    safe_times = forms.CharField(
        label=_("When may we call?"),
        help_text=_("For example: weekdays after 5 PM."),
        max_length=120,
        error_messages={"required": _("Tell us when we may call"), "max_length": _("Use at most 120 characters")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    voicemail = forms.ChoiceField(
        label=_("If you do not answer, may we leave a voicemail?"),
        initial="no",
        choices=[("no", _("No")), ("first_name", _("Yes, first name only")), ("yes", _("Yes"))],
        widget=Cards(pair=True),
        error_messages={"required": _("Choose whether we may leave a voicemail")},
    )
    office = forms.ChoiceField(
        label=_("Which office is closest to you?"),
        widget=forms.Select,
        error_messages={"required": _("Choose an office"), "invalid_choice": _("Choose an office from the list")},
    )
    wish = forms.CharField(
        label=_("Which days or weeks would suit you? (optional)"),
        required=False,
        max_length=300,
        error_messages={"max_length": _("Use at most 300 characters")},
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, offices: list[Location], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = self.fields["office"]
        assert isinstance(office, forms.ChoiceField)
        office.choices = [("", _("Choose an office")), *((one.slug, one.name) for one in offices)]
        if len(offices) < 2:
            del self.fields["office"]
