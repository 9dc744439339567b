"""People, places, times and bookings. One noun per file. Every rule about a single row is a constraint."""

from .appointment import Appointment, AppointmentClinician, Attendance, Reservation
from .booking import Booking, BookingMove, ManageToken, Participant
from .calendar import CalendarObject, FeedToken
from .client import Client, ClientLink, Consent
from .clinician import Clinician, License, ProgramRole, UsualRoom
from .cohort import Cohort
from .desk import DeskPost
from .location import Closure, Location, LocationHours, TravelTime
from .practice import Practice
from .resource import Resource
from .room import Room
from .service import Mode, Program, ProgramBlock, Service
from .standing import Standing, StandingSkip
from .time_rules import Break, BusyTime, ExternalPerson, ExternalWindow, InternalEvent, TimeOff, WorkingHours
from .waitlist import Offer, WaitlistEntry

__all__ = [
    "Appointment",
    "AppointmentClinician",
    "Attendance",
    "Booking",
    "BookingMove",
    "Break",
    "BusyTime",
    "CalendarObject",
    "Client",
    "ClientLink",
    "Clinician",
    "Closure",
    "Cohort",
    "Consent",
    "DeskPost",
    "ExternalPerson",
    "ExternalWindow",
    "FeedToken",
    "InternalEvent",
    "License",
    "Location",
    "LocationHours",
    "ManageToken",
    "Mode",
    "Offer",
    "Participant",
    "Practice",
    "Program",
    "ProgramBlock",
    "ProgramRole",
    "Reservation",
    "Resource",
    "Room",
    "Service",
    "Standing",
    "StandingSkip",
    "TimeOff",
    "TravelTime",
    "UsualRoom",
    "WaitlistEntry",
    "WorkingHours",
]
