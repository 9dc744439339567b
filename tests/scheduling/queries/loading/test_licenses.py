"""A license counts in the state of the location. An associate's license counts while the supervisor's does."""

import pytest

from scheduling.models import Clinician, License, Location
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.refused import Taken
from tests.factories import MONDAY, NOW, a_clinician, a_location, a_practice, a_room, a_stranger, in_days, working_hours
from tests.scheduling.queries.world import ALL_DAY, World, a_world, found, starts

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + in_days(1)


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def supervisor(world: World) -> Clinician:
    """A supervisor of the world's clinician, who becomes an associate."""
    supervisor = a_clinician(world.office, hours=None)
    world.person.licenses.update(kind="lpc_associate", supervisor=supervisor)
    return supervisor


def across_the_border(world: World) -> Location:
    """An office in Oklahoma where the person works the same hours."""
    there = a_location("durant", state="OK")
    a_room(there)
    world.service.locations.add(there)
    working_hours(world.person, there)
    return there


def test_a_clinician_licensed_in_one_state_is_offered_only_in_its_offices(world: World):
    there = across_the_border(world)

    assert (starts(world.service, location=world.office), starts(world.service, location=there)) == (ALL_DAY, [])
    assert {one.location for one in found(world.service)} == {world.office}


def test_a_license_in_each_state_counts_until_its_own_last_day(world: World):
    there = across_the_border(world)
    License.objects.create(clinician=world.person, kind="lpc", number="1", state="OK", expires_on=MONDAY)

    assert [{one.location for one in found(world.service, day)} for day in (MONDAY, TUESDAY)] == [
        {world.office, there},
        {world.office},
    ]


def test_for_work_from_home_the_state_of_the_base_location_counts(world: World):
    there = across_the_border(world)
    type(world.service).objects.update(modes=["online"])
    world.person.working_hours.update(location=None)
    assert starts(world.service) == ALL_DAY

    Clinician.objects.update(base_location=there)
    assert starts(world.service) == []


def test_an_associate_is_offered_as_long_as_the_supervisor_is_licensed(world: World, supervisor: Clinician):
    supervisor.licenses.update(expires_on=MONDAY)

    assert (starts(world.service), starts(world.service, TUESDAY)) == (ALL_DAY, [])


def test_an_associate_is_not_offered_past_their_own_license(world: World, supervisor: Clinician):
    world.person.licenses.update(expires_on=MONDAY)

    assert (starts(world.service), starts(world.service, TUESDAY)) == (ALL_DAY, [])


@pytest.mark.parametrize(
    "supervisors",
    [{"state": "OK"}, {"kind": "lpc_associate"}, None],
    ids=["in another state", "an associate too", "without any"],
)
def test_without_a_supervisors_own_license_in_the_state_an_associate_is_not_offered(world, supervisor, supervisors):
    if supervisors is None:
        supervisor.licenses.all().delete()
    else:
        supervisor.licenses.update(**supervisors, supervisor=world.person)

    assert starts(world.service) == []


def test_an_associate_whose_supervisor_has_left_is_not_offered(world: World, supervisor: Clinician):
    Clinician.objects.filter(pk=supervisor.pk).update(is_active=False)

    assert starts(world.service) == []


def test_the_longest_of_the_supervisors_licenses_in_the_state_counts(world: World, supervisor: Clinician):
    supervisor.licenses.update(expires_on=MONDAY - in_days(9))
    License.objects.create(clinician=supervisor, kind="lmft", number="7", state="TX", expires_on=MONDAY)

    assert (starts(world.service), starts(world.service, TUESDAY)) == (ALL_DAY, [])


def test_a_full_license_beside_an_associates_needs_no_supervisor(world: World, supervisor: Clinician):
    supervisor.licenses.all().delete()
    License.objects.create(clinician=world.person, kind="lmft", number="7", state="TX", expires_on=MONDAY)

    assert (starts(world.service), starts(world.service, TUESDAY)) == (ALL_DAY, [])


def test_a_time_shown_before_the_supervisors_license_ran_out_is_refused_under_lock_F12(world, supervisor):
    a_practice()
    opening = found(world.service, TUESDAY)[0]
    supervisor.licenses.update(expires_on=MONDAY)

    with pytest.raises(Taken):
        hold(opening=opening.id, by=a_stranger(), now=NOW)
