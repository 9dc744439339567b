"""The form that asks one person how they may be reached. All pages share it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from scheduling.models import Client

from .forms import EMAIL_WORDS, PHONE_WORDS, Cards, Form, Says, TickCards

NAME_WORDS = {"required": _("Enter the name we should use for you")}


def name_field() -> forms.CharField:
    return forms.CharField(
        label=_("What name should we use?"),
        help_text=_("A first name or a nickname is enough."),
        max_length=80,
        error_messages=NAME_WORDS | {"max_length": _("Use at most 80 characters")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )


def email_field(**fields: Any) -> forms.EmailField:
    defaults: dict[str, Any] = {
        "label": _("Email address"),
        "error_messages": EMAIL_WORDS | {"required": _("Enter an email address, like name@example.com")},
        "widget": forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    }
    return forms.EmailField(**defaults | fields)


def phone_field(**fields: Any) -> PhoneNumberField:
    return PhoneNumberField(
        **{
            "label": _("Phone number (optional)"),
            "help_text": _("Only if you would like calls or texts."),
            "required": False,
            "region": "US",
            "error_messages": PHONE_WORDS,
            "widget": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        }
        | fields
    )


class ContactForm(Form):
    """The safe-contact questions. All channels are off until chosen. `email`, `phone`: given on an earlier page."""

    ways = forms.MultipleChoiceField(
        label=_("How may we contact you about this booking?"),
        help_text=_("We use only what you choose. If you choose none, we send nothing, so keep your booking link."),
        required=False,
        choices=[
            ("email", Says(_("Email"), [_("Confirmation, reminders and changes")])),
            ("text", Says(_("Text message"), [_("Short reminders. Reply STOP at any time to end them")])),
            ("call", Says(_("Phone call"), [_("Only if something has to change")])),
        ],
        widget=TickCards,
    )
    voicemail = forms.ChoiceField(
        label=_("If we call, may we leave a voicemail?"),
        required=False,
        choices=[("no", _("No")), ("first_name", _("Yes, first name only")), ("yes", _("Yes"))],
        widget=Cards(pair=True),
    )
    safe_times = forms.CharField(
        label=_("When is it safe to reach you? (optional)"),
        help_text=_("For example: weekdays before noon."),
        required=False,
        max_length=120,
        error_messages={"max_length": _("Use at most 120 characters")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address_is_shared = forms.ChoiceField(
        label=_("Does anyone else see this email or phone?"),
        choices=[("no", _("No")), ("yes", _("Yes")), ("unsure", _("Not sure"))],
        error_messages={"required": _("Choose whether anyone else sees your email or phone")},
        widget=Cards(pair=True),
    )
    wording = forms.ChoiceField(
        label=_("How should our messages look?"),
        required=False,
        choices=[
            (
                "discreet",
                Says(_("Discreet"), [_("“Reminder: Tue, Nov 24, 11:00 AM.” No place, and no names of people.")]),
            ),
            (
                "standard",
                Says(
                    _("Standard"),
                    [_("Adds your name, the office and how to get in. Only if nobody else sees your messages.")],
                ),
            ),
        ],
        widget=Cards,
    )
    calendar_invites = forms.ChoiceField(
        label=_("May we send a calendar invitation?"),
        help_text=_("It is titled “Appointment”. It may show up by itself in a calendar that others can see."),
        required=False,
        choices=[("no", _("No")), ("yes", _("Yes, by email"))],
        widget=Cards(pair=True),
    )

    def __init__(self, *args: Any, email: str = "", phone: str = "", **kwargs: Any) -> None:
        defaults = {"voicemail": "no", "wording": "discreet", "calendar_invites": "no"}
        kwargs["initial"] = defaults | {key: value for key, value in (kwargs.get("initial") or {}).items() if value}
        super().__init__(*args, **kwargs)
        self.known = {"email": email, "phone": phone}

    def clean(self) -> dict[str, Any]:
        """Refuse a channel without an address, or invites without mail. A shared address means discreet wording."""
        data = super().clean() or {}
        email = data.get("email", self.known["email"])
        phone = data.get("phone", self.known["phone"])
        ways = data.get("ways", [])
        if "email" in ways and not email and "email" not in self.errors:
            self.add_error("ways", _("Enter an email address first, or do not choose email"))
        if {"text", "call"} & set(ways) and not phone and "phone" not in self.errors:
            self.add_error("ways", _("Enter a phone number first, or do not choose text or call"))
        if data.get("calendar_invites") == "yes" and "email" not in ways:
            self.add_error("calendar_invites", _("Invitations come by email. Choose email above, or choose No"))
        if data.get("address_is_shared") != Client.Shared.NO:
            data["wording"] = Client.Wording.DISCREET
        return data
