"""The lock order, everywhere: a holder, resources by id, bookings by id, group appointments by id, payments by id."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from backend.transactions import assert_in_transaction
from scheduling.models import Appointment, Booking, Resource, Service


def lock_holder(holder: str) -> None:
    """Let the holds of one browser or API secret, which is no row, be counted one after another (F19)."""
    assert_in_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"holder:{holder}"])


def lock_resources(ids: Iterable[int]) -> list[int]:
    """Lock what will be used up, in id order. Freeing time needs no such lock."""
    assert_in_transaction()
    wanted = Resource.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(no_key=True)
    return list(wanted.values_list("pk", flat=True))


def lock_bookings(ids: Iterable[int]) -> list[Booking]:
    """Lock bookings in id order and return them as they are now."""
    assert_in_transaction()
    return list(Booking.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(no_key=True))


def lock_booking(booking_id: int) -> Booking:
    """Lock one booking. Raises Booking.DoesNotExist."""
    assert_in_transaction()
    return Booking.objects.select_for_update(no_key=True).get(pk=booking_id)


def lock_groups(ids: Iterable[int]) -> None:
    """Lock those of the appointments that are a group's, in id order: whose seats are counted while others come and go.

    The database counts seats as attendances change, which locks their appointments too: so call it before.
    """
    assert_in_transaction()
    groups = Appointment.objects.filter(pk__in=set(ids), service__party=Service.Party.GROUP)
    list(groups.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
