"""Body of `POST bookings/`. It has no price, status or account (F72, F126)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from scheduling.models import Client
from scheduling.operations.clients import Person

from .fields import Email, Phone, Strict, Text, YesNo

LONGEST_OPENING = 2000


class ContactInput(Strict):
    """How this person may be reached. If left out: by email, with discreet wording."""

    email = YesNo(default=True)
    text = YesNo(default=False, help_text="Needs `phone`; true is the consent to texts.")
    call = YesNo(default=False, help_text="Needs `phone`.")
    voicemail = serializers.ChoiceField(choices=Client.Voicemail.choices, default=Client.Voicemail.NO)
    safe_times = Text(max_length=120, required=False, allow_blank=True, default="")
    address_is_shared = serializers.ChoiceField(choices=Client.Shared.choices, default=Client.Shared.UNSURE)
    wording = serializers.ChoiceField(
        choices=Client.Wording.choices,
        default=Client.Wording.DISCREET,
        help_text="`standard` counts only where the address is not shared.",
    )


class ClientInput(Strict):
    """The person who books."""

    name = Text(max_length=80)
    email = Email()
    phone = Phone(
        required=False, allow_blank=True, allow_null=True, default="", help_text="National (US) or international."
    )
    contact = ContactInput(required=False, allow_null=True)
    calendar_invite = YesNo(default=False, help_text="Opts into a calendar entry by email.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse texts or calls without a phone number, and an invite without email."""
        contact = attrs.get("contact") or {}
        if (contact.get("text") or contact.get("call")) and not attrs["phone"]:
            raise serializers.ValidationError({"phone": ["Texts and calls need a phone number."]})
        if attrs["calendar_invite"] and not contact.get("email", True):
            raise serializers.ValidationError({"calendar_invite": ["A calendar entry comes by email; allow email."]})
        return attrs

    def person(self, attrs: dict[str, Any]) -> Person:
        """Convert the validated input to a `Person`."""
        contact = attrs.get("contact") or {}
        return Person(
            name=attrs["name"],
            email=attrs["email"],
            phone=attrs["phone"] or "",
            may_email=contact.get("email", True),
            may_text=contact.get("text", False),
            may_call=contact.get("call", False),
            voicemail=contact.get("voicemail", Client.Voicemail.NO),
            safe_times=contact.get("safe_times", ""),
            address_is_shared=contact.get("address_is_shared", Client.Shared.UNSURE),
            wording=contact.get("wording", Client.Wording.DISCREET),
            calendar_invites=attrs["calendar_invite"],
        )


class PartnerInput(Strict):
    """The second person of a couple, who chooses for themselves how to be reached (promise 10)."""

    name = Text(max_length=80)
    email = Email(required=False, allow_blank=True, allow_null=True, default="")

    def person(self, attrs: dict[str, Any]) -> Person:
        """Convert the validated input to a `Person`."""
        return Person(name=attrs["name"], email=attrs["email"] or "")


class BookingInput(Strict):
    """The id of an opening, the people, and their agreement to the cancellation policy."""

    opening = Text(max_length=LONGEST_OPENING, help_text="The `id` of an opening.")
    client = ClientInput()
    partner = PartnerInput(required=False, allow_null=True, default=None)
    accept_policy = YesNo()

    def people(self) -> list[Person]:
        """The first person, then the partner if one was named."""
        partner = self.validated_data["partner"]
        client = ClientInput().person(self.validated_data["client"])
        return [client] if partner is None else [client, PartnerInput().person(partner)]
