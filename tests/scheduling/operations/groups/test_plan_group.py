"""Opening a group, and reporting a cohort with too few people."""

from datetime import timedelta

import pytest
from psycopg.types.range import Range

from backend.worklist.models import WorkItem
from backend.worklist.operations import resolve
from scheduling.models import Appointment, Cohort, Reservation, Room
from scheduling.operations.bookings.refused import Taken
from scheduling.operations.groups.plan_group import NotOpened, report_short_cohorts
from tests.factories import NOW, a_clinician, a_practice, a_room, a_service, a_stranger, in_days, openings_of
from tests.scheduling.groups import TUESDAY, WEEK, a_place_for_groups, sit_in
from tests.scheduling.queries.world import CHICAGO, an_event, between

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def groups():
    a_practice()
    return a_place_for_groups()


# --- opening ------------------------------------------------------------------------------------------------


def test_a_cohort_meets_at_the_same_wall_time_across_the_clock_change_F25(groups):
    planned = groups.open_cohort()

    local = [one.during[0].astimezone(CHICAGO) for one in planned]
    assert [at.date() for at in local] == [TUESDAY + n * WEEK for n in range(6)]
    assert {(at.hour, at.minute) for at in local} == {(11, 0)}
    assert len({at.utcoffset() for at in local}) == 2
    assert {one.cohort for one in planned} == {Cohort.objects.get()}


def test_an_open_group_reserves_only_its_clinician_and_room(groups):
    (planned,) = groups.open()

    taken = set(Reservation.objects.values_list("resource", "during", "held_until"))
    during = Range(planned.during[0], planned.during[1] + timedelta(minutes=10), "[)")
    assert taken == {(groups.leader.pk, during, None), (groups.room.pk, during, None)}


def test_a_group_counts_toward_its_clinicians_daily_limit(groups):
    single = a_service(locations=[groups.office], step_minutes=60)
    groups.leader.services.add(single)
    groups.leader.daily_minutes_cap = 100
    groups.leader.save()
    before = openings_of(service=single, first=TUESDAY, until=TUESDAY + in_days(2), now=NOW)

    groups.open()

    after = openings_of(service=single, first=TUESDAY, until=TUESDAY + in_days(2), now=NOW)
    days = [{one.starts_at.astimezone(CHICAGO).date() for one in found} for found in (before, after)]
    assert days == [{TUESDAY, TUESDAY + in_days(1)}, {TUESDAY + in_days(1)}]


def test_a_cohort_with_one_taken_date_is_not_opened_F10(groups):
    an_event(groups.leader.resource, between(11, 12, TUESDAY + 3 * WEEK))

    with pytest.raises(Taken):
        groups.open_cohort()

    assert (Cohort.objects.count(), Appointment.objects.count()) == (0, 0)


def test_two_clinicians_who_lead_together_are_both_reserved_and_the_room_holds_everybody(groups):
    small, big = groups.room, a_room(groups.office, capacity=8)
    Room.objects.filter(pk=small.pk).update(capacity=5)  # four seats and one who leads
    other = a_clinician(groups.office, services=[groups.service])

    (planned,) = groups.open(clinicians=[groups.leader, other])

    assert list(planned.leads.order_by("pk").values_list("clinician", flat=True)) == [groups.leader.pk, other.pk]
    assert planned.room == big
    assert set(planned.reservations.values_list("resource", flat=True)) == {groups.leader.pk, other.pk, big.pk}


def test_two_clinicians_who_lead_together_must_both_be_free_F14(groups):
    other = a_clinician(groups.office, services=[groups.service])
    an_event(other.resource, between(11, 12, TUESDAY))

    with pytest.raises(Taken):
        groups.open(clinicians=[groups.leader, other])

    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": a_stranger()},
        {"clinicians": []},
        {"times": 0},
        {"times": 61},
        {"minimum": 2},
        {"enroll_by": NOW, "minimum": 2},
        {"enroll_by": NOW + in_days(1), "minimum": 5},
        {"enroll_by": NOW + in_days(1), "minimum": 0},
    ],
)
def test_an_invalid_group_is_refused_in_words(groups, wrong):
    with pytest.raises(NotOpened, match=r"\w+ \w+"):
        groups.open(**wrong)

    assert not Appointment.objects.exists()


def test_a_group_of_a_service_for_one_person_is_refused(groups):
    with pytest.raises(NotOpened):
        groups.open(service=a_service(locations=[groups.office]))


def test_a_wall_time_that_the_clocks_skip_on_one_date_is_refused_in_words_F28(groups):
    with pytest.raises(NotOpened, match="2:30"):
        groups.open(day=TUESDAY - in_days(2), hour=2.5, times=3)


# --- too few people -----------------------------------------------------------------------------------------


def test_a_cohort_with_too_few_people_opens_one_work_item(groups):
    planned = groups.open_cohort(minimum=3)
    sit_in(planned, seat_no=1)
    sit_in(planned, seat_no=2)
    sit_in(planned, seat_no=3, confirmed=False)
    ended = planned[0].cohort.enroll_by

    assert [report_short_cohorts(now=at) for at in (ended - timedelta(seconds=1), ended, ended)] == [0, 1, 0]

    item = WorkItem.objects.get()
    assert (item.kind, item.location_id, item.subject_id) == ("deadline", groups.office.pk, str(planned[0].cohort.pk))
    assert "2 of at least 3" in item.words
    resolve(item=item, resolution="It takes place", by=groups.staff, now=ended)
    assert report_short_cohorts(now=ended + timedelta(hours=1)) == 0
    assert {one.status for one in Appointment.objects.all()} == {"planned"}


def test_a_cohort_with_enough_people_or_over_or_canceled_opens_no_work_item(groups):
    enough, over = (groups.open_cohort(hour=hour, times=1, minimum=1) for hour in (9, 11))
    off = groups.open_cohort(day=TUESDAY + WEEK, times=1)
    sit_in(enough)
    off[0].cohort.cancelled_at = NOW
    off[0].cohort.save()

    assert report_short_cohorts(now=over[0].during[1]) == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"mode": "phone"}, "Choose one of its own ways to meet"),
        ({"mode": "fax"}, "Choose one of its own ways to meet"),
        ({"times": 2, "every_n_weeks": 0}, "every week, or every 2 to 12 weeks"),
        ({"times": 2, "every_n_weeks": -1}, "every week, or every 2 to 12 weeks"),
        ({"times": 2, "every_n_weeks": 10**9}, "every week, or every 2 to 12 weeks"),
    ],
)
def test_a_group_with_an_unknown_mode_or_interval_is_refused_in_words(groups, wrong, words):
    with pytest.raises(NotOpened, match=words):
        groups.open(**wrong)
