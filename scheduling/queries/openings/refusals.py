"""Refusals in words, for the person who asked for the time."""

from scheduling.availability.refusals import Reason

WORDS = {
    Reason.NOT_OFFERED: "This service is not offered there or by this person.",
    Reason.OFF_STEP: "Appointments do not start at this time.",
    Reason.TOO_SOON: "This is too soon to book online. Call us and we will help.",
    Reason.TOO_FAR: "We do not take bookings that far ahead.",
    Reason.OUTSIDE_DATES: "This date cannot be booked.",
    Reason.OUTSIDE_HOURS: "We do not work at this time.",
    Reason.CLOSED_TO_NEW: "Enrollment in this group has closed.",
    Reason.FULL: "Someone else has just taken the last seat.",
    Reason.TAKEN: "Someone else has just taken this time.",
}
