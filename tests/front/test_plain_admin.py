"""The plain admin goes through the verbs where a row takes somebody's time."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from backend.worklist.models import WorkItem
from scheduling.models import InternalEvent, Reservation, TimeOff
from tests.factories import MONDAY, a_user
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


def test_time_off_entered_there_lists_what_clashes(owner):
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


def test_an_event_entered_and_deleted_there_takes_and_gives_back_its_time(owner):
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
    "It would come again before it is over.": {"starts": "2027-02-08 10:00", "ends": "2027-02-17 10:00"},
    "Enter a date within three years of its start.": {"repeat_until": "3000-06-01"},
    "Give a year from 2000 to 2199.": {"starts": "0001-01-01 00:00 +05:00", "ends": "0001-01-02 00:00 +05:00"},
    "The end must be after the start.": {"starts": "2027-02-08 11:00", "ends": "2027-02-08 10:00"},
}


@pytest.mark.parametrize("words", REFUSED)
def test_an_event_that_cannot_be_kept_is_refused_in_words(owner, words):
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
def test_a_year_out_of_reach_is_refused_in_words_wherever_a_period_is_typed(owner, name, far, typed, offset):
    world = a_world()
    entered = {"clinician": world.person.pk, "kind": "meeting", "title": "Staff meeting", "people": [world.person.pk]}

    answer = owner.post(
        reverse(f"admin:scheduling_{name}_add"),
        entered | period(between(10, 11)) | {"repeat_weeks": 0, far: typed + offset},
    )

    assert answer.status_code == 200
    assert "Give a year from 2000 to 2199." in answer.content.decode()


@pytest.mark.parametrize("until", ["0001-01-01", "9999-12-31"])
def test_an_event_at_the_end_of_the_years_that_count_repeats_as_far_as_any_other(owner, until):
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
