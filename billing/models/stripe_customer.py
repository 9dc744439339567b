"""Clients' customer ids at the payment provider, which knows clients by an opaque id only."""

from django.db import models
from django.db.models import Q

from scheduling.models import Client


class StripeCustomer(models.Model):
    """The provider's customer id of one client, and the card saved last, which pays the balance."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, primary_key=True, related_name="stripe_customer")
    customer_id = models.CharField(max_length=80, unique=True)
    payment_method_id = models.CharField(max_length=80, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(customer_id=""), name="stripe_customer_has_an_id")]

    def __str__(self) -> str:
        return f"customer of client {self.client_id}"
