"""Time off, closures and internal events: the time they take, and their conflicts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from psycopg.types.range import Range

from backend.transactions import durable
from backend.worklist.models import WorkItem
from scheduling.models import Booking, Closure, InternalEvent, Reservation, TimeOff
from scheduling.operations.bookings.confirm import confirm_step, lock_for_confirming
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.staff_time.absences import save_closure_step, save_time_off_step
from scheduling.operations.staff_time.internal_events import NotReserved, remove_event_step, reserve_event_step
from tests.factories import MONDAY, NOW, a_practice, a_stranger, an_actor
from tests.racing import together
from tests.scheduling.groups import a_place_for_groups
from tests.scheduling.queries.world import a_visit, a_world, between, clock, found, starts

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(days=7)
LATER = NOW + timedelta(hours=1)
MONDAY_9, AGES = clock(MONDAY, 9), datetime(9999, 11, 1, tzinfo=UTC)


@pytest.fixture
def world():
    return a_world()


def an_event_of(world, **fields) -> InternalEvent:
    plain = {"kind": "meeting", "title": "Staff meeting", "during": between(10, 11), "location": world.office}
    event = InternalEvent.objects.create(**plain | fields)
    event.people.add(world.person)
    return event


def reserved(event: InternalEvent) -> int:
    return reserve_event_step(event=event, by=an_actor(), now=NOW)


def test_time_off_opens_a_work_item_for_an_appointment_in_conflict(world):
    visit = a_visit(world.person, world.service, world.office, between(10, 11))
    a_visit(world.person, world.service, world.office, between(14, 15))

    number = save_time_off_step(row=TimeOff(clinician=world.person, during=between(9, 12)), now=NOW)

    assert number == 1
    assert WorkItem.objects.get().subject_id == str(visit.appointment_id)


def test_time_off_over_a_dead_hold_has_no_conflict(world):
    a_visit(world.person, world.service, world.office, between(10, 11), held_until=NOW)

    assert save_time_off_step(row=TimeOff(clinician=world.person, during=between(9, 12)), now=NOW) == 0


def time_off(world):
    return save_time_off_step(row=TimeOff(clinician=world.person, during=between(9, 12)), now=LATER)


def closing(**place):
    def close(world):
        of_world = {name: getattr(world, told) for name, told in place.items()}
        return save_closure_step(row=Closure(during=between(9, 12), **of_world), now=LATER)

    return close


@pytest.mark.parametrize(
    "absent",
    [time_off, closing(room="room"), closing(location="office"), closing()],
    ids=["time off", "room", "office", "practice"],
)
def test_a_late_payment_books_nothing_into_an_absence_entered_before_F45(world, absent):
    """No sweep ran between. The dead hold was not listed as a conflict, so nobody would look at it."""
    booking = hold(opening=found(world.service)[0].id, by=a_stranger(), now=NOW)

    assert absent(world) == 0

    with pytest.raises(Taken):
        confirm_late(booking)
    assert WorkItem.objects.count() == 0


def test_a_late_payment_takes_no_seat_in_a_group_whose_leader_is_now_away_F45():
    a_practice()
    groups = a_place_for_groups()
    (planned,) = groups.open()
    seat = hold(opening=groups.free()[0].id, by=a_stranger(), now=NOW)

    row = TimeOff(clinician=groups.leader, during=planned.during)
    assert save_time_off_step(row=row, now=LATER) == 1

    with pytest.raises(Taken):
        confirm_late(seat)


@pytest.mark.parametrize("absent", [time_off, closing(location="office")])
def test_a_late_payment_confirms_a_dead_hold_that_does_not_overlap_an_absence_F45(world, absent):
    booking = hold(opening=found(world.service)[-1].id, by=a_stranger(), now=NOW)
    absent(world)

    assert confirm_late(booking).status == Booking.Status.CONFIRMED


@durable
def confirm_late(booking):
    locked = lock_for_confirming(booking=Booking.objects.get(pk=booking.pk))
    confirm_step(draft=BookingDraft.read(locked), by=a_stranger(), now=LATER)
    return locked


def test_time_off_saved_twice_opens_one_item(world):
    a_visit(world.person, world.service, world.office, between(10, 11))
    row = TimeOff(clinician=world.person, during=between(9, 12))
    save_time_off_step(row=row, now=NOW)

    save_time_off_step(row=row, now=NOW)

    assert WorkItem.objects.count() == 1


@pytest.mark.parametrize(
    ("place", "number"),
    [
        (lambda w: {"location": w.office}, 1),
        (lambda w: {"room": w.room}, 1),
        (lambda w: {}, 2),
    ],
    ids=["office", "room", "practice"],
)
def test_a_closure_lists_the_visits_inside_it(world, place, number):
    visit = a_visit(world.person, world.service, world.office, between(10, 11)).appointment
    visit.room = world.room
    visit.save()
    a_visit(world.person, world.service, None, between(11, 12))

    assert save_closure_step(row=Closure(during=between(9, 17), **place(world)), now=NOW) == number


def test_an_internal_event_is_reserved_on_every_date_at_the_same_wall_time_F25(world):
    event = an_event_of(world, repeat_weeks=1, repeat_until=MONDAY + 40 * WEEK)

    reserved(event)

    hours = [
        one.during.lower - clock((MONDAY + n * WEEK), 10) for n, one in enumerate(event.reservations.order_by("during"))
    ]
    assert len(hours) == 40
    assert not any(hours)
    assert "10:00" not in starts(world.service, MONDAY + 30 * WEEK)


def test_an_event_in_conflict_with_an_appointment_opens_a_work_item_and_the_appointment_stays(world):
    visit = a_visit(world.person, world.service, world.office, between(10, 11, MONDAY + WEEK))
    event = an_event_of(world, repeat_weeks=1, repeat_until=MONDAY + 3 * WEEK)

    assert reserved(event) == 1

    assert event.reservations.count() == 2
    assert Reservation.objects.filter(pk=visit.pk, released_at=None).exists()
    item = WorkItem.objects.get()
    assert (item.kind, item.subject_id) == (WorkItem.Kind.CLASH, (MONDAY + WEEK).isoformat())


def test_a_conflict_of_an_event_without_an_office_goes_to_the_desk_of_its_people(world):
    a_visit(world.person, world.service, world.office, between(10, 11))

    reserved(an_event_of(world, location=None))

    assert WorkItem.objects.get().location_id == world.office.pk


def test_an_event_that_was_moved_frees_its_old_time(world):
    event = an_event_of(world)
    reserved(event)
    event.during = between(14, 15)
    event.save()

    reserved(event)

    assert "10:00" in starts(world.service)
    assert "14:00" not in starts(world.service)


def test_an_event_that_is_removed_frees_all_its_time(world):
    event = an_event_of(world, room=world.room)
    reserved(event)

    remove_event_step(event=event)

    assert "10:00" in starts(world.service)
    assert not InternalEvent.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"during": Range(MONDAY_9, MONDAY_9 + 9 * DAY)}, "would repeat before it ends"),
        ({"repeat_until": date(3000, 6, 1)}, "within three years of its start"),
        ({"repeat_until": MONDAY + 1099 * DAY}, "within three years of its start"),
        ({"during": Range(AGES, AGES + DAY), "repeat_until": date.max}, "Give years from 2000 to 2199"),
        ({"during": Range(MONDAY_9, AGES)}, "Give years from 2000 to 2199"),
    ],
)
def test_an_event_that_overlaps_itself_or_repeats_too_long_is_refused_in_words(world, fields, words):
    event = an_event_of(world, **{"repeat_weeks": 1, "repeat_until": MONDAY + 4 * WEEK} | fields)

    with pytest.raises(NotReserved, match=words):
        reserved(event)

    assert not Reservation.objects.exists()


def test_an_event_of_three_years_is_reserved_on_every_date(world):
    event = an_event_of(world, repeat_weeks=1, repeat_until=MONDAY + 1098 * DAY)

    reserved(event)

    assert event.reservations.count() == 157


@pytest.mark.parametrize("first", [date(2027, 3, 1), date(2027, 11, 1)], ids=["spring", "fall"])
def test_an_event_that_lasts_until_its_next_date_has_no_gap_across_a_clock_change_F25(world, first):
    weeks = [clock(first + n * WEEK, 9) for n in range(4)]
    event = an_event_of(world, kind="on_call", during=Range(*weeks[:2]), repeat_weeks=1, repeat_until=first + 3 * WEEK)

    reserved(event)

    taken = [one.during for one in event.reservations.order_by("during")]
    assert [one.lower for one in taken] == weeks[:3]
    assert all(one.upper == following for one, following in zip(taken[:-1], weeks[1:], strict=False))


def test_an_event_has_no_occurrence_on_a_night_when_clocks_skip_its_time_F28(world):
    sunday = MONDAY.replace(year=2027, month=3, day=7)
    event = an_event_of(world, during=between(2.5, 3, sunday), repeat_weeks=1, repeat_until=sunday + 3 * WEEK)

    reserved(event)

    assert event.reservations.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_booking_made_while_time_off_is_saved_is_refused_or_listed():
    world = a_world()
    for number, opening in enumerate([one.id for one in found(world.service)]):
        during = between(9 + number, 10 + number)

        def act(thread: int, opening=opening, during=during):
            if thread:
                return hold(opening=opening, by=a_stranger(str(during.lower)), now=NOW)
            with transaction.atomic():
                return save_time_off_step(row=TimeOff(clinician=world.person, during=during), now=NOW)

        listed, booked = together(2, act)
        assert listed == (not isinstance(booked, Taken)), booked
