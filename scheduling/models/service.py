"""Services and programs that can be booked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact

from .clinician import ProgramRole
from .location import Location
from .periods import minutes_check
from .time_rules import ExternalPerson


class Mode(models.TextChoices):
    """How client and clinician meet."""

    OFFICE = "office"
    ONLINE = "online"
    PHONE = "phone"


class Service(models.Model):
    """A bookable service: an appointment of fixed length or a program. `slug` appears in URLs, so it is neutral."""

    class Line(models.TextChoices):
        INTENSIVE = "intensive"
        COUNSELING = "counseling"
        COACHING = "coaching"

    class Party(models.TextChoices):
        INDIVIDUAL = "individual"
        COUPLE = "couple"
        GROUP = "group"

    class BookingMode(models.TextChoices):
        INSTANT = "instant"
        REQUEST = "request"
        CALL_FIRST = "call_first"

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    summary = models.CharField(max_length=300, blank=True)
    line = models.CharField(max_length=12, choices=Line.choices)
    party = models.CharField(max_length=12, choices=Party.choices)
    booking_mode = models.CharField(max_length=12, choices=BookingMode.choices, default=BookingMode.INSTANT)
    code = models.CharField(max_length=10, blank=True, help_text="Procedure code for statements, e.g. 90837.")
    kind = models.CharField(max_length=40, blank=True, help_text="How the practice files it.")
    duration_minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty for a program.")
    step_minutes = models.PositiveSmallIntegerField(default=15)
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=10)
    notice_minutes = models.PositiveIntegerField(default=24 * 60)
    horizon_days = models.PositiveSmallIntegerField(default=180)
    modes = ArrayField(models.CharField(max_length=8, choices=Mode.choices), default=list)
    capacity = models.PositiveSmallIntegerField(default=1, help_text="Client seats in one appointment.")
    room_features = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    needs_license = models.BooleanField(default=True)
    for_new_clients = models.BooleanField(default=True)
    locations = models.ManyToManyField(Location, related_name="services")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(line__in=["intensive", "counseling", "coaching"]), name="service_line"),
            models.CheckConstraint(condition=Q(party__in=["individual", "couple", "group"]), name="service_party"),
            models.CheckConstraint(
                condition=Q(booking_mode__in=["instant", "request", "call_first"]),
                name="service_booking_mode",
            ),
            models.CheckConstraint(
                condition=Q(line="intensive", duration_minutes__isnull=True)
                | (
                    ~Q(line="intensive")
                    & Q(duration_minutes__isnull=False, duration_minutes__gte=5, duration_minutes__lte=720)
                ),
                name="service_is_a_program_or_has_a_length",
                violation_error_message="An intensive is a program; everything else needs a length in minutes.",
            ),
            models.CheckConstraint(
                condition=Q(step_minutes__gte=5, step_minutes__lte=240) & Q(Exact(F("step_minutes") % 5, 0)),
                name="service_step_is_on_the_grid",
                violation_error_message="Appointments start on steps of whole five minutes.",
            ),
            models.CheckConstraint(condition=Q(modes__len__gt=0), name="service_has_a_mode"),
            models.CheckConstraint(
                condition=Q(modes__contained_by=["office", "online", "phone"]), name="service_modes_are_known"
            ),
            models.CheckConstraint(
                condition=Q(party="individual", capacity=1)
                | Q(party="couple", capacity=2)
                | (~Q(party__in=["individual", "couple"]) & Q(capacity__gte=1)),
                name="service_capacity_fits_the_party",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_program(self) -> bool:
        return self.duration_minutes is None


class Program(models.Model):
    """The program of an intensive: number of days, start weekdays and limits. Caps are minutes per clinician."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, primary_key=True, related_name="program")
    days = models.PositiveSmallIntegerField()
    start_weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, help_text="0 is Monday; empty: any."
    )
    max_minutes_per_day = models.PositiveSmallIntegerField(default=420)
    max_minutes_in_all = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Per clinician; empty: any.")
    rest_days = models.PositiveSmallIntegerField(default=0, help_text="Days without another intensive around this one.")
    people_per_role = models.PositiveSmallIntegerField(
        default=1, help_text="1: the same person throughout. More: others step in where one person cannot."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=14), name="program_days"),
            models.CheckConstraint(
                condition=Q(start_weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]), name="program_start_weekdays"
            ),
            models.CheckConstraint(
                condition=Q(people_per_role__gte=1, people_per_role__lte=4), name="program_people_per_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days} days"


class ProgramBlock(models.Model):
    """One block of a program's day, in minutes of the local day. Each of its roles needs one clinician."""

    class Attends(models.TextChoices):
        BOTH = "both"
        A = "A"
        B = "B"

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="blocks")
    name = models.CharField(max_length=60, help_text="Shown on the schedule; neutral.")
    day = models.PositiveSmallIntegerField(help_text="0 is the first day.")
    starts_minute = models.PositiveSmallIntegerField()
    ends_minute = models.PositiveSmallIntegerField()
    attends = models.CharField(max_length=4, choices=Attends.choices, default=Attends.BOTH)
    roles = models.ManyToManyField(ProgramRole, related_name="+")
    external = models.ForeignKey(ExternalPerson, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    needs_room = models.BooleanField(default=True)
    after = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    after_hours = models.PositiveSmallIntegerField(default=0)
    needs_result = models.CharField(max_length=60, blank=True, help_text="A result that must be in before it starts.")

    class Meta:
        constraints = [
            minutes_check("program_block_minutes", "starts_minute", "ends_minute", 1440),
            models.CheckConstraint(
                condition=Q(Exact(F("starts_minute") % 5, 0)) & Q(Exact(F("ends_minute") % 5, 0)),
                name="program_block_is_on_the_grid",
                violation_error_message="Blocks start and end on whole five minutes.",
            ),
            models.CheckConstraint(condition=Q(attends__in=["both", "A", "B"]), name="program_block_attends"),
            models.CheckConstraint(
                condition=Q(after__isnull=True) | ~Q(after=F("id")), name="program_block_waits_for_another"
            ),
            models.UniqueConstraint(fields=["program", "day", "starts_minute", "attends"], name="program_block_once"),
            models.CheckConstraint(
                condition=Q(after__isnull=False) | Q(after_hours=0), name="program_block_waits_for_a_block"
            ),
        ]
        indexes = [models.Index(fields=["program", "day", "starts_minute"], name="program_block_in_order")]

    def __str__(self) -> str:
        return f"day {self.day + 1}: {self.name}"
