"""Row locks, in one order everywhere: holder, resources, bookings, group appointments, payments; each by id."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from backend.transactions import assert_in_transaction
from scheduling.models import Appointment, Booking, Resource, Service


def lock_holder(holder: str) -> None:
    """Lock one browser's or API caller's secret, so that its holds are counted one at a time (F19).

    A holder has no row, so this is an advisory lock. It ends with the transaction.
    """
    assert_in_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"holder:{holder}"])


def lock_resources(ids: Iterable[int]) -> list[int]:
    """Lock the resources whose time will be taken, in id order, and return their ids.

    A queryset of ids becomes a subquery, which saves a statement. Freeing time needs no resource lock.
    """
    assert_in_transaction()
    resources = (
        Resource.objects.filter(pk__in=ids if isinstance(ids, QuerySet) else set(ids))
        .order_by("pk")
        .select_for_update(no_key=True)
    )
    return list(resources.values_list("pk", flat=True))


def lock_bookings(ids: Iterable[int]) -> list[Booking]:
    """Lock bookings in id order and return their current rows."""
    assert_in_transaction()
    wanted = set(ids)
    return list(_locked().filter(pk__in=wanted).order_by("pk")) if wanted else []


def lock_booking(booking_id: int) -> Booking:
    """Lock one booking. Raises Booking.DoesNotExist."""
    assert_in_transaction()
    return _locked().get(pk=booking_id)


def _locked() -> QuerySet[Booking]:
    # Every step reads the service and the office, so they are joined. `of` keeps them unlocked.
    return Booking.objects.select_related("service__program", "location").select_for_update(no_key=True, of=("self",))


def lock_groups(ids: Iterable[int]) -> None:
    """Lock the group appointments among `ids`, in id order, so that their seats can be counted.

    A trigger also locks an appointment when its attendances change. Call this first, or the order is lost.
    """
    assert_in_transaction()
    groups = Appointment.objects.filter(pk__in=set(ids), service__party=Service.Party.GROUP)
    list(groups.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
