"""Clients, how they may be contacted, their links to each other, and their consents."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from .location import validate_zone
from .resource import Resource, ResourceOwner, owner_trigger


class Client(ResourceOwner):
    """One person. A couple is two clients and a ClientLink.

    Every channel is off until the person has chosen it (promise 10). A booking by a stranger always creates a new
    client, even if the address is known; `merged_into` is the existing client once the two are known to be one person.
    """

    RESOURCE_KIND = Resource.Kind.CLIENT

    class Voicemail(models.TextChoices):
        NO = "no"
        FIRST_NAME = "first_name", "Yes, first name only"
        YES = "yes"

    class Shared(models.TextChoices):
        NO = "no"
        YES = "yes"
        UNSURE = "unsure", "Not sure"

    class Wording(models.TextChoices):
        DISCREET = "discreet"
        STANDARD = "standard"

    user = models.OneToOneField("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="client")
    name_to_use = models.CharField(max_length=80)
    legal_name = models.CharField(max_length=120, blank=True)
    born_on = models.DateField(null=True, blank=True)
    street = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    zone = models.CharField(max_length=40, default="America/Chicago", validators=[validate_zone])
    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    emergency_name = models.CharField(max_length=80, blank=True)
    emergency_phone = PhoneNumberField(blank=True)
    emergency_relation = models.CharField(max_length=40, blank=True)
    may_email = models.BooleanField(default=False)
    may_text = models.BooleanField(default=False)
    may_call = models.BooleanField(default=False)
    voicemail = models.CharField(max_length=12, choices=Voicemail.choices, default=Voicemail.NO)
    safe_times = models.CharField(max_length=120, blank=True)
    address_is_shared = models.CharField(max_length=8, choices=Shared.choices, default=Shared.UNSURE)
    wording = models.CharField(max_length=10, choices=Wording.choices, default=Wording.DISCREET)
    contact_chosen_at = models.DateTimeField(null=True, blank=True)
    text_consent_at = models.DateTimeField(null=True, blank=True)
    text_consent_source = models.CharField(max_length=40, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name_to_use=""), name="client_has_a_name"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="client_email_is_lower_case"),
            models.CheckConstraint(condition=Q(may_email=False) | ~Q(email=""), name="client_mail_has_an_address"),
            models.CheckConstraint(
                condition=Q(may_text=False) | (~Q(phone="") & Q(text_consent_at__isnull=False)),
                name="client_texts_have_number_and_consent",
            ),
            models.CheckConstraint(
                condition=Q(text_consent_at__isnull=True, text_consent_source="")
                | (Q(text_consent_at__isnull=False) & ~Q(text_consent_source="")),
                name="client_text_consent_has_a_source",
            ),
            models.CheckConstraint(
                condition=Q(emergency_phone="", emergency_relation="") | ~Q(emergency_name=""),
                name="client_emergency_contact_has_a_name",
            ),
            models.CheckConstraint(condition=Q(may_call=False) | ~Q(phone=""), name="client_calls_have_a_number"),
            models.CheckConstraint(
                condition=Q(may_email=False, may_text=False, may_call=False) | Q(contact_chosen_at__isnull=False),
                name="client_is_contacted_only_after_choosing",
            ),
            models.CheckConstraint(condition=Q(voicemail__in=["no", "first_name", "yes"]), name="client_voicemail"),
            models.CheckConstraint(condition=Q(address_is_shared__in=["no", "yes", "unsure"]), name="client_shared"),
            models.CheckConstraint(condition=Q(wording__in=["discreet", "standard"]), name="client_wording"),
            models.CheckConstraint(
                condition=Q(address_is_shared="no") | Q(wording="discreet"),
                name="client_shared_address_means_discreet",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("resource")),
                name="client_merges_into_another",
            ),
        ]
        indexes = [
            models.Index(Lower("name_to_use"), name="client_by_name"),
            models.Index(fields=["email"], condition=~Q(email=""), name="client_by_email"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="client_by_phone"),
        ]
        triggers = [owner_trigger(Resource.Kind.CLIENT)]

    def __str__(self) -> str:
        return f"client {self.pk}"

    @property
    def initials(self) -> str:
        """Initials such as “J.R.”, the only form of the name that boards and feeds may show."""
        return "".join(f"{word[0].upper()}." for word in self.name_to_use.split()[:2])


class ClientLink(models.Model):
    """A link between two clients: partners, kept apart, or guardian. A guardian is `first`, their ward `second`."""

    class Kind(models.TextChoices):
        PARTNER = "partner"
        KEEP_APART = "keep_apart"
        GUARDIAN = "guardian"

    first = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="links_from")
    second = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="links_to")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(first=F("second")), name="client_link_between_two"),
            models.CheckConstraint(
                condition=Q(kind__in=["partner", "keep_apart", "guardian"]), name="client_link_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind="guardian") | Q(first__lt=F("second")), name="client_link_in_order"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("since")),
                name="client_link_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["first", "second", "kind"],
                condition=Q(ended_at__isnull=True),
                name="client_link_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_id}-{self.second_id}"


class Consent(models.Model):
    """A client's consent to one version of a text, until `withdrawn_at`."""

    class Kind(models.TextChoices):
        POLICY = "policy"
        TELEHEALTH = "telehealth"
        TEXTS = "texts"
        TREATMENT = "treatment"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    version = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["policy", "telehealth", "texts", "treatment"]), name="consent_kind"
            ),
            models.CheckConstraint(condition=~Q(version=""), name="consent_names_the_version"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_ends_after_it_was_given",
            ),
            models.UniqueConstraint(
                fields=["client", "kind", "version"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of client {self.client_id}"
