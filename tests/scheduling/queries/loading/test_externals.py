"""External persons of a block: their windows are read, and their time is reserved for one booking only."""

from datetime import date

import pytest

from scheduling.models import ExternalPerson, ExternalWindow, Program, ProgramBlock, Reservation, Service, WorkingHours
from scheduling.opening_id import OpeningId
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.bookings.take import resources_of
from scheduling.queries.openings.search import Wanted
from tests.factories import (
    MONDAY,
    NOW,
    a_clinician,
    a_location,
    a_practice,
    a_role,
    a_room,
    a_service,
    a_stranger,
    in_days,
)
from tests.scheduling.queries.world import between, found

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + in_days(1)


@pytest.fixture
def examiner():
    a_practice()
    return ExternalPerson.objects.create(name="Kim Sample", purpose="an examination")


def an_intensive(slug, examiner):
    """A day's program in its own office, which needs the examiner from 9:00 to 11:00 AM."""
    office = a_location()
    a_room(office, capacity=3)
    service = a_service(slug, locations=[office], line="intensive", duration_minutes=None)
    program = Program.objects.create(service=service, days=1)
    block = ProgramBlock.objects.create(
        program=program, name="Session", day=0, starts_minute=540, ends_minute=660, external=examiner
    )
    block.roles.set([a_role("lead")])
    a_clinician(office, roles=[a_role("lead")])
    return service


def can_come(examiner, day, first=9, last=11, location=None):
    ExternalWindow.objects.create(person=examiner, during=between(first, last, day), location=location)


def days_of(service):
    return [one.starts_at.date() for one in found(service, days=5)]


def test_only_days_on_which_the_external_person_can_come_are_listed(examiner):
    service = an_intensive("here", examiner)
    can_come(examiner, TUESDAY)
    can_come(examiner, TUESDAY + in_days(1), last=10.5)
    can_come(examiner, TUESDAY + in_days(2), location=a_location())

    assert days_of(service) == [TUESDAY]


def test_an_inactive_external_person_leaves_no_day_open(examiner):
    service = an_intensive("here", examiner)
    can_come(examiner, TUESDAY)
    ExternalPerson.objects.update(is_active=False)

    assert days_of(service) == []


def test_a_hold_reserves_exactly_the_block_for_the_external_person(examiner):
    service = an_intensive("here", examiner)
    can_come(examiner, TUESDAY)

    hold(opening=found(service, days=5)[0].id, by=a_stranger(), now=NOW)

    assert Reservation.objects.get(resource=examiner.pk).during == between(9, 11, TUESDAY)


def test_an_external_person_cannot_be_booked_in_two_offices_at_once_F12(examiner):
    here, there = an_intensive("here", examiner), an_intensive("there", examiner)
    can_come(examiner, TUESDAY)
    elsewhere = found(there, days=5)[0].id
    hold(opening=found(here, days=5)[0].id, by=a_stranger(), now=NOW)

    assert days_of(there) == []
    with pytest.raises(Taken):
        hold(opening=elsewhere, by=a_stranger("browser-2"), now=NOW)


def test_a_dead_hold_does_not_block_the_external_person_F6(examiner):
    here, there = an_intensive("here", examiner), an_intensive("there", examiner)
    can_come(examiner, TUESDAY)
    hold(opening=found(here, days=5)[0].id, by=a_stranger(), now=NOW)
    later = NOW + in_days(0.1)

    opening = found(there, days=5, now=later)[0].id

    assert hold(opening=opening, by=a_stranger("browser-2"), now=later).is_held


def test_a_night_on_which_two_blocks_of_the_external_person_overlap_is_not_offered_F28_F33(examiner):
    # 90 minutes from 1:00 AM with one partner, then from 3:00 AM with the other. If clocks skip 2:00 AM, these overlap.
    office = a_location(hours=(0, 1440))
    for _ in range(2):
        a_room(office)
    fields = {"line": "intensive", "party": "couple", "capacity": 2, "duration_minutes": None, "notice_minutes": 0}
    service = a_service("night", locations=[office], **fields)
    program = Program.objects.create(service=service, days=1)
    for starts, ends, attends in ((60, 150, "A"), (180, 240, "B")):
        block = ProgramBlock.objects.create(
            program=program,
            name="Session",
            day=0,
            starts_minute=starts,
            ends_minute=ends,
            attends=attends,
            external=examiner,
        )
        block.roles.set([a_role(attends)])
        person = a_clinician(office, roles=[a_role(attends)])
        WorkingHours.objects.create(clinician=person, location=office, weekday=6, starts_minute=0, ends_minute=1440)
    nights = [date(2027, 3, 7), date(2027, 3, 14), date(2027, 3, 21)]
    for night in nights:
        can_come(examiner, night, first=0, last=12)

    assert [len(found(service, night)) for night in nights] == [1, 0, 1]


def test_a_renamed_program_still_locks_the_external_person(examiner):
    can_come(examiner, TUESDAY)
    service = an_intensive("first", examiner)
    booking = hold(opening=found(service, TUESDAY)[0].id, by=a_stranger(), now=NOW)
    Service.objects.update(slug="another-name")

    pin = OpeningId.decode(booking.opening)

    assert examiner.pk in resources_of(Wanted(pin=pin, service=booking.service, location=booking.location))
