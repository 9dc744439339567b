"""Bookings, their participants, the moves of their status, and the links to manage them."""

from datetime import datetime

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from backend.accounts.models import digest_check

from .client import Client
from .location import Location
from .service import Mode, Service

# All allowed moves of the status. A trigger refuses any other.
BOOKING_MOVES = (
    ("requested", "held"),
    ("requested", "declined"),
    ("requested", "withdrawn"),
    ("held", "confirmed"),
    ("held", "expired"),
    ("held", "released"),
    ("expired", "confirmed"),
    ("expired", "paid_conflict"),
    ("confirmed", "cancelled"),
    ("confirmed", "completed"),
    ("paid_conflict", "confirmed"),
    ("paid_conflict", "cancelled"),
)


def live_hold(now: datetime, prefix: str = "") -> Q:
    """Condition: the booking is a hold before its deadline (promise 5). `prefix` is the lookup path to the booking."""
    return Q(**{f"{prefix}status": "held", f"{prefix}hold_expires_at__gt": now})


def dead_hold(now: datetime, prefix: str = "") -> Q:
    """Condition: the booking is a hold past its deadline, which takes no time. `prefix` is the lookup path to it."""
    return Q(**{f"{prefix}status": "held", f"{prefix}hold_expires_at__lte": now})


class BookingQuerySet(models.QuerySet["Booking"]):
    """Bookings, filtered by the state of their hold."""

    def live_holds(self, now: datetime) -> "BookingQuerySet":
        """Holds before their deadline at `now`."""
        return self.filter(live_hold(now))

    def dead_holds(self, now: datetime) -> "BookingQuerySet":
        """Holds past their deadline at `now`."""
        return self.filter(dead_hold(now))


@pghistory.track()
class Booking(models.Model):
    """One commitment: an appointment, a series, a standing appointment, a group seat or an intensive.

    `holder` is the digest of the browser session or API secret that owns a hold. `opening` is the id of the opening
    that was booked. A request has nothing else, because a request reserves no time.
    """

    class Kind(models.TextChoices):
        APPOINTMENT = "appointment"
        SERIES = "series"
        STANDING = "standing"
        SEAT = "seat"
        INTENSIVE = "intensive"

    class Status(models.TextChoices):
        REQUESTED = "requested"
        HELD = "held"
        CONFIRMED = "confirmed"
        COMPLETED = "completed"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"
        RELEASED = "released"
        CANCELLED = "cancelled"
        PAID_CONFLICT = "paid_conflict"

    reference = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    status = models.CharField(max_length=14, choices=Status.choices)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="bookings")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="bookings")
    mode = models.CharField(max_length=8, choices=Mode.choices)
    opening = models.TextField()
    holder = models.CharField(max_length=64, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    api_call = models.PositiveBigIntegerField(
        null=True, blank=True, unique=True, help_text="The number of the API call that made it: a call makes one (F23)."
    )
    payment_pages = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_unpaid_reason = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["appointment", "series", "standing", "seat", "intensive"]),
                name="booking_kind",
            ),
            models.CheckConstraint(condition=Q(mode__in=["office", "online", "phone"]), name="booking_mode"),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "declined", "withdrawn"])
                | Q(held_at__isnull=False, hold_expires_at__isnull=False, hold_expires_at__gt=models.F("held_at")),
                name="booking_hold_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=["confirmed", "completed"]) & Q(confirmed_at__isnull=False))
                | (~Q(status__in=["confirmed", "completed"])),
                name="booking_confirmed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False)
                | (~Q(status="cancelled") & Q(cancelled_at__isnull=True)),
                name="booking_cancelled_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status="completed", completed_at__isnull=False)
                | (~Q(status="completed") & Q(completed_at__isnull=True)),
                name="booking_completed_has_a_time",
            ),
            models.CheckConstraint(condition=Q(payment_pages__lte=3), name="booking_opens_three_payment_pages"),
        ]
        indexes = [
            models.Index(fields=["hold_expires_at"], condition=Q(status="held"), name="booking_held"),
            models.Index(fields=["holder"], condition=Q(status="held"), name="booking_by_holder"),
        ]
        triggers = [
            pgtrigger.FSM(name="moves", field="status", transitions=list(BOOKING_MOVES)),
            pgtrigger.Protect(
                name="born_requested_or_held",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__status__in=["requested", "held"]),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_held(self) -> bool:
        return self.status == self.Status.HELD

    def is_live_hold(self, now: datetime) -> bool:
        """True if held and before its deadline at `now`, even if no sweep has run (promise 5)."""
        return self.is_held and self.hold_expires_at is not None and self.hold_expires_at > now


def _listed_moves() -> Q:
    listed = Q(old="", new__in=["requested", "held"])
    for old in dict.fromkeys(old for old, _ in BOOKING_MOVES):
        listed |= Q(old=old, new__in=[new for before, new in BOOKING_MOVES if before == old])
    return listed


class BookingMove(models.Model):
    """One move of a booking's status, with actor, time and reason. Append-only."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="moves")
    old = models.CharField(max_length=14, blank=True)
    new = models.CharField(max_length=14)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=_listed_moves(), name="booking_move_is_listed")]
        indexes = [models.Index(fields=["booking", "at"], name="booking_move_in_order")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.old} to {self.new}"


@pghistory.track(exclude=["comfort_note"])
class Participant(models.Model):
    """One person's part in one booking. `client` is empty while a new hold has no name yet.

    `calendar_invites` is this person's own choice. `chosen_at` is when they chose how to be contacted about the
    booking.
    """

    class Track(models.TextChoices):
        A = "A"
        B = "B"

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="participants")
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="participations")
    track = models.CharField(max_length=1, choices=Track.choices, default=Track.A)
    chosen_at = models.DateTimeField(null=True, blank=True)
    calendar_invites = models.BooleanField(default=False)
    policy_accepted_at = models.DateTimeField(null=True, blank=True)
    policy_version = models.CharField(max_length=40, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    screened_at = models.DateTimeField(null=True, blank=True)
    comfort_note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "track"], name="participant_track_once"),
            models.UniqueConstraint(fields=["booking", "client"], name="participant_client_once"),
            models.CheckConstraint(condition=Q(track__in=["A", "B"]), name="participant_track"),
            models.CheckConstraint(
                condition=Q(policy_accepted_at__isnull=True, policy_version="")
                | (Q(policy_accepted_at__isnull=False) & ~Q(policy_version="")),
                name="participant_accepts_a_version",
            ),
            models.CheckConstraint(
                condition=Q(chosen_at__isnull=True) | Q(client__isnull=False),
                name="participant_chooses_when_named",
            ),
            models.CheckConstraint(
                condition=Q(calendar_invites=False) | Q(client__isnull=False, chosen_at__isnull=False),
                name="participant_invites_are_chosen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.track}"


class ManageToken(models.Model):
    """A link to one person's part in one booking: 128 random bits, stored as a digest (F129).

    An introduction is the link that the first partner may pass on. It is revoked once the second partner has chosen
    how to be contacted, so that the first partner cannot use it. All links are revoked when the address changes.
    """

    class Purpose(models.TextChoices):
        MANAGE = "manage"
        INTRODUCTION = "introduction"

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="tokens")
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.MANAGE)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            digest_check("manage_token_is_a_digest"),
            models.CheckConstraint(condition=Q(purpose__in=["manage", "introduction"]), name="manage_token_purpose"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=models.F("created_at")),
                name="manage_token_dies_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} token {self.pk}"
