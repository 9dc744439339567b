"""“Why not?” for programs: obstacles by day and block, and the changes that open the date."""

from dataclasses import dataclass

import pytest

from scheduling.models import Clinician, Location, Program, ProgramBlock, Room, Service, TimeOff, WorkingHours
from scheduling.operations.bookings.hold import hold
from tests.factories import (
    MONDAY,
    NOW,
    a_clinician,
    a_couples_office,
    a_location,
    a_practice,
    a_role,
    a_room,
    an_actor,
    in_days,
)
from tests.scheduling.queries.world import a_visit, a_world, an_event, between, clock
from tests.scheduling.queries.world import found as listed

from .test_single import asked, opened, statements, words

pytestmark = pytest.mark.django_db
AT_MOST = 10


@dataclass
class Intensive:
    """The four-day program at Frisco. `people`: two leads, one clinician for partner A, two for partner B."""

    office: Location
    service: Service
    people: list[Clinician]


@pytest.fixture
def intensive():
    office, service = a_couples_office()
    a_practice()
    return Intensive(office, service, list(Clinician.objects.order_by("pk")))


def away(person, day, first=0.0, last=23.99):
    TimeOff.objects.create(clinician=person, during=between(first, last, day))


def test_a_program_that_can_start_is_listed_without_obstacles(intensive):
    found = asked(intensive)

    assert [one.starts_at for one in found.openings] == [clock(MONDAY, 9)]
    assert (found.obstacles, found.changes) == ([], [])


def test_an_obstacle_of_a_program_names_clinician_day_and_block(intensive):
    _, _, support_a, _, _ = intensive.people
    away(support_a, MONDAY + in_days(2))

    (found,) = asked(intensive).obstacles

    assert (found.reason, found.block, found.clinician) == ("away", "Session", support_a)
    assert (found.starts_at, found.ends_at) == (clock(MONDAY + in_days(2), 11), clock(MONDAY + in_days(2), 12.5))
    assert found.words == f"{support_a} has time off on Wed, Feb 10, 12:00 AM to 11:59 PM."


def test_of_two_leads_the_one_who_lacks_fewer_blocks_is_given(intensive):
    lead, other, *_ = intensive.people
    away(lead, MONDAY)
    away(lead, MONDAY + in_days(1))
    a_visit(other, intensive.service, intensive.office, between(9, 10, MONDAY + in_days(3)))

    assert words(asked(intensive)) == [f"{other} leads another appointment on Thu, Feb 11, 9:00 AM to 10:00 AM."]


def test_a_swap_is_proposed_if_one_more_clinician_in_a_role_opens_the_date(intensive):
    lead, other, *_ = intensive.people
    away(lead, MONDAY)
    away(other, MONDAY + in_days(1))

    swaps = [change for kind, change in opened(asked(intensive)) if kind == "swap"]

    assert len(swaps) == 1
    assert f"{lead} in place of {other}" in swaps[0] or f"{other} in place of {lead}" in swaps[0]


def test_a_moved_block_is_proposed_with_its_new_time(intensive):
    _, _, support_a, _, _ = intensive.people
    a_visit(support_a, intensive.service, intensive.office, between(11, 11.5, MONDAY + in_days(1)))
    ProgramBlock.objects.filter(attends="A").update(name="Own work")

    moves = [change for kind, change in opened(asked(intensive)) if kind == "moved_block"]

    assert moves == ["Moving “Own work” on Tue, Feb 9 to 11:30 AM opens this date."]


def test_another_room_for_one_block_is_proposed_by_name(intensive):
    Room.objects.filter(location=intensive.office).first().delete()
    first, second = Room.objects.filter(location=intensive.office).order_by("pk")
    for room, hour in ((first, 9), (second, 14)):
        an_event(room.resource, between(hour, hour + 1), intensive.office)
    for room in (first, second):
        an_event(room.resource, between(15, 15.5, MONDAY + in_days(9)), intensive.office)

    found = asked(intensive)

    assert [one.reason for one in found.obstacles] == ["room_not_kept"]
    assert opened(found)[0][0] == "another_room"
    assert "for “Session” on Mon, Feb 8" in opened(found)[0][1]


def test_taken_rooms_are_given_by_day_and_block(intensive):
    for room in Room.objects.filter(location=intensive.office):
        an_event(room.resource, between(14, 16, MONDAY + in_days(1)), intensive.office)

    assert words(asked(intensive)) == [
        f"Every room in {intensive.office} that holds 3 is taken on Tue, Feb 9, 2:00 PM to 4:00 PM."
    ]


def test_a_date_on_another_weekday_names_the_weekdays_of_the_program(intensive):
    (found,) = asked(intensive, MONDAY + in_days(2)).obstacles

    assert found.words == f"{intensive.service} starts on Mondays and Tuesdays only."


def test_rest_between_intensives_is_given_and_an_exception_is_proposed(intensive):
    Program.objects.update(rest_days=1)
    booking = hold(opening=found_on(intensive, MONDAY), by=an_actor("owner"), now=NOW)
    taken = set(booking_leads(booking))
    for person in intensive.people:
        if person.pk not in taken:
            person.is_active = False
            person.save()
    later = MONDAY + in_days(4)
    Program.objects.update(start_weekdays=[])
    working_weekend(intensive)

    found = asked(intensive, later)

    assert {one.reason for one in found.obstacles} == {"rest"}
    kind, change = opened(found)[-1]
    assert kind == "exception"
    assert change.endswith("'s days of rest between intensives opens this date.")


def found_on(world, day):
    return asked(world, day).openings[0].id


def booking_leads(booking):
    return Clinician.objects.filter(leads__appointment__attendances__participant__booking=booking).values_list(
        "pk", flat=True
    )


def working_weekend(world):
    for person in world.people:
        WorkingHours.objects.bulk_create(
            WorkingHours(clinician=person, location=world.office, weekday=day, starts_minute=540, ends_minute=1020)
            for day in (5, 6)
        )


def test_another_office_that_can_hold_the_program_is_proposed_and_can_be_booked(intensive):
    away(intensive.people[2], MONDAY)
    plano, _ = a_couples_office_like(intensive)

    (change,) = [one for one in asked(intensive).changes if one.kind == "another_office"]

    assert change.words == f"{plano} can hold it on this date."
    assert hold(opening=change.opening.id, by=an_actor("owner"), now=NOW).is_held


def a_couples_office_like(world):
    office = a_location("plano")
    world.service.locations.add(office)
    for _ in range(3):
        a_room(office)
    for role in ("lead", "support-a", "support-b"):
        a_clinician(office, roles=[a_role(role)])
    return office, world.service


def test_a_named_clinician_who_is_away_is_given_and_other_clinicians_are_proposed(intensive):
    lead, other, *_ = intensive.people
    away(lead, MONDAY)

    found = asked(intensive, clinician=lead)

    assert words(found) == [f"{lead} has time off on Mon, Feb 8, 12:00 AM to 11:59 PM."] * 2
    assert found.changes[0].kind == "another_clinician"
    assert other in found.changes[0].opening.clinicians


def test_the_number_of_statements_for_a_program_does_not_grow(intensive):
    away(intensive.people[2], MONDAY)
    before = statements(intensive)
    a_couples_office_like(intensive)

    assert statements(intensive) == before <= AT_MOST


def test_why_not_lists_the_same_openings_as_the_listing_F13(intensive):
    world = a_world()
    a_visit(world.person, world.service, world.office, between(10, 12))

    for practice, day in ((world, MONDAY), (intensive, MONDAY), (intensive, MONDAY + in_days(1))):
        for person in (None, Clinician.objects.filter(base_location=practice.office).first()):
            found = asked(practice, day, clinician=person, waive_notice=False).openings
            assert [one.id for one in found] == [
                one.id for one in listed(practice.service, day, location=practice.office, clinician=person)
            ]
