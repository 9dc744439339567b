"""Random groups with random seats taken: exactly the listed openings can be held (F13)."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from psycopg.types.range import Range

from scheduling.models import Appointment, AppointmentClinician, ClientLink, Reservation
from scheduling.opening_id import OpeningId, UnknownOpening
from scheduling.operations.bookings.hold import hold_step
from scheduling.operations.bookings.refused import Taken
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.party import party_of
from scheduling.queries.openings.search import Search
from tests import factories as make
from tests.examples import a_third
from tests.factories import MONDAY, NOW, a_client, a_stranger, in_days
from tests.scheduling.groups import WEEK, sit_in
from tests.scheduling.models import rows
from tests.scheduling.queries.world import an_event, clock

pytestmark = pytest.mark.django_db


class Undo(Exception):
    """Raised to roll back a trial."""


@settings(max_examples=a_third(), phases=[Phase.generate])
@given(chance=st.randoms(use_true_random=False), known=st.booleans())
def test_in_random_groups_exactly_the_listed_openings_can_be_held_F13(chance, known):
    with transaction.atomic():
        service, clients = _random_groups(chance)
        client_ids = tuple(client.pk for client in clients[:known])
        party = party_of(client_ids, service, now=NOW)
        found = openings(
            Search(service=service, first=NOW.date(), until=MONDAY + in_days(60), now=NOW, party=party)
        ).openings
        bookable = {pin for pin in _pins(service, chance) if _can_hold(pin, client_ids)}
        transaction.set_rollback(True)

    assert {one.id for one in found} == bookable
    assert {one.seats_left for one in found} <= {1, 2, 3}


def _random_groups(chance: random.Random):
    """Two offices, two clinicians, four groups of one to three dates with random seats taken, and two known clients of
    whom the first must not meet the second."""
    offices = [make.a_location(), make.a_location(zone="America/New_York")]
    service = make.a_service(
        locations=offices,
        party="group",
        capacity=3,
        duration_minutes=60,
        modes=["office", "online"],
        horizon_days=chance.choice([30, 180]),
    )
    leaders = [make.a_clinician(offices[0], takes_new_clients=chance.random() < 0.8) for _ in range(2)]
    clients = [a_client(), a_client()]
    ClientLink.objects.create(first=clients[0], second=clients[1], kind="keep_apart", since=NOW)
    for _ in range(4):
        dates = _random_dates(chance, service, chance.choice(offices), chance.sample(leaders, chance.choice([1, 2])))
        _random_seats(chance, dates, clients[1])
    if chance.random() < 0.5:
        begins = clock(MONDAY, 11) + chance.randrange(4) * WEEK
        an_event(clients[0].resource, Range(begins, begins + timedelta(hours=2)))
    return service, clients


def _random_dates(chance, service, office, leaders):
    cohort = None
    if chance.random() < 0.6:
        ends = NOW + chance.choice([-1, 0, 1, 20]) * in_days(1)
        called_off = NOW if chance.random() < 0.15 else None
        cohort = rows.saved(
            rows.cohort(service=service, location=office, enroll_by=ends, cancelled_at=called_off, created_at=NOW)
        )
    first = clock(MONDAY, chance.choice([9, 11, 13, 15])) + chance.choice([-2, 0, 1, 2]) * WEEK
    mode, dates = chance.choice(["office", "online"]), []
    for number in range(chance.choice([1, 2, 3])):
        start = first + number * WEEK
        fate = {"status": "cancelled", "cancelled_at": NOW} if chance.random() < 0.15 else {}
        one = rows.saved(
            rows.appointment(
                service=service,
                cohort=cohort,
                location=office,
                office=office,
                mode=mode,
                capacity=3,
                during=Range(start, start + timedelta(hours=1)),
                **fate,
            )
        )
        for leader in leaders:
            AppointmentClinician.objects.create(appointment=one, clinician=leader)
        dates.append(one)
    return dates


def _random_seats(chance, dates, other):
    for one in dates:
        if one.status == "planned":
            for seat_no in range(1, chance.choice([1, 2, 3, 4])):
                dead = {"held_at": NOW - in_days(1), "hold_expires_at": NOW}
                sit_in([one], seat_no=seat_no, **chance.choice([{}, {"confirmed": False}, {"confirmed": False} | dead]))
    if chance.random() < 0.3 and dates[0].status == "planned" and dates[0].attendances.exists():
        seat = dates[0].attendances.first()
        with transaction.atomic():
            _named(seat, other)


def _named(seat, client):
    person = seat.participant
    person.client = client
    person.save()
    overlapping = Reservation.objects.filter(resource=client.resource, during__overlap=seat.appointment.during)
    if not overlapping.exists():
        booking = person.booking
        until = booking.hold_expires_at if booking.status == "held" else None
        Reservation.objects.create(
            resource=client.resource, during=seat.appointment.during, attendance=seat, held_until=until
        )


def _pins(service, chance):
    """Opening ids of every run of dates of every group, and of some that name no group."""
    pins = set()
    everything = Appointment.objects.filter(service=service).order_by("cohort", "during").prefetch_related("leads")
    by_group = {}
    for one in everything:
        by_group.setdefault(one.cohort_id or -one.pk, []).append(one)
    for dates in by_group.values():
        for first in range(len(dates)):
            for last in range(first + 1, len(dates) + 1):
                pins |= _ids(service, dates[first:last], chance)
        if len(dates) == 3:
            pins |= _ids(service, [dates[0], dates[2]], chance)
    return pins


def _ids(service, dates, chance):
    starts = [one.during.lower for one in dates]
    leads = sorted(dates[0].leads.all(), key=lambda lead: lead.pk)
    plain = {
        "service": service.slug,
        "location": dates[0].location.slug,
        "mode": dates[0].mode,
        "starts_at": starts[0],
        "further": tuple(starts[1:]),
        "clinicians": tuple(lead.clinician_id for lead in leads),
    }
    wrong = chance.choice([{"mode": "online"}, {"mode": "office"}, {"clinicians": plain["clinicians"][:1]}])
    return {OpeningId(**plain | changed).encode() for changed in ({}, wrong)}


def _can_hold(opening, client_ids):
    try:
        with transaction.atomic():
            hold_step(opening=opening, by=a_stranger("browser-2"), now=NOW, client_ids=client_ids)
            raise Undo
    except Undo:
        return True
    except (Taken, UnknownOpening):
        return False
