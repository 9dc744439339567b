"""The plain admin calls the verbs for rows that take time."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from backend.worklist.models import WorkItem
from scheduling.models import InternalEvent, Program, ProgramBlock, Reservation, TimeOff
from tests.factories import MONDAY, a_role, a_service, a_user
from tests.scheduling.queries.world import CHICAGO, a_visit, a_world, between
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    browser = Browser()
    sign_in(browser, a_user("owner", is_staff=True, is_superuser=True))
    return browser


def period(during) -> dict[str, str]:
    ends = {"starts": during.lower, "ends": during.upper}
    return {name: f"{at.astimezone(CHICAGO):%Y-%m-%d %H:%M}" for name, at in ends.items()}


def test_time_off_entered_in_the_admin_opens_items_for_conflicts(owner):
    world = a_world()
    during = between(10, 11)
    a_visit(world.person, world.service, world.office, during)

    answer = owner.post(
        reverse("admin:scheduling_timeoff_add"),
        {"clinician": world.person.pk, "reason": "", **period(during)},
        follow=True,
    )

    assert "It clashes with 1 appointment" in answer.content.decode()
    assert TimeOff.objects.get().during == during
    assert WorkItem.objects.count() == 1


def test_an_event_entered_in_the_admin_reserves_its_time_until_deleted(owner):
    world = a_world()
    entered = {
        "kind": "meeting",
        "title": "Staff meeting",
        "people": [world.person.pk],
        "repeat_weeks": 1,
        "repeat_until": (MONDAY + timedelta(weeks=3)).isoformat(),
        **period(between(10, 11)),
    }

    owner.post(reverse("admin:scheduling_internalevent_add"), entered)
    reserved = Reservation.objects.count()
    owner.post(reverse("admin:scheduling_internalevent_delete", args=[InternalEvent.objects.get().pk]), {"post": "yes"})

    assert reserved == 3
    assert not Reservation.objects.exists()
    assert not InternalEvent.objects.exists()


REFUSED = {
    "It would repeat before it ends.": {"starts": "2027-02-08 10:00", "ends": "2027-02-17 10:00"},
    "Enter a date within three years of its start.": {"repeat_until": "3000-06-01"},
    "Use a year from 2000 to 2199.": {"starts": "0001-01-01 00:00 +05:00", "ends": "0001-01-02 00:00 +05:00"},
    "The end must be after the start.": {"starts": "2027-02-08 11:00", "ends": "2027-02-08 10:00"},
}


@pytest.mark.parametrize("words", REFUSED)
def test_an_invalid_event_is_refused_in_words(owner, words):
    world = a_world()
    entered = {
        "kind": "meeting",
        "title": "Staff meeting",
        "people": [world.person.pk],
        "repeat_weeks": 1,
        "repeat_until": "2027-03-01",
        **period(between(10, 11)),
    }

    answer = owner.post(reverse("admin:scheduling_internalevent_add"), entered | REFUSED[words])

    assert words in answer.content.decode()
    assert not InternalEvent.objects.exists()
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("name", ["timeoff", "closure", "internalevent"])
@pytest.mark.parametrize("offset", ["", " +05:00", " -05:00"])
@pytest.mark.parametrize(("far", "typed"), [("starts", "0001-01-01 00:00"), ("ends", "9999-12-31 23:59")])
def test_a_year_out_of_range_is_refused_in_words_in_every_period(owner, name, far, typed, offset):
    world = a_world()
    entered = {"clinician": world.person.pk, "kind": "meeting", "title": "Staff meeting", "people": [world.person.pk]}

    answer = owner.post(
        reverse(f"admin:scheduling_{name}_add"),
        entered | period(between(10, 11)) | {"repeat_weeks": 0, far: typed + offset},
    )

    assert answer.status_code == 200
    assert "Use a year from 2000 to 2199." in answer.content.decode()


@pytest.mark.parametrize("until", ["0001-01-01", "9999-12-31"])
def test_an_event_near_the_last_valid_year_repeats_as_long_as_any_other(owner, until):
    world = a_world()
    entered = {
        "kind": "meeting",
        "title": "Staff meeting",
        "people": [world.person.pk],
        "starts": "2199-12-30 10:00",
        "ends": "2199-12-30 11:00",
        "repeat_weeks": 1,
    }

    answer = owner.post(reverse("admin:scheduling_internalevent_add"), entered | {"repeat_until": until})

    assert answer.status_code == (302 if until < "2199" else 200)
    assert Reservation.objects.count() == (1 if until < "2199" else 0)


def a_block(starts: int = 540, **fields: object) -> dict[str, object]:
    plain = {"name": "Session", "day": 0, "starts_minute": starts, "ends_minute": starts + 90, "attends": "both"}
    return plain | {"roles": [a_role("lead").pk], "needs_room": "on", "after_hours": 0} | fields


def entered(service, *blocks: dict[str, object]) -> dict[str, object]:
    """A program of two days as its form posts it."""
    numbers = {"TOTAL_FORMS": len(blocks), "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    plain = {"service": service.pk, "days": 2, "max_minutes_per_day": 420, "rest_days": 0, "people_per_role": 1}
    typed = {f"blocks-{n}-{name}": value for n, block in enumerate(blocks) for name, value in block.items()}
    return plain | {f"blocks-{name}": value for name, value in numbers.items()} | typed


COUPLE, ALONE = {"party": "couple", "capacity": 2}, {"party": "individual", "capacity": 1}


@pytest.mark.parametrize(
    ("party", "blocks", "words"),
    [
        (COUPLE, [{"day": 2}], "days of its blocks are 0 to 1"),
        (COUPLE, [{"attends": "A"}, {"starts": 570}], "in two blocks at once"),
        (ALONE, [{"attends": "B"}], "is for the second partner, but the program is for one client"),
    ],
    ids=["a day too many", "two at once", "nobody's"],
)
def test_impossible_blocks_are_refused_in_words(owner, party, blocks, words):
    service = a_service("days", line="intensive", duration_minutes=None, **party)

    answer = owner.post(
        reverse("admin:scheduling_program_add"), entered(service, *(a_block(**block) for block in blocks))
    )

    assert words in answer.content.decode()
    assert not Program.objects.exists()


def test_possible_blocks_are_saved(owner):
    service = a_service("days", line="intensive", duration_minutes=None, **COUPLE)
    blocks = [a_block(), a_block(660, attends="A"), a_block(660, attends="B"), a_block(day=1)]

    answer = owner.post(reverse("admin:scheduling_program_add"), entered(service, *blocks))

    assert answer.status_code == 302
    assert ProgramBlock.objects.count() == 4


def test_a_program_without_its_service_is_refused_in_words(owner):
    service = a_service("days", line="intensive", duration_minutes=None, **COUPLE)

    answer = owner.post(reverse("admin:scheduling_program_add"), entered(service, a_block()) | {"service": ""})

    assert "This field is required." in answer.content.decode()
