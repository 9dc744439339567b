"""Forms for one person's choices about a booking, and for a new link."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from front.contact_forms import ContactForm, email_field, name_field, phone_field
from front.forms import Form, e164
from scheduling.models import Participant
from scheduling.operations.clients import Person


class OwnForm(ContactForm):
    """Name, email and phone with the safe-contact questions: all choices of one person."""

    name = name_field()
    email = email_field(label=_("Email address (optional)"), required=False)
    phone = phone_field()
    field_order = ["name", "email", "phone"]

    @classmethod
    def of(cls, participant: Participant, data: Any = None) -> OwnForm:
        """The form with a participant's stored choices; empty until they choose, to hide what others entered."""
        if participant.chosen_at is None or participant.client is None:
            return cls(data)
        client = participant.client
        ways = {"email": client.may_email, "text": client.may_text, "call": client.may_call}
        initial = {
            "name": client.name_to_use,
            "email": client.email,
            "phone": client.phone.as_national if client.phone else "",
            "ways": [way for way, chosen in ways.items() if chosen],
            "calendar_invites": "yes" if participant.calendar_invites else "no",
        }
        kept = ("voicemail", "safe_times", "address_is_shared", "wording")
        return cls(data, initial=initial | {name: getattr(client, name) for name in kept})

    def person(self) -> Person:
        """Convert the choices to a `Person`."""
        data = self.cleaned_data
        return Person(
            name=data["name"],
            email=data["email"],
            phone=e164(data["phone"]),
            may_email="email" in data["ways"],
            may_text="text" in data["ways"],
            may_call="call" in data["ways"],
            voicemail=data["voicemail"] or "no",
            safe_times=data["safe_times"],
            address_is_shared=data["address_is_shared"],
            wording=data["wording"] or "discreet",
            calendar_invites=data["calendar_invites"] == "yes",
        )


class LinkForm(Form):
    """The email address to which links are sent."""

    email = email_field(help_text=_("The one you gave us when you booked."))
