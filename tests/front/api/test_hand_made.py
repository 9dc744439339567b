"""Hand-made starts in an opening id are refused, and nothing is stored (F12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from billing.models import PaymentAttempt
from scheduling.models import (
    Appointment,
    Attendance,
    Booking,
    BusyTime,
    Client,
    Clinician,
    Closure,
    License,
    Participant,
    Reservation,
    Room,
    Service,
    TimeOff,
)
from scheduling.opening_id import OpeningId
from tests.factories import MONDAY, a_clinician, a_location, a_room, in_days, travel, working_hours
from tests.scheduling.queries.world import a_visit, an_event, between, clock

from .conftest import Office, booking_input, first_opening, is_problem, post_booking

pytestmark = pytest.mark.django_db
STORED = (Booking, Participant, Appointment, Attendance, Reservation, Client, PaymentAttempt)
Forge = Callable[[Office, OpeningId], OpeningId]


def robin() -> Clinician:
    return Clinician.objects.get(slug="robin-vale")


def moved(pin: OpeningId, hour: float, day: date = MONDAY) -> OpeningId:
    return replace(pin, starts_at=clock(day, hour))


def rules(**fields: object) -> None:
    Service.objects.filter(slug="single").update(**fields)


# --- one visit: Robin Vale on a Monday, 9:00 AM to 5:00 PM, 50 minutes and 10 after -------------------------------


def before_a_visit(office: Office, pin: OpeningId) -> OpeningId:
    rules(buffer_after=60)
    a_visit(robin(), office.single, office.location, between(11, 12))
    return moved(pin, 9.25)


def after_a_visit(office: Office, pin: OpeningId) -> OpeningId:
    rules(buffer_before=60)
    a_visit(robin(), office.single, office.location, between(11, 12))
    return moved(pin, 12.75)


def within_the_notice(office: Office, pin: OpeningId) -> OpeningId:
    """Wednesday at 9:00 AM is 48 hours from now, to the minute."""
    rules(notice_minutes=48 * 60 + 1)
    return moved(pin, 9, date(2027, 2, 3))


def on_the_way(office: Office, pin: OpeningId) -> OpeningId:
    there = a_location("plano")
    travel(there, office.location, 60)
    a_visit(robin(), office.single, there, between(10, 11))
    return moved(pin, 11.75)


def on_the_way_there(office: Office, pin: OpeningId) -> OpeningId:
    there = a_location("plano")
    travel(office.location, there, 60)
    a_visit(robin(), office.single, there, between(12, 13))
    return moved(pin, 10.25)


def closed_office(office: Office, pin: OpeningId) -> OpeningId:
    Closure.objects.create(location=office.location, during=between(10, 11))
    return moved(pin, 10)


def closed_practice(office: Office, pin: OpeningId) -> OpeningId:
    Closure.objects.create(during=between(0, 23))
    return pin


def away(office: Office, pin: OpeningId) -> OpeningId:
    TimeOff.objects.create(clinician=robin(), during=between(9.5, 10))
    return pin


def busy_elsewhere(office: Office, pin: OpeningId) -> OpeningId:
    BusyTime.objects.create(clinician=robin(), during=between(9.5, 10), source="own")
    return pin


def at_a_meeting(office: Office, pin: OpeningId) -> OpeningId:
    an_event(robin().resource, between(9, 10))
    return pin


def every_room_taken(office: Office, pin: OpeningId) -> OpeningId:
    for room in Room.objects.all():
        an_event(room.resource, between(9, 10))
    return pin


def full_day(office: Office, pin: OpeningId) -> OpeningId:
    Clinician.objects.filter(slug="robin-vale").update(daily_minutes_cap=100)
    a_visit(robin(), office.single, office.location, between(15, 16))
    return pin


def license_over(office: Office, pin: OpeningId) -> OpeningId:
    License.objects.filter(clinician=robin()).update(expires_on=MONDAY - in_days(1))
    return pin


def somebody_else(office: Office, pin: OpeningId) -> OpeningId:
    """A clinician who is there and free but does not give this service."""
    return replace(pin, clinicians=(a_clinician(office.location).pk,))


def another_office(office: Office, pin: OpeningId) -> OpeningId:
    """An office that does not have this service."""
    there = a_location("plano")
    a_room(there)
    working_hours(robin(), there)
    return replace(pin, location="plano")


VISITS: dict[str, Forge] = {
    "inside the buffer before a visit": before_a_visit,
    "inside the buffer after a visit": after_a_visit,
    "a minute inside the notice": within_the_notice,
    "on the way from another office": on_the_way,
    "on the way to another office": on_the_way_there,
    "while the office is closed": closed_office,
    "while the practice is closed": closed_practice,
    "during time off": away,
    "during busy time": busy_elsewhere,
    "during a meeting": at_a_meeting,
    "with every room taken": every_room_taken,
    "past the daily limit": full_day,
    "after the license ended": license_over,
    "with somebody who does not give it": somebody_else,
    "in an office that does not have it": another_office,
    "off the grid": lambda office, pin: moved(pin, 9 + 7 / 60),
    "before the hours": lambda office, pin: moved(pin, 8.75),
    "past the hours by five minutes": lambda office, pin: moved(pin, 16.25),
    "at night": lambda office, pin: moved(pin, 2),
    "on a Sunday": lambda office, pin: moved(pin, 10, MONDAY - in_days(1)),
    "last week": lambda office, pin: moved(pin, 9, MONDAY - in_days(14)),
    "an hour ago": lambda office, pin: moved(pin, 8, date(2027, 2, 1)),
    "at the beginning of time": lambda office, pin: replace(
        pin, starts_at=datetime.fromtimestamp(0, pin.starts_at.tzinfo)
    ),
    "past the horizon": lambda office, pin: moved(pin, 9, MONDAY + in_days(52 * 7)),
    "with nobody": lambda office, pin: replace(pin, clinicians=()),
    "with two": lambda office, pin: replace(pin, clinicians=pin.clinicians * 2),
    "with a room for a clinician": lambda office, pin: replace(pin, clinicians=(Room.objects.first().pk,)),
    "online, which it is not": lambda office, pin: replace(pin, mode="online"),
    "twice at once": lambda office, pin: replace(pin, further=(clock(MONDAY, 9.5),)),
    "again more than a year later": lambda office, pin: replace(pin, further=(clock(MONDAY + in_days(54 * 7), 9),)),
    "again in the night": lambda office, pin: replace(pin, further=(clock(MONDAY + in_days(7), 2),)),
    "every week, off the pattern": lambda office, pin: replace(
        pin, further=(clock(MONDAY + in_days(1), 9),), every_n_weeks=1
    ),
}


# --- a couple's four days, from a Monday or Tuesday ----------------------------------------------------------------


def partners_with_one_person(office: Office, pin: OpeningId) -> OpeningId:
    """Write A's clinician in for B as well: the third of each day is B's."""
    people = list(pin.clinicians)
    for first in range(0, len(people), 4):
        people[first + 2] = people[first + 1]
    return replace(pin, clinicians=tuple(people))


def somebody_without_the_role(office: Office, pin: OpeningId) -> OpeningId:
    return replace(pin, clinicians=(robin().pk, *pin.clinicians[1:]))


def a_day_closed(office: Office, pin: OpeningId) -> OpeningId:
    Closure.objects.create(location=office.location, during=between(15, 15.5, MONDAY + in_days(3)))
    return pin


PROGRAMS: dict[str, Forge] = {
    "with one person for both partners": partners_with_one_person,
    "with somebody who has not the role": somebody_without_the_role,
    "with its last day closed": a_day_closed,
    "on a weekday on which it does not start": lambda office, pin: moved(pin, 9, MONDAY + in_days(2)),
    "an hour late": lambda office, pin: moved(pin, 10),
    "last week": lambda office, pin: moved(pin, 9, MONDAY - in_days(14)),
    "past the horizon": lambda office, pin: moved(pin, 9, MONDAY + in_days(52 * 7)),
    "with a person missing": lambda office, pin: replace(pin, clinicians=pin.clinicians[:-1]),
    "as a series": lambda office, pin: replace(pin, further=(pin.starts_at + in_days(7),)),
}


def refused(api, forged: OpeningId, **more) -> bool:
    """True for a 4xx in words that left every table unchanged."""
    before = [list(model.objects.order_by("pk").values()) for model in STORED]

    response = post_booking(api, booking_input({"id": forged.encode()}, **more))

    assert [list(model.objects.order_by("pk").values()) for model in STORED] == before
    return is_problem(response, response.status_code) and 400 <= response.status_code < 500


@pytest.mark.parametrize("how", VISITS)
def test_a_hand_made_start_is_refused_F12(api, office, payments, how):
    pin = OpeningId.decode(first_opening(api)["id"])

    assert refused(api, VISITS[how](office, pin))


@pytest.mark.parametrize("how", PROGRAMS)
def test_a_hand_made_program_is_refused_F12(api, office, payments, how):
    pin = OpeningId.decode(first_opening(api, "4-day-couple")["id"])

    assert refused(api, PROGRAMS[how](office, pin), partner={"name": "Ben Example"})


@pytest.mark.parametrize("hour", [9, 10, 16])
def test_a_hand_made_start_that_is_also_listed_is_booked_F12(api, office, payments, hour):
    """Control: the refusals above are not caused by the hand-made id itself."""
    pin = OpeningId.decode(first_opening(api)["id"])

    assert post_booking(api, booking_input({"id": moved(pin, hour).encode()})).status_code == 201
