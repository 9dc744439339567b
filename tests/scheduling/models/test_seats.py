"""A trigger counts seats for every change of an attendance, also by raw SQL and in races (F24)."""

import pytest
from django.db import IntegrityError, transaction

from scheduling.models import Appointment, Attendance
from tests.factories import NOW
from tests.racing import together
from tests.rules import WRITERS, broken_rule
from tests.scheduling.models import rows
from tests.scheduling.models.test_moves import ATTENDANCE, a_row_in, move

both_ways = pytest.mark.parametrize("way", WRITERS)
ACTIVE = {"booked", "arrived", "attended"}


def taken(appointment: Appointment) -> int:
    return Appointment.objects.values_list("seats_taken", flat=True).get(pk=appointment.pk)


def a_workshop(capacity: int) -> Appointment:
    return rows.saved(rows.appointment(capacity=capacity))


def a_seat(appointment: Appointment, seat_no: int = 1) -> Attendance:
    return rows.attendance(appointment=appointment, seat_no=seat_no)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ATTENDANCE)
def test_a_seat_counts_while_its_attendance_is_active(status: str):
    attendance = a_row_in(Attendance, status)

    assert taken(attendance.appointment) == (1 if status in ACTIVE else 0)


@pytest.mark.django_db
@both_ways
def test_deleting_an_attendance_frees_its_seat(way: str):
    workshop = a_workshop(2)
    stays, goes = a_seat(workshop, 1), a_seat(workshop, 2)
    stays.save()
    goes.save()

    WRITERS[way].delete(goes)

    assert taken(workshop) == 1


@pytest.mark.django_db
@both_ways
def test_an_attendance_moved_to_another_appointment_takes_a_seat_there(way: str):
    old, new = a_workshop(1), a_workshop(1)
    seat = rows.saved(a_seat(old))

    WRITERS[way].update(seat, {"appointment": new})

    assert (taken(old), taken(new)) == (0, 1)


@pytest.mark.django_db
@both_ways
def test_an_attendance_cannot_be_moved_to_a_full_appointment(way: str):
    full, other = a_workshop(1), a_workshop(1)
    a_seat(full).save()
    seat = rows.saved(a_seat(other, 2))

    assert broken_rule(lambda: WRITERS[way].update(seat, {"appointment": full})) == "appointment_seats"


@pytest.mark.django_db
@both_ways
def test_an_eleventh_attendance_of_ten_seats_is_refused(way: str):
    workshop = a_workshop(10)
    for seat_no in range(1, 11):
        a_seat(workshop, seat_no).save()

    assert broken_rule(lambda: WRITERS[way].insert(a_seat(workshop, 11))) == "appointment_seats"


@pytest.mark.django_db
def test_undoing_a_late_cancellation_needs_a_free_seat():
    workshop = a_workshop(1)
    late = rows.saved(a_seat(workshop))
    move(late, "late_cancelled")
    a_seat(workshop, 2).save()

    assert broken_rule(lambda: move(late, "booked")) == "appointment_seats"


@pytest.mark.django_db
def test_a_seat_in_a_cancelled_appointment_is_refused():
    workshop = a_workshop(5)
    WRITERS["sql"].update(workshop, {"status": "cancelled", "cancelled_at": NOW})

    assert broken_rule(lambda: a_seat(workshop).save()) == "appointment_cancelled_is_empty"


@pytest.mark.django_db
def test_the_capacity_cannot_drop_below_the_seats_taken():
    workshop = a_workshop(2)
    for seat_no in (1, 2):
        a_seat(workshop, seat_no).save()

    shrink = Appointment.objects.filter(pk=workshop.pk)
    assert broken_rule(lambda: shrink.update(capacity=1)) == "appointment_seats"


@pytest.mark.django_db(transaction=True)
def test_thirty_registrations_at_once_take_exactly_ten_seats_F24():
    workshop = a_workshop(10)
    seats = [a_seat(workshop, seat_no) for seat_no in range(1, 31)]

    results = together(30, lambda number: seats[number].save())

    refused = [error for error in results if error is not None]
    assert all(isinstance(error, IntegrityError) and "appointment_seats" in str(error) for error in refused)
    assert (len(refused), taken(workshop), workshop.attendances.count()) == (20, 10, 10)


@pytest.mark.django_db(transaction=True)
def test_registrations_that_lock_the_appointment_get_different_seats_F24():
    workshop = a_workshop(10)
    waiting = [a_seat(workshop) for _ in range(30)]

    def register(number: int) -> None:
        with transaction.atomic():
            locked = Appointment.objects.select_for_update(no_key=True).get(pk=workshop.pk)
            waiting[number].seat_no = locked.seats_taken + 1
            waiting[number].save()

    results = together(30, register)

    assert sum(error is None for error in results) == 10
    assert set(workshop.attendances.values_list("seat_no", flat=True)) == set(range(1, 11))
