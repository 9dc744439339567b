"""The lock order, everywhere: a holder, resources by id, bookings by id, group appointments by id, payments by id."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from backend.transactions import assert_in_transaction
from scheduling.models import Appointment, Booking, Resource, Service


def lock_holder(holder: str) -> None:
    """Let the holds of one browser or API secret, which is no row, be counted one after another (F19)."""
    assert_in_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"holder:{holder}"])


def lock_resources(ids: Iterable[int]) -> list[int]:
    """Lock the resources whose time will be taken, in id order; a queryset of ids is not read first.

    Returns the ids. Freeing time needs no such lock.
    """
    assert_in_transaction()
    wanted = (
        Resource.objects.filter(pk__in=ids if isinstance(ids, QuerySet) else set(ids))
        .order_by("pk")
        .select_for_update(no_key=True)
    )
    return list(wanted.values_list("pk", flat=True))


def lock_bookings(ids: Iterable[int]) -> list[Booking]:
    """Lock bookings in id order and return them as they are now."""
    assert_in_transaction()
    wanted = set(ids)
    return list(_locked().filter(pk__in=wanted).order_by("pk")) if wanted else []


def lock_booking(booking_id: int) -> Booking:
    """Lock one booking. Raises Booking.DoesNotExist."""
    assert_in_transaction()
    return _locked().get(pk=booking_id)


def _locked() -> QuerySet[Booking]:
    # With the service and the office, which every step asks for and which are not locked.
    return Booking.objects.select_related("service__program", "location").select_for_update(no_key=True, of=("self",))


def lock_groups(ids: Iterable[int]) -> None:
    """Lock those of the appointments that are a group's, in id order: whose seats are counted while others come and go.

    The database counts seats as attendances change, which locks their appointments too: so call it before.
    """
    assert_in_transaction()
    groups = Appointment.objects.filter(pk__in=set(ids), service__party=Service.Party.GROUP)
    list(groups.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
