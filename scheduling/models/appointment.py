"""Appointments led by clinicians, their attendances, and the reservations of their resources."""

from datetime import datetime

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q

from .booking import Participant, dead_hold
from .clinician import Clinician, ProgramRole
from .cohort import Cohort
from .location import Location
from .periods import period_check
from .resource import Resource
from .room import Room
from .service import Mode, ProgramBlock, Service
from .time_rules import InternalEvent


@pghistory.track()
class Appointment(models.Model):
    """A block of time. `during` is the time shown to people, without buffers.

    `location` is responsible: its time zone, policies and desk apply. `office` is where the clinician sits (empty:
    at home). There is no foreign key to Booking, because a group outlives each of its bookings. A trigger counts
    `seats_taken`.
    """

    class Status(models.TextChoices):
        PLANNED = "planned"
        CANCELLED = "cancelled"

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="appointments")
    block = models.ForeignKey(ProgramBlock, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments")
    during = DateTimeRangeField()
    mode = models.CharField(max_length=8, choices=Mode.choices)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="appointments")
    office = models.ForeignKey(Location, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments")
    capacity = models.PositiveSmallIntegerField(default=1)
    seats_taken = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    clinicians: "models.ManyToManyField[Clinician, AppointmentClinician]" = models.ManyToManyField(
        Clinician, through="AppointmentClinician", related_name="appointments"
    )

    class Meta:
        constraints = [
            period_check("appointment_period"),
            models.CheckConstraint(condition=Q(mode__in=["office", "online", "phone"]), name="appointment_mode"),
            models.CheckConstraint(
                condition=~Q(mode="office") | Q(office__isnull=False),
                name="appointment_in_office_names_the_office",
            ),
            models.CheckConstraint(
                condition=Q(room__isnull=True) | Q(office__isnull=False),
                name="appointment_room_is_in_an_office",
            ),
            models.CheckConstraint(
                condition=Q(seats_taken__gte=0, seats_taken__lte=F("capacity")),
                name="appointment_seats",
                violation_error_message="This appointment is full.",
            ),
            models.CheckConstraint(
                condition=Q(status="planned", cancelled_at__isnull=True)
                | Q(status="cancelled", cancelled_at__isnull=False),
                name="appointment_cancelled_has_a_time",
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="appointment_has_a_seat"),
            models.CheckConstraint(
                condition=Q(status="planned") | Q(seats_taken=0), name="appointment_cancelled_is_empty"
            ),
        ]
        indexes = [
            GistIndex(fields=["during"], name="appointment_by_time"),
            GistIndex(fields=["location", "during"], name="appointment_at_location"),
        ]
        triggers = [pgtrigger.FSM(name="moves", field="status", transitions=[("planned", "cancelled")])]

    def __str__(self) -> str:
        return f"appointment {self.pk}"


class AppointmentClinician(models.Model):
    """A clinician who leads an appointment, with their role in a program."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="leads")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="leads")
    role = models.ForeignKey(ProgramRole, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appointment", "clinician"], name="appointment_clinician_once")]

    def __str__(self) -> str:
        return f"{self.clinician_id} leads {self.appointment_id}"


ACTIVE_ATTENDANCE = ("booked", "arrived", "attended")
# Allowed moves, including those that undo another.
ATTENDANCE_MOVES = (
    ("booked", "arrived"),
    ("arrived", "booked"),
    ("booked", "attended"),
    ("arrived", "attended"),
    ("booked", "no_show"),
    ("booked", "late_cancelled"),
    ("booked", "cancelled"),
    ("attended", "booked"),
    ("attended", "arrived"),
    ("no_show", "booked"),
    ("late_cancelled", "booked"),
)


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    """Attendances, filtered by whether they take a seat."""

    def active(self) -> "AttendanceQuerySet":
        """Attendances with status booked, arrived or attended."""
        return self.filter(status__in=ACTIVE_ATTENDANCE)

    def live(self, now: datetime) -> "AttendanceQuerySet":
        """Active attendances, except those of holds past their deadline (F6)."""
        return self.active().exclude(dead_hold(now, "participant__booking__"))


@pghistory.track()
class Attendance(models.Model):
    """A participant in an appointment, with a status of their own and a numbered seat."""

    class Status(models.TextChoices):
        BOOKED = "booked"
        ARRIVED = "arrived"
        ATTENDED = "attended"
        NO_SHOW = "no_show"
        LATE_CANCELLED = "late_cancelled"
        CANCELLED = "cancelled"

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="attendances")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="attendances")
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.BOOKED)
    seat_no = models.PositiveSmallIntegerField(default=1)
    arrived_at = models.DateTimeField(null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "appointment"],
                condition=Q(status__in=ACTIVE_ATTENDANCE),
                name="attendance_once_while_active",
            ),
            models.UniqueConstraint(
                fields=["appointment", "seat_no"],
                condition=Q(status__in=ACTIVE_ATTENDANCE),
                name="attendance_seat_once_while_active",
            ),
            models.CheckConstraint(condition=Q(seat_no__gte=1), name="attendance_seat_counts_from_one"),
            models.CheckConstraint(
                condition=~Q(status="arrived") | Q(arrived_at__isnull=False),
                name="attendance_arrived_has_a_time",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="moves", field="status", transitions=list(ATTENDANCE_MOVES)),
            pgtrigger.Protect(
                name="born_booked", operation=pgtrigger.Insert, condition=~pgtrigger.Q(new__status="booked")
            ),
            pgtrigger.Trigger(
                name="count_seats",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "appointment_id") | pgtrigger.Delete,
                func="""
                    UPDATE scheduling_appointment a SET seats_taken = a.seats_taken + counted.change
                      FROM (
                        SELECT seat.appointment_id, sum(seat.change) AS change
                          FROM (VALUES
                            (OLD.appointment_id, OLD.status, -1),
                            (NEW.appointment_id, NEW.status, 1)
                          ) AS seat (appointment_id, status, change)
                         WHERE seat.status IN ('booked', 'arrived', 'attended')
                         GROUP BY seat.appointment_id
                      ) AS counted
                     WHERE a.id = counted.appointment_id AND counted.change <> 0;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class ReservationQuerySet(models.QuerySet["Reservation"]):
    """Reservations, filtered by whether they take time."""

    def unreleased(self) -> "ReservationQuerySet":
        """Reservations under the exclusion constraint, including those of holds past their deadline."""
        return self.filter(released_at=None)

    def live(self, now: datetime) -> "ReservationQuerySet":
        """Reservations that take time at `now`: not released, and not of a hold past its deadline (promise 5)."""
        return self.unreleased().filter(Q(held_until=None) | Q(held_until__gt=now))

    def dead(self, now: datetime) -> "ReservationQuerySet":
        """Reservations of holds past their deadline that have not been released yet."""
        return self.unreleased().filter(held_until__lte=now)


class Reservation(models.Model):
    """A half-open period of a resource. The exclusion constraint of this table refuses double booking (promise 1).

    It belongs to an appointment (clinician, room, external person), an attendance (client) or an internal event.
    For clinicians and rooms `during` includes the buffers. Releasing the time sets `released_at`. While the booking
    is held, `held_until` is its deadline; after that, any operation that needs the time releases the row (F6).
    """

    # No separate index: the exclusion constraint has one, and with a plain index the planner may read all years.
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="reservations", db_index=False)
    during = DateTimeRangeField()
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="reservations"
    )
    attendance = models.ForeignKey(
        Attendance, null=True, blank=True, on_delete=models.PROTECT, related_name="reservations"
    )
    internal_event = models.ForeignKey(
        InternalEvent, null=True, blank=True, on_delete=models.PROTECT, related_name="reservations"
    )
    held_until = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="reservation_never_overlaps",
                expressions=[("resource", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(released_at__isnull=True),
                violation_error_message="That time has just been taken.",
            ),
            period_check("reservation_period"),
            models.CheckConstraint(
                condition=Q(appointment__isnull=False, attendance__isnull=True, internal_event__isnull=True)
                | Q(appointment__isnull=True, attendance__isnull=False, internal_event__isnull=True)
                | Q(appointment__isnull=True, attendance__isnull=True, internal_event__isnull=False),
                name="reservation_has_one_source",
            ),
            models.CheckConstraint(
                condition=Q(held_until__isnull=True) | Q(internal_event__isnull=True),
                name="reservation_of_an_event_is_never_a_hold",
            ),
        ]

    def __str__(self) -> str:
        return f"reservation {self.pk}"
