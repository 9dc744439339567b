"""Places, people, services and their rules in the plain admin. Bookings are not edited here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from backend.accounts.actor import Actor
from scheduling.operations.staff_time.absences import save_closure_step, save_time_off_step
from scheduling.operations.staff_time.internal_events import remove_event_step, reserve_event_step

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
from .period_forms import PeriodForm
from .program_forms import BlockFormSet


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
    formset = BlockFormSet
    extra = 0


@admin.register(Program)
class ProgramAdmin(admin.ModelAdmin):
    list_display = ["service", "days"]
    inlines = [BlockInline]


@admin.register(Practice)
class PracticeAdmin(admin.ModelAdmin):
    """The single row can be changed, but not deleted, and no second one can be added."""

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


class PeriodAdmin(admin.ModelAdmin):
    """Base of admins whose period is typed in wall time."""

    form = PeriodForm
    exclude = ["during"]


@admin.register(TimeOff)
class TimeOffAdmin(PeriodAdmin):
    """Saves through the operation, which opens work items for conflicting appointments."""

    list_display = ["clinician", "during", "reason"]
    list_filter = ["clinician"]

    def save_model(self, request: Any, obj: TimeOff, form: Any, change: bool) -> None:
        _tell_clashes(request, save_time_off_step(row=obj, now=timezone.now()))


@admin.register(Closure)
class ClosureAdmin(PeriodAdmin):
    """Saves through the operation, which opens work items for conflicting appointments."""

    list_display = ["during", "location", "room", "reason"]
    list_filter = ["location"]

    def save_model(self, request: Any, obj: Closure, form: Any, change: bool) -> None:
        _tell_clashes(request, save_closure_step(row=obj, now=timezone.now()))


@admin.register(InternalEvent)
class InternalEventAdmin(PeriodAdmin):
    """Reserves the occurrences after the people are saved. Deleting an event deletes its reservations."""

    list_display = ["title", "kind", "during", "repeat_weeks", "repeat_until"]
    list_filter = ["kind", "location"]
    filter_horizontal = ["people"]

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        by = Actor(user=request.user)
        _tell_clashes(request, reserve_event_step(event=form.instance, by=by, now=timezone.now()))

    def get_deleted_objects(self, objs: Any, request: Any) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """List the events only: their reservations are deleted with them and do not block the deletion."""
        titles = [str(event) for event in objs]
        return titles, {"internal events": len(titles)}, set(), []

    def delete_model(self, request: Any, obj: InternalEvent) -> None:
        self.delete_queryset(request, [obj])

    @transaction.atomic
    def delete_queryset(self, request: Any, queryset: Any) -> None:
        for event in queryset:
            remove_event_step(event=event)


def _tell_clashes(request: Any, number: int) -> None:
    if number:
        words = ngettext(
            "It clashes with %d appointment, which is now on the desk's list.",
            "It clashes with %d appointments, which are now on the desk's list.",
            number,
        )
        messages.warning(request, words % number)


admin.site.register([ExternalPerson, ProgramRole])
admin.site.register(ExternalWindow, PeriodAdmin)
