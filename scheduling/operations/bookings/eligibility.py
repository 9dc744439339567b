"""Re-check a hold once its clients are known: new-client, partner and keep-apart rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from backend.transactions import assert_in_transaction
from scheduling.availability.programs.program import TRACKS, Attends
from scheduling.availability.timegrid.grid import Span, Window
from scheduling.models import Attendance, Mode, Participant
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.refused import Taken
from scheduling.queries.loading.presence import others_at
from scheduling.queries.openings.criteria import Party, not_for
from scheduling.queries.openings.party import party_of


def refuse_unsuited_step(*, draft: BookingDraft, participants: Sequence[Participant], now: datetime) -> None:
    """Refuse a booking that could not have been taken for `participants`, the known clients among its people.

    The rules: new clients, the partner's clinician, and people who must not meet. Raises Taken with the same words for
    each rule, so that the answer gives no reason away. The clients' own busy time is left to their reservations.
    """
    assert_in_transaction()
    booking = draft.booking
    clients = {one.track: one.client_id for one in participants}
    party = party_of([clients.get(track) for track in TRACKS], booking.service, now=now, without=booking)
    led_by = {lead.clinician_id: lead.clinician for lead in draft.leads}
    unsuited = not not_for(booking.service, led_by, party).isdisjoint(led_by)
    if unsuited or _led_by_the_partners(draft, party):
        raise Taken
    if _meets(draft.attendances, party, now) or _sits_beside(draft, party, now):
        raise Taken


def _led_by_the_partners(draft: BookingDraft, party: Party) -> bool:
    # A role for both partners may see each of them alone.
    blocks = {one.appointment_id: one.appointment.block for one in draft.attendances}
    return any(
        lead.clinician_id in party.barred.get(Attends(block.attends), ())
        for lead in draft.leads
        if (block := blocks.get(lead.appointment_id)) is not None
        if lead.role is None or not lead.role.for_both_partners
    )


def _meets(visits: Iterable[Attendance], party: Party, now: datetime) -> bool:
    spans = [
        (visit.participant.client_id or 0, visit.appointment.office_id or 0, Span(when.lower, when.upper))
        for visit in visits
        if visit.appointment.mode == Mode.OFFICE
        for when in [visit.appointment.during]
    ]
    if not party.apart or not spans:
        return False
    first, last = min(span.start for _, _, span in spans), max(span.end for _, _, span in spans)
    window = Window.covering(Span(first, last))
    there = others_at(party.apart, window, now=now)
    return any(
        there.get(client_id, {}).get(office_id, 0) & window.outward([span]) for client_id, office_id, span in spans
    )


def _sits_beside(draft: BookingDraft, party: Party, now: datetime) -> bool:
    # An online client is in no office but still meets everybody in the group.
    if not party.apart:
        return False
    seats = Attendance.objects.live(now).filter(appointment__in=draft.appointment_ids)
    others = seats.filter(participant__client__in=frozenset[int]().union(*party.apart.values()))
    return others.exclude(participant__booking=draft.booking).exists()
