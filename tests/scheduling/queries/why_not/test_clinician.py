"""“Why not?” with a named clinician: the answer agrees with the listing in every role and on every day (F13)."""

import pytest

from scheduling.models import Clinician, Location, Program, ProgramBlock, Service, TimeOff
from scheduling.queries.openings.opening import get_service
from scheduling.queries.why_not.why_not import WhyNot
from tests.factories import (
    MONDAY,
    NOW,
    a_clinician,
    a_location,
    a_practice,
    a_role,
    a_room,
    a_service,
    in_days,
    why_not_on,
)
from tests.scheduling.queries.world import between, found

pytestmark = pytest.mark.django_db
NINE, HALF_PAST_TEN = 540, 630


@pytest.fixture
def office() -> Location:
    a_practice()
    place = a_location("mckinney")
    a_room(place)
    a_room(place)
    return place


def a_program(office: Location, *blocks: tuple[int, str], role: str, **fields) -> Service:
    """A program of 90-minute blocks at 9 AM, one per (day, attends), all led by one role."""
    party = "couple" if any(who == "B" for _, who in blocks) else "individual"
    capacity = 2 if party == "couple" else 1
    plain = {"line": "intensive", "party": party, "capacity": capacity, "duration_minutes": None}
    program = Program.objects.create(
        service=a_service("program", locations=[office], **plain), days=1 + max(day for day, _ in blocks), **fields
    )
    for day, who in blocks:
        block = ProgramBlock.objects.create(
            program=program, name="Session", day=day, starts_minute=NINE, ends_minute=HALF_PAST_TEN, attends=who
        )
        block.roles.set([a_role(role)])
    return get_service("program")


def people(office: Location, role: str, *names: str) -> list[Clinician]:
    return [a_clinician(office, roles=[a_role(role)], name=name) for name in names]


def asked(service: Service, office: Location, clinician: Clinician) -> WhyNot:
    return why_not_on(service=service, location=office, day=MONDAY, now=NOW, clinician=clinician)


def test_a_clinician_whose_role_is_on_both_tracks_is_found_as_in_the_listing(office):
    service = a_program(office, (0, "A"), (0, "B"), role="support")
    ash, _ = people(office, "support", "Ash", "Birch")

    answer = asked(service, office, ash)

    assert [one.id for one in answer.openings] == [one.id for one in found(service, clinician=ash, location=office)]
    assert (len(answer.openings), answer.obstacles) == (1, [])


def test_a_clinician_with_a_substitute_on_one_day_is_found_as_in_the_listing(office):
    service = a_program(office, (0, "both"), (1, "both"), role="lead", people_per_role=2)
    ash, birch = people(office, "lead", "Ash", "Birch")
    TimeOff.objects.create(clinician=ash, during=between(0, 23, MONDAY + in_days(1)))
    TimeOff.objects.create(clinician=birch, during=between(0, 23))

    answer = asked(service, office, ash)

    assert [one.id for one in answer.openings] == [one.id for one in found(service, clinician=ash, location=office)]
    assert (len(answer.openings), answer.obstacles) == (1, [])


def test_a_clinician_who_is_away_and_whose_role_is_on_both_tracks_is_given_as_away_only(office):
    service = a_program(office, (0, "A"), (0, "B"), role="support")
    ash, _, _ = people(office, "support", "Ash", "Birch", "Cedar")
    TimeOff.objects.create(clinician=ash, during=between(0, 23))

    answer = asked(service, office, ash)

    assert {one.reason for one in answer.obstacles} == {"away"}
    assert [change.kind for change in answer.changes][:1] == ["another_clinician"]
