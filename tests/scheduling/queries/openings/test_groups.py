"""Groups: exactly the listed openings can be booked (F12, F13)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.models import (
    Appointment,
    Attendance,
    ClientLink,
    Clinician,
    Cohort,
    Location,
    Reservation,
    Service,
)
from scheduling.opening_id import OpeningId, UnknownOpening
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import Taken
from scheduling.queries.openings.listing import openings
from scheduling.queries.openings.party import party_of
from scheduling.queries.openings.search import Search
from tests import factories as make
from tests.factories import MONDAY, NOW, a_client, a_stranger, in_days
from tests.scheduling.groups import TUESDAY, WEEK, a_place_for_groups, sit_in
from tests.scheduling.models import rows
from tests.scheduling.queries.world import an_event, between, clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups():
    return a_place_for_groups()


# --- what is listed -----------------------------------------------------------------------------------------


def test_a_cohort_is_one_opening_with_all_its_dates(groups):
    planned = groups.open_cohort()

    (opening,) = groups.free()

    assert opening.starts == tuple(one.during[0] for one in planned)
    assert (opening.ends_at, opening.seats_left) == (planned[0].during[1], 4)
    assert (opening.clinicians, opening.pins) == ((groups.leader,), (groups.leader.pk,))


def test_a_group_without_enrollment_is_an_opening_for_each_date(groups):
    planned = groups.open(times=3)

    assert [one.starts for one in groups.free()] == [(one.during[0],) for one in planned]


def test_a_cohort_is_listed_on_its_first_date_only(groups):
    groups.open_cohort()

    assert [len(groups.free(first=TUESDAY + n * in_days(1), days=1)) for n in (-1, 0, 1, 7)] == [0, 1, 0, 0]


def test_a_cohort_that_has_begun_is_booked_from_its_next_date_on(groups):
    planned = groups.open_cohort(enroll_by=clock(TUESDAY + 2 * WEEK, 17))

    (opening,) = groups.free(now=planned[1].during[1])

    assert opening.starts == tuple(one.during[0] for one in planned[2:])


def test_an_empty_window_names_the_first_date_of_a_group(groups):
    groups.open_cohort()

    found = openings(Search(service=groups.service, first=MONDAY, until=MONDAY + in_days(7), now=NOW))

    assert (found.openings, found.next_on) == ([], TUESDAY)


def test_live_holds_and_confirmed_seats_count_and_dead_holds_do_not_F6(groups):
    (planned,) = groups.open()
    sit_in([planned], seat_no=1)
    sit_in([planned], seat_no=2, confirmed=False)
    sit_in([planned], seat_no=3, confirmed=False, held_at=NOW - in_days(1), hold_expires_at=NOW)

    assert [one.seats_left for one in groups.free()] == [2]
    assert [one.seats_left for one in groups.free(now=NOW + timedelta(hours=1))] == [3]


def test_the_seats_left_of_a_cohort_are_those_of_its_fullest_date(groups):
    planned = groups.open_cohort()
    sit_in(planned)
    sit_in(planned[3:4], seat_no=2)

    assert [one.seats_left for one in groups.free()] == [2]


def test_a_full_group_is_not_listed(groups):
    planned = groups.open(times=2)
    for number in range(4):
        sit_in(planned[:1], seat_no=number + 1)

    assert [one.starts_at for one in groups.free()] == [planned[1].during[0]]


def test_a_group_is_not_listed_once_enrollment_has_ended(groups):
    planned = groups.open_cohort()
    ended = planned[0].cohort.enroll_by

    assert [len(groups.free(now=at)) for at in (ended - timedelta(seconds=1), ended)] == [1, 0]


def test_groups_outside_the_services_notice_and_horizon_are_not_listed(groups):
    """One hour and 180 days. Staff may book inside the notice, but not in the past."""
    (planned,) = groups.open()
    start = planned.during[0]
    just = timedelta(seconds=1)

    def listed(now, **more):
        return len(groups.free(now=now, **more))

    assert [listed(start - timedelta(hours=1) + late) for late in (timedelta(), just)] == [1, 0]
    assert [listed(start - early, waive_notice=True) for early in (just, timedelta())] == [1, 0]
    assert [listed(start - in_days(180) + late) for late in (timedelta(), just)] == [0, 1]


def test_a_canceled_group_is_not_listed(groups):
    stays, goes = groups.open(times=2)
    for cohort in (groups.open_cohort(hour=14), groups.open_cohort(hour=9, times=1)):
        Cohort.objects.filter(pk=cohort[0].cohort_id).update(cancelled_at=NOW)
    Appointment.objects.filter(pk=goes.pk).update(status="cancelled", cancelled_at=NOW)

    assert [one.starts_at for one in groups.free()] == [stays.during[0]]


def test_groups_are_filtered_like_all_openings(groups):
    other = a_place_for_groups()
    other.service = groups.service
    other.service.locations.add(other.office)
    other.leader.services.add(groups.service)
    here, online = groups.open()[0], groups.open(hour=14, mode="online")[0]
    there = other.open()[0]

    def listed(**criteria):
        return [(one.location, one.mode) for one in groups.free(**criteria)]

    assert listed(location=groups.office) == [(groups.office, "office"), (groups.office, "online")]
    assert listed(clinician=other.leader) == [(other.office, "office")]
    assert listed(mode="online") == [(groups.office, "online")]
    assert listed(mode="phone") == []
    assert [one.during[0] for one in (here, there, online)] == [one.starts_at for one in groups.free()]


def test_strangers_are_offered_no_group_of_a_clinician_who_takes_no_new_clients(groups):
    groups.open()
    Clinician.objects.update(takes_new_clients=False)

    known = party_of([a_client().pk], groups.service, now=NOW)
    assert (len(groups.free()), len(groups.free(party=known))) == (0, 1)


def test_a_known_client_is_offered_no_group_beside_their_own_visit_or_a_client_kept_apart(groups):
    one, other = a_client(), a_client()
    ClientLink.objects.create(first=one, second=other, kind="keep_apart", since=NOW)
    busy, met, nearby, free = groups.open(times=4)
    an_event(one.resource, between(12, 13, TUESDAY))
    _comes(other, met)
    _comes(other, rows.saved(rows.appointment(location=groups.office, office=groups.office, during=nearby.during)))
    party = party_of([one.pk], groups.service, now=NOW)

    assert [found.starts_at for found in groups.free(party=party)] == [free.during[0]]
    assert len(groups.free()) == 4
    assert busy.during[0] == groups.free()[0].starts_at


def _comes(client, appointment):
    """A confirmed visit of a client, with their own time reserved."""
    booking = sit_in([appointment])
    person = booking.participants.get()
    person.client = client
    person.save()
    seat = person.attendances.get()
    appointment.refresh_from_db()
    Reservation.objects.create(resource=client.resource, during=appointment.during, attendance=seat)


@pytest.mark.parametrize(("known", "statements"), [(False, 2), (True, 3)])
def test_the_list_takes_as_many_statements_for_thirty_groups_as_for_one(groups, known, statements):
    one, other = a_client(), a_client()
    ClientLink.objects.create(first=one, second=other, kind="keep_apart", since=NOW)
    party = party_of([one.pk] if known else [], groups.service, now=NOW)

    def counted():
        with CaptureQueriesContext(connection) as caught:
            found = openings(
                Search(service=groups.service, first=MONDAY, until=MONDAY + in_days(90), now=NOW, party=party)
            )
        return len(found.openings), len(caught)

    sit_in(groups.open())
    few = counted()
    for hour in (9, 13, 15):
        sit_in(groups.open(hour=hour, times=8))
        sit_in(groups.open_cohort(day=TUESDAY + in_days(1), hour=hour))

    assert (few, counted()) == ((1, statements), (28, statements))


# --- by hand ------------------------------------------------------------------------------------------------


def forged(opening, **changes):
    return OpeningId(**{**vars(OpeningId.decode(opening.id)), **changes}).encode()


def test_a_hand_made_group_opening_is_refused_F12(groups):
    elsewhere = a_place_for_groups()
    groups.service.locations.add(elsewhere.office)
    planned = groups.open_cohort()
    (cohort,) = groups.free()
    starts = cohort.starts
    later = tuple(start + timedelta(minutes=15) for start in starts)

    for wrong in (
        {"further": ()},
        {"further": starts[1:3]},
        {"further": starts[2:]},
        {"starts_at": starts[1], "further": starts[2:]},
        {"further": (*starts[1:], starts[-1] + WEEK)},
        {"starts_at": later[0], "further": later[1:]},
        {"location": elsewhere.office.slug},
        {"clinicians": (elsewhere.leader.pk,)},
        {"clinicians": ()},
        {"clinicians": (groups.leader.pk, elsewhere.leader.pk)},
        {"mode": "online"},
        {"mode": "phone"},
        {"every_n_weeks": 1},
        {"service": make.a_service(locations=[groups.office]).slug},
    ):
        with pytest.raises((Taken, UnknownOpening)):
            hold(opening=forged(cohort, **wrong), by=a_stranger(), now=NOW)

    assert not Attendance.objects.exists()
    assert [one.seats_taken for one in planned] == [0] * 6


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda planned: Cohort.objects.update(enroll_by=NOW), "Enrollment"),
        (lambda planned: Cohort.objects.update(cancelled_at=NOW), "not offered"),
        (lambda planned: Appointment.objects.update(status="cancelled", cancelled_at=NOW), "not offered"),
        (lambda planned: [sit_in(planned[1:2], seat_no=n) for n in (1, 2, 3, 4)], "last seat"),
        (lambda planned: Service.objects.update(notice_minutes=60 * 24 * 40), "too soon"),
        (lambda planned: Service.objects.update(horizon_days=3), "that far ahead"),
        (lambda planned: Clinician.objects.update(takes_new_clients=False), "not offered"),
        (lambda planned: Location.objects.update(is_active=False), "not known"),
    ],
)
def test_a_group_opening_listed_earlier_is_refused_once_it_cannot_be_booked_F12(groups, spoil, words):
    planned = groups.open_cohort()
    (opening,) = groups.free()
    spoil(planned)

    with pytest.raises((Taken, UnknownOpening), match=words):
        hold(opening=opening.id, by=a_stranger(), now=NOW)

    assert groups.free() == []
