"""A client's rules as the value that operations take."""

from scheduling.models import Participant
from scheduling.operations.clients import Person


def person_of(participant: Participant) -> Person:
    """How a participant may be reached, as stored."""
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
