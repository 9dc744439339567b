"""The plain admin of what has no page yet: places, people, services and their rules. Bookings are not edited here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from .models import (
    Break,
    Clinician,
    Closure,
    DeskPost,
    ExternalPerson,
    ExternalWindow,
    InternalEvent,
    License,
    Location,
    LocationHours,
    Practice,
    Program,
    ProgramBlock,
    ProgramRole,
    Room,
    Service,
    TimeOff,
    TravelTime,
    UsualRoom,
    WorkingHours,
)


class HoursInline(admin.TabularInline):
    model = LocationHours
    extra = 0


class RoomInline(admin.TabularInline):
    model = Room
    extra = 0


@admin.register(Location)
class LocationAdmin(admin.ModelAdmin):
    list_display = ["name", "city", "zone", "is_active"]
    inlines = [HoursInline, RoomInline]


class LicenseInline(admin.TabularInline):
    model = License
    fk_name = "clinician"
    extra = 0


class WorkingHoursInline(admin.TabularInline):
    model = WorkingHours
    extra = 0


class BreakInline(admin.TabularInline):
    model = Break
    extra = 0


class UsualRoomInline(admin.TabularInline):
    model = UsualRoom
    extra = 0


@admin.register(Clinician)
class ClinicianAdmin(admin.ModelAdmin):
    list_display = ["name", "profession", "level", "base_location", "is_active"]
    list_filter = ["is_active", "profession", "base_location"]
    filter_horizontal = ["services", "roles"]
    inlines = [LicenseInline, WorkingHoursInline, BreakInline, UsualRoomInline]


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    list_display = ["name", "line", "party", "booking_mode", "is_active"]
    list_filter = ["line", "is_active"]
    filter_horizontal = ["locations"]


class BlockInline(admin.TabularInline):
    model = ProgramBlock
    extra = 0


@admin.register(Program)
class ProgramAdmin(admin.ModelAdmin):
    list_display = ["service", "days"]
    inlines = [BlockInline]


@admin.register(Practice)
class PracticeAdmin(admin.ModelAdmin):
    """One row: changed, never added twice or deleted."""

    def has_add_permission(self, request: Any) -> bool:
        return not Practice.objects.exists() and super().has_add_permission(request)

    def has_delete_permission(self, request: Any, obj: Practice | None = None) -> bool:
        return False


@admin.register(TravelTime)
class TravelTimeAdmin(admin.ModelAdmin):
    list_display = ["origin", "destination", "minutes"]
    list_filter = ["origin"]


@admin.register(DeskPost)
class DeskPostAdmin(admin.ModelAdmin):
    list_display = ["user", "location"]
    list_filter = ["location"]


admin.site.register([Closure, ExternalPerson, ExternalWindow, InternalEvent, ProgramRole, TimeOff])
