"""Services that are not entered completely: no page fails, and listed openings can be held (F13)."""

import pytest

from scheduling.models import Program, ProgramBlock, Service
from scheduling.operations.bookings.hold import hold
from scheduling.operations.bookings.release import release
from scheduling.queries.openings.opening import describe, get_service, services_on_offer
from tests.factories import MONDAY, NOW, a_couples_office, a_practice, a_service, an_actor, in_days, openings_of
from tests.scheduling.queries.world import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    a_practice()
    return a_couples_office()[0]


@pytest.fixture
def intensive(office) -> Service:
    return a_service("half", line="intensive", duration_minutes=None, locations=[office])


@pytest.mark.parametrize("entered", ["no program", "no blocks"])
def test_an_intensive_without_a_program_is_not_on_offer_and_the_home_page_works(client, intensive, entered):
    if entered == "no blocks":
        Program.objects.create(service=intensive, days=3)

    assert "half" not in services_on_offer().values_list("slug", flat=True)
    with pytest.raises(Service.DoesNotExist):
        get_service("half")
    pages = ["/", "/api/v1/services/", f"/api/v1/services/half/openings/?from={MONDAY}&to={MONDAY + in_days(9)}"]
    assert [client.get(page).status_code for page in pages] == [200, 200, 404]


def test_a_program_whose_blocks_overlap_has_no_openings(office):
    ProgramBlock.objects.filter(day=0, attends="A").update(attends="both")  # B would be in two blocks at once

    assert openings_of(service=get_service("4-day-couple"), first=MONDAY, until=MONDAY + in_days(9), now=NOW) == []


@pytest.mark.parametrize("moved", ["nothing on the first day", "longer than it says"])
def test_each_listed_start_can_be_held_whatever_days_its_blocks_are_on(office, moved):
    blocks = ProgramBlock.objects.order_by("-day")
    for block in blocks:
        block.day += 1 if moved == "nothing on the first day" else 3 * (block.day == 3)
        block.save()
    Program.objects.update(days=1, start_weekdays=[])

    listed = found(get_service("4-day-couple"), MONDAY, days=14)

    assert listed
    for one in listed:
        assert describe(one.id).days == one.days
        booking = hold(opening=one.id, by=an_actor(), now=NOW)
        release(booking_id=booking.pk, by=an_actor(), now=NOW)
