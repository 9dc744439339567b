"""Convert a participant's stored choices to a `Person`."""

from scheduling.models import Participant
from scheduling.operations.clients import Person


def person_of(participant: Participant) -> Person:
    """Stored details and contact choices of a participant; an empty `Person` if not named."""
    client = participant.client
    if client is None:
        return Person()
    return Person(
        name=client.name_to_use,
        email=client.email,
        phone=str(client.phone),
        may_email=client.may_email,
        may_text=client.may_text,
        may_call=client.may_call,
        voicemail=client.voicemail,
        safe_times=client.safe_times,
        address_is_shared=client.address_is_shared,
        wording=client.wording,
        calendar_invites=participant.calendar_invites,
    )
