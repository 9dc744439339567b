"""“Why not?” for single appointments: obstacles in words, changes that open the date, and the number of statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.models import (
    BusyTime,
    ClientLink,
    License,
    Location,
    LocationHours,
    Reservation,
    TimeOff,
)
from scheduling.operations.bookings.hold import hold
from scheduling.queries.openings.opening import get_service
from scheduling.queries.openings.party import party_of
from tests.factories import (
    MONDAY,
    NOW,
    a_client,
    a_clinician,
    a_location,
    a_practice,
    a_room,
    an_actor,
    in_days,
    travel,
    why_not_on,
    working_hours,
)
from tests.scheduling.models import rows
from tests.scheduling.queries.world import a_visit, a_world, an_event, between

pytestmark = pytest.mark.django_db
AT_MOST = 7


def asked(world, day=MONDAY, now=NOW, **criteria):
    return why_not_on(service=get_service(world.service.slug), location=world.office, day=day, now=now, **criteria)


def words(found):
    return [one.words for one in found.obstacles]


def opened(found):
    return [(one.kind, one.words) for one in found.changes]


def test_a_date_with_openings_lists_them_without_obstacles():
    found = asked(a_world())

    assert len(found.openings) == 8
    assert (found.obstacles, found.changes) == ([], [])


def test_a_full_day_lists_the_clinicians_commitments_by_kind_and_hours():
    world = a_world()
    a_visit(world.person, world.service, world.office, between(9, 12))
    an_event(world.person.resource, between(12, 14))
    TimeOff.objects.create(clinician=world.person, during=between(14, 15), reason="Dentist")
    BusyTime.objects.create(clinician=world.person, during=between(15, 17), source="Private")

    assert words(asked(world)) == [
        f"{world.person} is busy on Mon, Feb 8: another appointment 9:00 AM to 12:00 PM, "
        "a meeting 12:00 PM to 2:00 PM, time off 2:00 PM to 3:00 PM and busy in their own calendar 3:00 PM to 5:00 PM."
    ]


def test_time_off_is_given_as_away_without_its_reason():
    world = a_world()
    TimeOff.objects.create(clinician=world.person, during=between(0, 23.99), reason="Surgery")

    (found,) = asked(world).obstacles

    assert (found.reason, found.clinician, found.starts_at) == ("away", world.person, None)
    assert found.words == f"{world.person} has time off on Mon, Feb 8, 12:00 AM to 11:59 PM."


def test_a_single_commitment_is_given_with_its_hours():
    world = a_world()
    a_visit(world.person, world.service, world.office, between(9, 17))

    (found,) = asked(world).obstacles

    assert found.reason == "busy"
    assert found.words == f"{world.person} leads another appointment on Mon, Feb 8, 9:00 AM to 5:00 PM."


def test_a_hold_past_its_deadline_blocks_no_opening_F6():
    world = a_world()
    a_visit(world.person, world.service, world.office, between(9, 17), held_until=NOW)

    assert len(asked(world).openings) == 8


def test_a_closed_office_is_given_and_openings_on_the_nearest_days_can_be_booked():
    world = a_world()
    a_practice()
    LocationHours.objects.filter(location=world.office, weekday=MONDAY.weekday()).delete()

    found = asked(world)

    assert words(found) == [f"{world.office} is closed on Mon, Feb 8."]
    assert opened(found) == [
        ("another_time", f"{world.person} is free at 9:00 AM on Fri, Feb 5."),
        ("another_time", f"{world.person} is free at 9:00 AM on Tue, Feb 9."),
    ]
    assert all(is_bookable(one) for one in found.changes)


def is_bookable(change):
    return hold(opening=change.opening.id, by=an_actor("owner"), now=NOW).is_held


def test_taken_rooms_are_given_with_the_number_of_people_needed():
    world = a_world()
    an_event(world.room.resource, between(9, 17), world.office)

    assert words(asked(world)) == [
        f"Every room in {world.office} that holds 2 is taken on Mon, Feb 8, 9:00 AM to 4:50 PM."
    ]


def test_a_room_that_lacks_a_feature_or_is_too_small_is_given():
    world = a_world()
    world.service.room_features = ["couch"]
    world.service.save()
    lacking = words(asked(world))
    world.room.capacity = 1
    world.room.save()

    assert lacking == [f"No room in {world.office} that holds 2 has what is needed: couch."]
    assert words(asked(world)) == [f"No room in {world.office} holds 2."]


def test_travel_that_takes_too_long_names_the_other_office_F14():
    world = a_world()
    other = a_location("plano")
    world.service.locations.add(other)
    travel(world.office, other, 45)
    travel(other, world.office, 45)
    a_visit(world.person, world.service, other, between(9, 13))
    a_visit(world.person, world.service, other, between(14, 17))

    assert words(asked(world)) == [f"{world.person} is traveling to or from {other} on Mon, Feb 8, 1:00 PM to 1:50 PM."]


def test_an_expired_license_is_given_and_no_exception_is_proposed():
    world = a_world()
    License.objects.update(expires_on=MONDAY - in_days(1))

    found = asked(world)

    assert words(found) == [f"{world.person} has no license that is valid for {world.office} on Mon, Feb 8."]
    assert "exception" not in [one.kind for one in found.changes]


def test_a_daily_limit_is_given_and_an_exception_to_it_is_proposed():
    world = a_world()
    a_visit(world.person, world.service, world.office, between(9, 13))
    world.person.daily_minutes_cap = 240
    world.person.save()

    found = asked(world)

    assert words(found) == [f"{world.person} would lead more than 4 hours on Mon, Feb 8."]
    assert opened(found)[-1] == (
        "exception",
        f"An approved exception to {world.person}'s limit of 4 hours a day opens 1:00 PM.",
    )
    assert found.changes[-1].opening is None


def test_an_exception_to_the_notice_is_proposed_but_not_for_a_past_date():
    world = a_world()
    world.service.notice_minutes = 8 * 24 * 60
    world.service.save()

    inside = asked(world, waive_notice=False)
    past = asked(world, now=NOW + in_days(30))

    assert words(inside) == [f"{world.service.name} must be booked at least 192 hours ahead."]
    assert ("exception", "An approved exception to the notice of 192 hours opens 9:00 AM.") in opened(inside)
    assert (words(past), past.changes) == (["Mon, Feb 8 is in the past."], [])


def test_for_a_named_clinician_another_clinician_and_another_office_are_proposed():
    world = a_world()
    TimeOff.objects.create(clinician=world.person, during=between(8, 18))
    other = a_clinician(world.office, services=[world.service])
    plano = a_location("plano")
    a_room(plano)
    world.service.locations.add(plano)
    working_hours(world.person, plano, 18 * 60, 20 * 60)

    found = asked(world, clinician=world.person)

    assert opened(found)[:2] == [
        ("another_clinician", f"{other} is free at 9:00 AM."),
        ("another_office", f"{world.person} is free at 6:00 PM in {plano}."),
    ]


def test_for_a_named_mode_another_mode_is_proposed():
    world = a_world()
    world.service.modes = ["office", "phone"]
    world.service.save()
    world.room.capacity = 1
    world.room.save()

    assert opened(asked(world, mode="office"))[0] == ("another_mode", f"{world.person} is free at 9:00 AM by phone.")


def test_many_clinicians_who_do_not_work_that_day_share_one_sentence():
    world = a_world()
    names = [str(world.person), *(str(a_clinician(world.office, services=[world.service])) for _ in range(4))]

    (found,) = asked(world, MONDAY + in_days(5)).obstacles

    assert found.words == f"{', '.join(names[:3])} and 2 more do not work in {world.office} on Sat, Feb 13."


def test_a_clinician_who_takes_no_new_clients_is_given_as_the_obstacle():
    world = a_world()
    world.person.takes_new_clients = False
    world.person.save()

    assert words(asked(world)) == [f"{world.person} is not taking new clients."]


def test_a_clinician_or_office_without_the_service_is_given_as_the_obstacle():
    world = a_world()
    stranger = a_clinician(world.office)
    elsewhere = a_location("plano")

    by_nobody = asked(world, clinician=stranger)
    nowhere = why_not_on(service=get_service(world.service.slug), location=elsewhere, day=MONDAY, now=NOW)

    assert words(by_nobody) == [f"{stranger} does not offer {world.service}."]
    assert words(nowhere) == [f"{world.service} is not offered in {elsewhere} in this way."]


def test_keeping_apart_names_no_client_and_gives_no_reason():
    world = a_world()
    client, enemy = a_client("Casey Example"), a_client("Riley Invented")
    ClientLink.objects.create(first=client, second=enemy, kind="keep_apart", since=NOW)
    there_all_day(world, enemy)

    party = party_of([client.pk], world.service, now=NOW)
    (found,) = asked(world, party=party).obstacles

    assert found.words == "The client would meet someone they are kept apart from on Mon, Feb 8, 9:00 AM to 4:50 PM."
    assert not any(name in repr(found) for name in ("Riley", "Casey", str(enemy.pk)))


def there_all_day(world, client):
    other = a_clinician(world.office)
    visit = a_visit(other, world.service, world.office, between(9, 17)).appointment
    seat = rows.saved(rows.attendance(appointment=visit))
    Reservation.objects.create(resource=client.resource, attendance=seat, during=visit.during)


def test_the_number_of_statements_does_not_grow_with_the_practice():
    world = a_world()
    a_visit(world.person, world.service, world.office, between(9, 17))
    before = statements(world)
    for number in range(6):
        office = a_location(f"office-{number}")
        a_room(office)
        world.service.locations.add(office)
        person = a_clinician(world.office, services=[world.service])
        a_visit(person, world.service, office, between(9, 17))

    assert statements(world) == before <= AT_MOST


def statements(world):
    service, office = get_service(world.service.slug), Location.objects.get(pk=world.office.pk)
    with CaptureQueriesContext(connection) as captured:
        found = why_not_on(service=service, location=office, day=MONDAY, now=NOW)
    assert found.obstacles
    return len(captured)
