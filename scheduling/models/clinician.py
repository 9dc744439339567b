"""Clinicians, their program roles, usual rooms and licenses."""

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from .location import Location, validate_zone
from .resource import Resource, ResourceOwner, owner_trigger
from .room import Room


class ProgramRole(models.Model):
    """A role that a program needs a clinician for, such as lead or partner support. Not a user's staff role."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    for_both_partners = models.BooleanField(
        default=False, help_text="One person may do both partners' individual work in this role."
    )

    def __str__(self) -> str:
        return self.name


class Clinician(ResourceOwner):
    """A therapist or coach. `level` sets the price; `zone` is the time zone of working hours at home."""

    RESOURCE_KIND = Resource.Kind.CLINICIAN

    class Profession(models.TextChoices):
        THERAPIST = "therapist"
        COACH = "coach"

    class Level(models.TextChoices):
        ASSOCIATE = "associate"
        STANDARD = "standard"
        SENIOR = "senior"

    user = models.OneToOneField(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="clinician"
    )
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120, help_text="As clients see it.")
    profession = models.CharField(max_length=12, choices=Profession.choices)
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.STANDARD)
    gender = models.CharField(max_length=20, blank=True)
    about = models.CharField(max_length=300, blank=True)
    npi = models.CharField(
        "NPI", max_length=10, blank=True, validators=[RegexValidator(r"^\d{10}$", "An NPI has ten digits.")]
    )
    zone = models.CharField(max_length=40, default="America/Chicago", validators=[validate_zone])
    base_location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", help_text="Answers for work from home."
    )
    roles = models.ManyToManyField(ProgramRole, blank=True, related_name="clinicians")
    services = models.ManyToManyField("scheduling.Service", blank=True, related_name="clinicians")
    daily_minutes_cap = models.PositiveSmallIntegerField(null=True, blank=True)
    weekly_minutes_cap = models.PositiveSmallIntegerField(null=True, blank=True)
    intensive_minutes_cap = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Minutes of intensives a day."
    )
    takes_new_clients = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(profession__in=["therapist", "coach"]), name="clinician_profession"),
            models.CheckConstraint(condition=Q(level__in=["associate", "standard", "senior"]), name="clinician_level"),
            models.CheckConstraint(
                condition=Q(npi="") | Q(npi__regex=r"^\d{10}$"), name="clinician_npi_has_ten_digits"
            ),
            models.UniqueConstraint(fields=["npi"], condition=~Q(npi=""), name="clinician_npi_once"),
        ]
        triggers = [owner_trigger(Resource.Kind.CLINICIAN)]

    def __str__(self) -> str:
        return self.name

    def is_of(self, gender: str) -> bool:
        """True if `gender` equals the gender they gave, ignoring case."""
        return self.gender.casefold() == gender.casefold()


class UsualRoom(models.Model):
    """The room that a clinician prefers in an office."""

    clinician = models.ForeignKey(Clinician, on_delete=models.CASCADE, related_name="usual_rooms")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinician", "room"], name="usual_room_once")]

    def __str__(self) -> str:
        return f"{self.clinician_id} in {self.room_id}"


@pghistory.track()
class License(models.Model):
    """A license to practice in a state. An expired one cannot be booked; an associate's names the supervisor."""

    class Kind(models.TextChoices):
        LPC = "lpc", "LPC"
        LPC_ASSOCIATE = "lpc_associate", "LPC Associate"
        LMFT = "lmft", "LMFT"
        LCSW = "lcsw", "LCSW"
        PSYCHOLOGIST = "psychologist", "Psychologist"

    clinician = models.ForeignKey(Clinician, on_delete=models.CASCADE, related_name="licenses")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    number = models.CharField(max_length=30)
    state = models.CharField(max_length=2)
    expires_on = models.DateField(help_text="The last day on which it is valid.")
    supervisor = models.ForeignKey(
        Clinician, null=True, blank=True, on_delete=models.PROTECT, related_name="supervised_licenses"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "state", "number"], name="license_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["lpc", "lpc_associate", "lmft", "lcsw", "psychologist"]), name="license_kind"
            ),
            models.CheckConstraint(
                condition=~Q(kind="lpc_associate") | Q(supervisor__isnull=False),
                name="license_of_an_associate_names_the_supervisor",
                violation_error_message="An associate's license needs a supervisor.",
            ),
            models.CheckConstraint(
                condition=Q(supervisor__isnull=True) | ~Q(supervisor=models.F("clinician")),
                name="license_supervisor_is_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state} of {self.clinician_id}"
