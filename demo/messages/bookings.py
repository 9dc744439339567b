"""Find the booking of a message in the outbox, because the message itself does not name it."""

from __future__ import annotations

from collections.abc import Iterable

from backend.outbox.models import Delivery
from scheduling.models import Booking, Participant

from .store import Stored


def references(messages: Iterable[Stored]) -> dict[str, str]:
    """Booking references by message id, in three queries. Messages without a booking are left out."""
    names = {message.outbox_id: message.id for message in messages}
    rows = Delivery.objects.filter(message_id__in=names).values_list("message_id", "subject", "subject_id")
    causes = {names[name]: (subject, subject_id) for name, subject, subject_id in rows}
    participants = {pk for subject, pk in causes.values() if subject == "participant"}
    bookings = {pk for subject, pk in causes.values() if subject == "booking"}
    found: dict[tuple[str, int], str] = {
        ("participant", pk): reference
        for pk, reference in Participant.objects.filter(pk__in=participants).values_list("pk", "booking__reference")
    }
    found |= {
        ("booking", pk): ref for pk, ref in Booking.objects.filter(pk__in=bookings).values_list("pk", "reference")
    }
    return {message_id: found[cause] for message_id, cause in causes.items() if cause in found}
