"""The practice itself: names, contact and statement suffix."""

from django.db import models
from django.db.models import Q
from phonenumber_field.modelfields import PhoneNumberField


class Practice(models.Model):
    """The only row of its table. `short_name` is neutral; messages, invites and statements use no other name."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    phone = PhoneNumberField()
    email = models.EmailField(help_text="Sender and organizer of messages and invites.")
    crisis_words = models.CharField(
        max_length=300,
        default="If you are in immediate danger, call 911. To talk to someone now, call or text 988, any time.",
    )
    exit_url = models.URLField(default="https://www.weather.gov/")
    statement_suffix = models.CharField(max_length=10, help_text="What the card statement shows; neutral.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="practice_is_one")]

    def __str__(self) -> str:
        return self.short_name
