"""Prices and policies in the plain admin. The ledger is not there, because only operations add its lines."""

from django.contrib import admin

from .models import ClientRate, Policy, PolicyTier, Price


class TierInline(admin.TabularInline):
    model = PolicyTier
    extra = 0


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin):
    list_display = ["__str__", "service", "valid_from"]
    inlines = [TierInline]


@admin.register(Price)
class PriceAdmin(admin.ModelAdmin):
    list_display = ["service", "level", "amount_cents", "valid_from"]
    list_filter = ["service"]


admin.site.register(ClientRate)
