"""Whether what was held is also for the people who are named later: the rules that a party brings, asked again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from backend.transactions import assert_in_transaction
from scheduling.availability.programs.program import TRACKS, Attends
from scheduling.availability.timegrid.grid import Span, Window
from scheduling.models import Attendance, Booking, Mode, Participant
from scheduling.operations.bookings.decide import Taken
from scheduling.queries.loading.presence import others_at
from scheduling.queries.openings.criteria import Party, not_for
from scheduling.queries.openings.groups import SEATS, dead_holds
from scheduling.queries.openings.party import party_of


def refuse_unsuited_step(*, booking: Booking, participants: Sequence[Participant], now: datetime) -> None:
    """Refuse a booking that could not have been taken with `participants`, those of its people who are known, named.

    New clients where there are none, the clinician of the partner, somebody in the office whom they must not meet:
    whichever it is, the words are those of a lost time. Their own time the reservations guard. Raises Taken.
    """
    assert_in_transaction()
    clients = {one.track: one.client_id for one in participants}
    party = party_of([clients.get(track) for track in TRACKS], booking.service, now=now, without=booking)
    visits = list(
        Attendance.objects.filter(participant__booking=booking, status=Attendance.Status.BOOKED)
        .select_related("appointment__block", "participant")
        .prefetch_related("appointment__leads__clinician", "appointment__leads__role")
    )
    led_by = {lead.clinician_id: lead.clinician for visit in visits for lead in visit.appointment.leads.all()}
    unsuited = not not_for(booking.service, led_by, party).isdisjoint(led_by)
    if unsuited or _led_by_the_partners(visits, party) or _meets(visits, party, now):
        raise Taken
    if _sits_beside(visits, party, booking, now):
        raise Taken


def _led_by_the_partners(visits: Iterable[Attendance], party: Party) -> bool:
    # A role that may see both partners alone takes nobody's side.
    return any(
        lead.clinician_id in party.barred.get(Attends(visit.appointment.block.attends), ())
        for visit in visits
        if visit.appointment.block is not None
        for lead in visit.appointment.leads.all()
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


def _sits_beside(visits: Iterable[Attendance], party: Party, booking: Booking, now: datetime) -> bool:
    # Who is online is in no office, and yet meets everybody in the group.
    if not party.apart:
        return False
    seats = SEATS.filter(appointment__in=[visit.appointment_id for visit in visits])
    others = seats.filter(participant__client__in=frozenset[int]().union(*party.apart.values()))
    return others.exclude(dead_holds(now)).exclude(participant__booking=booking).exists()
