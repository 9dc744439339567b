"""A program's criteria from its rows: substitutes, shared roles, limits, and a preferred gender."""

import pytest

from scheduling.models import Clinician, Program, ProgramRole, Service
from scheduling.operations.bookings.hold import hold
from scheduling.queries.openings.opening import get_service
from tests.factories import (
    MONDAY,
    NOW,
    a_clinician,
    a_location,
    a_practice,
    a_role,
    a_room,
    a_service,
    a_stranger,
    in_days,
)
from tests.scheduling.models import rows
from tests.scheduling.queries.world import a_world, between, found

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office():
    """An office with two rooms, and Ash and Birch, who may lead."""
    a_practice()
    office = a_location("frisco")
    for _ in range(2):
        a_room(office)
    for name in ("Ash", "Birch"):
        a_clinician(office, roles=[a_role("lead")], name=name)
    return office


def a_program(office, *blocks, **rules) -> Service:
    """`blocks`: (day, first hour, last hour, who attends). It starts on Mondays."""
    party = {"party": "couple", "capacity": 2} if any(block[3] != "both" for block in blocks) else {}
    service = a_service("intensive", locations=[office], line="intensive", duration_minutes=None, **party)
    days = max(block[0] for block in blocks) + 1
    program = Program.objects.create(service=service, days=days, start_weekdays=[0], **rules)
    for day, first, last, attends in blocks:
        hours = {"starts_minute": first * 60, "ends_minute": last * 60}
        rows.saved(rows.program_block(program=program, day=day, attends=attends, **hours)).roles.set([a_role("lead")])
    return get_service("intensive")


def two_days(office, **rules) -> Service:
    return a_program(office, (0, 9, 11, "both"), (1, 9, 11, "both"), **rules)


def leads(service: Service) -> list[str]:
    """Names of the clinicians who lead the blocks of the first opening, in order."""
    return [block.clinicians[0].name for one in found(service)[:1] for day in one.days for block in day.blocks]


def away(name: str, day: int) -> None:
    Clinician.objects.get(name=name).time_off.create(during=between(0, 23, MONDAY + in_days(day)))


def test_a_substitute_is_planned_if_nobody_can_lead_throughout(office):
    service = two_days(office, people_per_role=2)
    assert leads(service) == ["Ash", "Ash"]

    away("Ash", 1)
    away("Birch", 0)
    assert leads(service) == ["Ash", "Birch"]
    assert hold(opening=found(service)[0].id, by=a_stranger(), now=NOW).is_held


def test_without_substitutes_a_date_is_offered_only_if_one_clinician_can_lead_throughout(office):
    service = two_days(office)
    away("Ash", 1)
    assert leads(service) == ["Birch", "Birch"]

    away("Birch", 0)
    assert leads(service) == []


@pytest.mark.parametrize(("shared", "people"), [(False, ["Ash", "Birch"]), (True, ["Ash", "Ash"])])
def test_one_clinician_sees_both_partners_individually_only_in_a_role_for_both(office, shared: bool, people: list[str]):
    ProgramRole.objects.update(for_both_partners=shared)
    service = a_program(office, (0, 9, 10, "A"), (0, 11, 12, "B"))

    assert leads(service) == people
    assert hold(opening=found(service)[0].id, by=a_stranger(), now=NOW).is_held


@pytest.mark.parametrize(("most", "people"), [(None, ["Ash", "Ash"]), (240, ["Ash", "Ash"]), (239, ["Ash", "Birch"])])
def test_no_clinician_leads_more_minutes_than_the_program_allows_in_all(office, most, people: list[str]):
    assert leads(two_days(office, people_per_role=2, max_minutes_in_all=most)) == people


def test_a_clinicians_daily_limit_of_intensives_counts_other_intensives(office):
    service = two_days(office)
    Clinician.objects.filter(name="Ash").update(intensive_minutes_cap=120)
    assert leads(service) == ["Ash", "Ash"]

    other = a_service("other", locations=[office], line="intensive", duration_minutes=None)
    program = Program.objects.create(service=other, days=1)
    block = rows.saved(rows.program_block(program=program, day=0, starts_minute=720, ends_minute=780))
    block.roles.set([a_role("lead")])
    hold(opening=found(get_service("other"))[0].id, by=a_stranger(), now=NOW)
    assert leads(service) == ["Birch", "Birch"]


def test_in_a_program_the_preferred_gender_is_tried_first_but_not_required(office):
    Clinician.objects.filter(name="Birch").update(gender="Female")
    service = two_days(office)
    assert [leads_of(service, gender) for gender in ("", "female", "male")] == ["Ash", "Birch", "Ash"]

    away("Birch", 0)
    assert leads_of(service, "female") == "Ash"


def leads_of(service: Service, gender: str) -> str:
    (day, *_) = found(service, gender=gender)[0].days
    return day.blocks[0].clinicians[0].name


def test_a_program_with_a_named_clinician_ignores_the_gender(office):
    Clinician.objects.filter(name="Birch").update(gender="female")
    ash = Clinician.objects.get(name="Ash")

    assert {one.clinicians[0] for one in found(two_days(office), clinician=ash, gender="female")} == {ash}


def test_single_visits_are_offered_only_by_clinicians_of_the_gender():
    world = a_world()
    Clinician.objects.filter(pk=world.person.pk).update(gender="male")
    her = a_clinician(world.office, services=[world.service], gender="female")

    offered = [
        {one.clinicians[0] for one in found(world.service, gender=gender)} for gender in ("female", "MALE", "else")
    ]
    assert offered == [{her}, {world.person}, set()]
