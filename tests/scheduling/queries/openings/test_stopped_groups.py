"""Groups that cannot take place as they were planned, and groups that are not for new clients."""

import pytest

from scheduling.models import Clinician, Closure, Room, Service, TimeOff, WorkingHours
from scheduling.opening_id import UnknownOpening
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import Taken
from tests.factories import NOW, a_practice, an_actor
from tests.scheduling.groups import a_place_for_groups

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups():
    a_practice()
    return a_place_for_groups()


STOPS = {
    "the office is closed": lambda g, at: Closure.objects.create(location=g.office, during=at),
    "the room is closed": lambda g, at: Closure.objects.create(room=g.room, during=at),
    "the practice is closed": lambda g, at: Closure.objects.create(during=at),
    "the room was given up": lambda g, at: Room.objects.update(is_active=False),
    "it meets in a way that is offered no more": lambda g, at: Service.objects.update(modes=["online"]),
    "who leads it is away": lambda g, at: TimeOff.objects.create(clinician=g.leader, during=at),
    "who leads it has left": lambda g, at: Clinician.objects.update(is_active=False),
}


@pytest.mark.parametrize("why", STOPS)
def test_a_meeting_that_cannot_take_place_has_no_seats(groups, why):
    (planned,) = groups.open()
    (opening,) = groups.free()

    STOPS[why](groups, planned.during)

    assert groups.free() == []
    with pytest.raises((Taken, UnknownOpening)):
        hold(opening=opening.id, by=an_actor(), now=NOW)


def test_a_cohort_with_one_meeting_that_cannot_take_place_is_closed_until_the_desk_acts(groups):
    planned = groups.open_cohort()

    TimeOff.objects.create(clinician=groups.leader, during=planned[3].during)

    assert groups.free() == []


def test_a_group_online_from_home_continues_while_the_office_is_closed(groups):
    WorkingHours.objects.update(location=None)
    Clinician.objects.update(base_location=groups.office)
    (planned,) = groups.open(mode="online")

    Closure.objects.create(location=groups.office, during=planned.during)

    assert len(groups.free()) == 1


def test_a_group_online_from_home_stops_while_the_whole_practice_is_closed(groups):
    WorkingHours.objects.update(location=None)
    Clinician.objects.update(base_location=groups.office)
    (planned,) = groups.open(mode="online")

    Closure.objects.create(during=planned.during)

    assert groups.free() == []


@pytest.mark.parametrize("what", ["the service", "who leads it"])
def test_a_group_for_known_clients_gives_new_clients_no_seat(groups, what):
    if what == "the service":
        Service.objects.update(for_new_clients=False)
    else:
        Clinician.objects.update(takes_new_clients=False)

    assert len(groups.open()) == 1
    assert groups.free() == []
