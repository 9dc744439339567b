"""Unsaved, valid rows, one function per model. The rows they refer to are saved."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from psycopg.types.range import Range

from backend.accounts.models import digest_of
from scheduling.models import (
    Appointment,
    AppointmentClinician,
    Attendance,
    Booking,
    BookingMove,
    Break,
    BusyTime,
    CalendarObject,
    Client,
    ClientLink,
    Clinician,
    Closure,
    Cohort,
    Consent,
    DeskPost,
    ExternalPerson,
    ExternalWindow,
    FeedToken,
    InternalEvent,
    License,
    Location,
    LocationHours,
    ManageToken,
    Offer,
    Participant,
    Practice,
    Program,
    ProgramBlock,
    ProgramRole,
    Reservation,
    Resource,
    Room,
    Service,
    Standing,
    StandingSkip,
    TimeOff,
    TravelTime,
    UsualRoom,
    WaitlistEntry,
    WorkingHours,
)
from tests import factories
from tests.factories import MONDAY, NOW, number

HOUR = timedelta(hours=1)


def hours(first: float, last: float, bounds: str = "[)") -> Range[datetime]:
    """A period given in hours from NOW."""
    return Range(NOW + first * HOUR, NOW + last * HOUR, bounds)


ALREADY_OVER = Range(NOW, NOW, "[)")  # PostgreSQL stores it as “empty”
WITHOUT_END = Range(NOW, None, "[)")
WITHOUT_START = Range(None, NOW, "()")


def saved(row: Any) -> Any:
    row.save()
    return row


def practice(**fields: Any) -> Practice:
    plain = {"name": "Harbor", "short_name": "HEP", "phone": "+12145550100", "email": "a@hep.example"}
    return Practice(**plain | {"statement_suffix": "HEP"} | fields)


def location(**fields: Any) -> Location:
    slug = f"office-{number()}"
    plain = {"slug": slug, "name": slug, "street": "1 Example Street", "city": "Plano", "state": "TX"}
    return Location(**plain | {"postal_code": "75000", "phone": "+12145550101"} | fields)


def location_hours(**fields: Any) -> LocationHours:
    plain = {"location": saved(location()), "weekday": 0, "starts_minute": 480, "ends_minute": 1440}
    return LocationHours(**plain | fields)


def closure(**fields: Any) -> Closure:
    return Closure(**{"during": hours(0, 8)} | fields)


def travel_time(**fields: Any) -> TravelTime:
    return TravelTime(**{"origin": saved(location()), "destination": saved(location()), "minutes": 30} | fields)


def desk_post(**fields: Any) -> DeskPost:
    return DeskPost(**{"user": factories.a_user("desk"), "location": saved(location())} | fields)


def resource(**fields: Any) -> Resource:
    return Resource(**{"kind": "room"} | fields)


def room(**fields: Any) -> Room:
    plain = {"resource": saved(resource()), "location": saved(location()), "name": f"Room {number()}"}
    return Room(**plain | fields)


def external_person(**fields: Any) -> ExternalPerson:
    return ExternalPerson(**{"resource": saved(resource(kind="external")), "name": "E", "purpose": "exam"} | fields)


def external_window(**fields: Any) -> ExternalWindow:
    return ExternalWindow(**{"person": saved(external_person()), "during": hours(0, 8)} | fields)


def client(**fields: Any) -> Client:
    return Client(**{"resource": saved(resource(kind="client")), "name_to_use": "Robin"} | fields)


def client_link(**fields: Any) -> ClientLink:
    plain = {"first": saved(client()), "second": saved(client()), "kind": "partner", "since": NOW}
    return ClientLink(**plain | fields)


def consent(**fields: Any) -> Consent:
    plain = {"client": saved(client()), "kind": "texts", "version": f"v{number()}", "source": "page", "given_at": NOW}
    return Consent(**plain | fields)


def program_role(**fields: Any) -> ProgramRole:
    return ProgramRole(**{"slug": f"role-{number()}", "name": "Lead"} | fields)


def clinician(**fields: Any) -> Clinician:
    plain = {"resource": saved(resource(kind="clinician")), "slug": f"person-{number()}", "name": "Person"}
    return Clinician(**plain | {"profession": "therapist", "base_location": saved(location())} | fields)


def license_(**fields: Any) -> License:
    plain = {"clinician": saved(clinician()), "kind": "lpc", "number": f"{number()}", "state": "TX"}
    return License(**plain | {"expires_on": date(2030, 12, 31)} | fields)


def usual_room(**fields: Any) -> UsualRoom:
    return UsualRoom(**{"clinician": saved(clinician()), "room": saved(room())} | fields)


def working_hours(**fields: Any) -> WorkingHours:
    plain = {"clinician": saved(clinician()), "weekday": 0, "starts_minute": 540, "ends_minute": 1020}
    return WorkingHours(**plain | fields)


def break_(**fields: Any) -> Break:
    plain = {"clinician": saved(clinician()), "starts_minute": 660, "ends_minute": 840, "minutes": 30}
    return Break(**plain | fields)


def time_off(**fields: Any) -> TimeOff:
    return TimeOff(**{"clinician": saved(clinician()), "during": hours(0, 8)} | fields)


def busy_time(**fields: Any) -> BusyTime:
    return BusyTime(**{"clinician": saved(clinician()), "during": hours(0, 8), "source": "own"} | fields)


def internal_event(**fields: Any) -> InternalEvent:
    return InternalEvent(**{"kind": "meeting", "title": "Staff meeting", "during": hours(0, 1)} | fields)


def service(**fields: Any) -> Service:
    slug = f"service-{number()}"
    plain = {"slug": slug, "name": slug, "line": "counseling", "party": "individual", "duration_minutes": 50}
    return Service(**plain | {"modes": ["office"]} | fields)


def cohort(**fields: Any) -> Cohort:
    plain = {"service": saved(service()), "location": saved(location()), "enroll_by": NOW, "created_at": NOW}
    return Cohort(**plain | fields)


def program(**fields: Any) -> Program:
    intensive = saved(service(line="intensive", duration_minutes=None))
    return Program(**{"service": intensive, "days": 4} | fields)


def program_block(**fields: Any) -> ProgramBlock:
    plain = {"program": saved(program()), "name": "Session", "day": 0, "starts_minute": 540, "ends_minute": 630}
    return ProgramBlock(**plain | fields)


def booking(**fields: Any) -> Booking:
    plain = {"reference": f"REF{number()}", "kind": "appointment", "status": "held", "mode": "office"}
    times = {"held_at": NOW, "hold_expires_at": NOW + HOUR, "created_at": NOW}
    places = {"service": saved(service()), "location": saved(location())}
    return Booking(**places | plain | times | {"opening": "wish"} | fields)


def booking_move(**fields: Any) -> BookingMove:
    return BookingMove(**{"booking": saved(booking()), "new": "held", "at": NOW, "actor": "user:1"} | fields)


def participant(**fields: Any) -> Participant:
    return Participant(**{"booking": saved(booking()), "client": saved(client()), "track": "A"} | fields)


def manage_token(**fields: Any) -> ManageToken:
    plain = {"participant": saved(participant()), "digest": digest_of(f"{number()}"), "created_at": NOW}
    return ManageToken(**plain | fields)


def appointment(**fields: Any) -> Appointment:
    place = saved(location())
    plain = {"service": saved(service()), "during": hours(0, 1), "mode": "office", "location": place, "office": place}
    return Appointment(**plain | fields)


def appointment_clinician(**fields: Any) -> AppointmentClinician:
    return AppointmentClinician(**{"appointment": saved(appointment()), "clinician": saved(clinician())} | fields)


def attendance(**fields: Any) -> Attendance:
    plain = {"participant": saved(participant()), "appointment": saved(appointment(capacity=4)), "seat_no": number()}
    return Attendance(**plain | fields)


def reservation(**fields: Any) -> Reservation:
    plain = {"resource": saved(room()).resource, "appointment": saved(appointment()), "during": hours(0, 1)}
    return Reservation(**plain | fields)


def calendar_object(**fields: Any) -> CalendarObject:
    plain = {"client": saved(client()), "booking": saved(booking()), "uid": f"{number()}@hep.example"}
    return CalendarObject(**plain | {"organizer": "a@hep.example", "stamped_at": NOW} | fields)


def feed_token(**fields: Any) -> FeedToken:
    plain = {"user": factories.a_user("clinician"), "digest": digest_of(f"{number()}"), "created_at": NOW}
    return FeedToken(**plain | fields)


def standing(**fields: Any) -> Standing:
    plain = {"booking": saved(booking(kind="standing")), "clinician": saved(clinician()), "weekday": 1}
    return Standing(**plain | {"starts_minute": 900, "first_on": MONDAY, "generated_until": MONDAY} | fields)


def standing_skip(**fields: Any) -> StandingSkip:
    return StandingSkip(**{"standing": saved(standing()), "on": MONDAY + timedelta(days=number())} | fields)


def waitlist_entry(**fields: Any) -> WaitlistEntry:
    plain = {"client": saved(client()), "service": saved(service()), "earliest_on": MONDAY, "latest_on": MONDAY}
    return WaitlistEntry(**plain | {"created_at": NOW} | fields)


def offer(**fields: Any) -> Offer:
    return Offer(**{"entry": saved(waitlist_entry()), "booking": saved(booking()), "made_at": NOW} | fields)
