"""Rule cases of appointments, attendances and reservations."""

from tests.factories import NOW
from tests.rules import Case, Unique
from tests.scheduling.models.rows import (
    ALREADY_OVER,
    WITHOUT_END,
    WITHOUT_START,
    appointment,
    appointment_clinician,
    attendance,
    hours,
    internal_event,
    reservation,
    room,
    saved,
)

APPOINTMENTS = [
    *(
        Case("appointment_period", appointment, broken={"during": period})
        for period in (ALREADY_OVER, WITHOUT_END, WITHOUT_START, hours(0, 1, "[]"), hours(0, 1, "()"))
    ),
    Case("appointment_mode", appointment, given={"mode": "online"}, broken={"mode": "fax"}),
    Case("appointment_in_office_names_the_office", appointment, {"office": None}, {"office": None, "mode": "online"}),
    Case(
        "appointment_room_is_in_an_office",
        appointment,
        given=lambda row: {"room": saved(room(location=row.office)), "mode": "online"},
        broken=lambda row: {"room": saved(room()), "mode": "online", "office": None},
    ),
    Case("appointment_seats", appointment, {"seats_taken": 2, "capacity": 1}, {"seats_taken": 2, "capacity": 2}),
    Case("appointment_has_a_seat", appointment, given={"capacity": 1}, broken={"capacity": 0}),
    Case(
        "appointment_cancelled_has_a_time",
        appointment,
        given={"status": "cancelled", "cancelled_at": NOW},
        broken={"status": "cancelled"},
    ),
    Case("appointment_cancelled_has_a_time", appointment, broken={"cancelled_at": NOW}),
    Case("appointment_cancelled_has_a_time", appointment, broken={"status": "postponed"}),
    Case(
        "appointment_cancelled_is_empty",
        appointment,
        given={"status": "cancelled", "cancelled_at": NOW},
        broken={"status": "cancelled", "cancelled_at": NOW, "seats_taken": 1},
    ),
    Unique("appointment_clinician_once", appointment_clinician, same=("appointment", "clinician"), apart="clinician"),
]

ATTENDANCES = [
    Case("born_booked", attendance, broken={"status": "attended"}),
    Case("born_booked", attendance, broken={"status": "arrived", "arrived_at": NOW}),
    Unique(
        "attendance_once_while_active",
        attendance,
        same=("participant", "appointment"),
        apart="participant",
        unless={"status": "cancelled"},
    ),
    Unique(
        "attendance_seat_once_while_active",
        attendance,
        same=("appointment", "seat_no"),
        apart="seat_no",
        unless={"status": "late_cancelled"},
    ),
    Case("attendance_seat_counts_from_one", attendance, given={"seat_no": 1}, broken={"seat_no": 0}),
    Case(
        "attendance_arrived_has_a_time",
        attendance,
        given={"status": "arrived", "arrived_at": NOW},
        broken={"status": "arrived"},
        later=True,
    ),
]

RESERVATIONS = [
    *(
        Case("reservation_period", reservation, broken={"during": period})
        for period in (ALREADY_OVER, WITHOUT_END, WITHOUT_START, hours(0, 1, "[]"), hours(0, 1, "()"))
    ),
    Unique(
        "reservation_never_overlaps",
        reservation,
        same=("resource", "during"),
        apart="resource",
        unless={"released_at": NOW},
    ),
    Unique("reservation_never_overlaps", reservation, same=("resource", "during"), unless={"during": hours(1, 2)}),
    Case("reservation_has_one_source", reservation, broken={"appointment": None}),
    Case(
        "reservation_has_one_source",
        reservation,
        given=lambda row: {"appointment": None, "attendance": saved(attendance())},
        broken=lambda row: {"attendance": saved(attendance())},
    ),
    Case(
        "reservation_of_an_event_is_never_a_hold",
        reservation,
        given=lambda row: {"appointment": None, "internal_event": saved(internal_event())},
        broken=lambda row: {"appointment": None, "internal_event": saved(internal_event()), "held_until": NOW},
    ),
]

CASES = [*APPOINTMENTS, *ATTENDANCES, *RESERVATIONS]
