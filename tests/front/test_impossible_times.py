"""Wall times that do not exist (F28) or exist twice (F29), in every form, call, page and message with a time.

Forms and programs name openings, which are instants, and dates; times of the clock are typed in the plain admin only.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from rest_framework.test import APIClient

from scheduling.models import Appointment, Closure, LocationHours, Service, TimeOff, WorkingHours
from scheduling.operations.bookings.hold import hold_for
from scheduling.operations.clients import Person
from tests.factories import a_desk_actor, a_location, a_practice, a_user, an_actor, in_days
from tests.front.api.conftest import API, is_problem, staff_client
from tests.scheduling.messages.people import confirm, work
from tests.scheduling.queries.world import World, a_world, clock, found
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
SPRING, FALL = date(2027, 3, 14), date(2027, 11, 7)
BEFORE = clock(FALL - in_days(20), 9)
SKIPPED = "Sun, Mar 14, 2027, 2:30 AM does not exist in America/Chicago"
TWICE = "Sun, Nov 7, 2027, 1:30 AM happens twice in America/Chicago"
FIRST, SECOND = datetime(2027, 11, 7, 6, 30, tzinfo=UTC), datetime(2027, 11, 7, 7, 30, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    """Visits of half an hour on every half hour, in an office that never closes."""
    a_practice()
    made = a_world()
    LocationHours.objects.update(starts_minute=0, ends_minute=1440)
    WorkingHours.objects.all().delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(clinician=made.person, location=made.office, weekday=day, starts_minute=60, ends_minute=240)
        for day in range(7)
    )
    Service.objects.update(duration_minutes=30, buffer_after=0, step_minutes=30)
    return made


# --- the form ------------------------------------------------------------------------------------------------


@pytest.fixture
def owner() -> Browser:
    return sign_in(Browser(), a_user("owner", is_staff=True, is_superuser=True))


def type_absence(owner: Browser, world: World, starts: str, ends: str):
    """The plain admin's answer to a form, after a redirect if it was accepted."""
    typed = {"clinician": world.person.pk, "reason": "", "starts": starts, "ends": ends}
    return owner.post(reverse("admin:scheduling_timeoff_add"), typed)


def errors(answer) -> str:
    return " ".join(str(one) for errors in answer.context["adminform"].form.errors.values() for one in errors)


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        ("2027-03-14 02:30", "2027-03-14 12:00", SKIPPED),
        ("2027-03-13 12:00", "2027-03-14 02:30", SKIPPED),
        ("2027-11-07 01:30", "2027-11-07 12:00", TWICE),
        ("2027-11-06 12:00", "2027-11-07 01:30", TWICE),
    ],
)
def test_a_skipped_or_doubled_time_without_offset_is_refused_in_words_F28_F29(owner, world, starts, ends, words):
    assert words in errors(type_absence(owner, world, starts, ends))
    assert not TimeOff.objects.exists()


@pytest.mark.parametrize(("offset", "instant"), [("-05:00", FIRST), ("-06:00", SECOND)])
def test_a_doubled_time_with_offset_is_stored_as_that_instant_and_shown_again_F29(owner, world, offset, instant):
    type_absence(owner, world, f"2027-11-07 01:30 {offset}", "2027-11-07 12:00")

    row = TimeOff.objects.get()
    assert row.during.lower == instant
    shown = owner.get(reverse("admin:scheduling_timeoff_change", args=[row.pk])).content.decode()
    assert f'value="2027-11-07 01:30 {offset}"' in shown
    assert 'value="2027-11-07 12:00"' in shown


def test_a_typed_time_is_read_in_the_zone_of_its_location_F28(owner, world):
    """On that Sunday, 2:30 AM does not exist in Chicago but does in Phoenix."""
    phoenix = a_location(zone="America/Phoenix")
    typed = {"location": phoenix.pk, "starts": "2027-03-14 02:30", "ends": "2027-03-14 12:00"}

    owner.post(reverse("admin:scheduling_closure_add"), typed)

    assert Closure.objects.get().during.lower == datetime(2027, 3, 14, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "tomorrow", "2027-13-01 09:00", "2027-11-08", "2027-11-08 25:00", "1830000000"])
def test_text_that_is_not_a_time_is_refused_and_nothing_is_stored(owner, world, text):
    assert errors(type_absence(owner, world, text, "2027-11-07 12:00"))
    assert not TimeOff.objects.exists()


def test_a_period_that_ends_before_it_starts_is_refused_with_offsets_too(owner, world):
    words = errors(type_absence(owner, world, "2027-11-07 01:30 -06:00", "2027-11-07 01:45 -05:00"))

    assert "The end must be after the start." in words
    assert not TimeOff.objects.exists()


# --- programs ------------------------------------------------------------------------------------------------

TIMES = ["2027-03-14T02:30:00", "2027-11-07T01:30:00", "2027-11-07T01:30:00-05:00", "2027-11-07 01:30"]


@pytest.mark.parametrize("text", TIMES)
@pytest.mark.parametrize("name", ["from", "to"])
def test_a_time_in_place_of_a_date_is_refused_by_the_api_F28_F29(world, name, text):
    dates = {"from": "2027-03-14", "to": "2027-03-15"} | {name: text}
    by_staff = staff_client(a_user("owner"))

    assert is_problem(APIClient().get(f"{API}services/single/openings/", dates), 400)
    assert is_problem(by_staff.get(f"{API}appointments/", dates), 400)


def test_openings_leave_out_the_skipped_hour_F28(world):
    listed = told_to_programs(SPRING)

    assert listed == [f"2027-03-14T{at}" for at in ("01:00:00-06:00", "01:30:00-06:00", "03:00:00-05:00")] + [
        "2027-03-14T03:30:00-05:00"
    ]


def test_openings_in_the_repeated_hour_differ_by_their_offset_F29(world):
    listed = told_to_programs(FALL)

    assert [one for one in listed if "T01:30" in one] == ["2027-11-07T01:30:00-05:00", "2027-11-07T01:30:00-06:00"]
    assert [datetime.fromisoformat(one) for one in listed if "T01:30" in one] == [FIRST, SECOND]


def told_to_programs(on: date) -> list[str]:
    with time_machine.travel(clock(on - in_days(20), 9), tick=False):
        dates = {"from": on.isoformat(), "to": (on + in_days(1)).isoformat()}
        found = APIClient().get(f"{API}services/single/openings/", dates).json()["openings"]
    return [one["starts_at"] for one in found]


# --- and out again -------------------------------------------------------------------------------------------


@pytest.fixture(params=[(FIRST, "1:30 AM CDT", "-05:00"), (SECOND, "1:30 AM CST", "-06:00")], ids=["first", "second"])
def half_past_one(request, world):
    """A visit at one of the two instants of 1:30 AM, with its words and its offset."""
    instant, words, offset = request.param
    opening = next(one for one in found(world.service, FALL, now=BEFORE) if one.starts_at == instant)
    ann = Person(name="Ann Example", email="ann@example.com", may_email=True)
    booking = hold_for(opening=opening.id, people=[ann], by=an_actor(), now=BEFORE)
    confirm(booking, now=BEFORE)
    return world, instant, words, offset


def test_a_visit_in_the_repeated_hour_is_stored_as_exactly_that_instant_F29(half_past_one):
    _, instant, _, _ = half_past_one

    assert Appointment.objects.get().during.lower == instant


def test_mail_and_desk_show_the_zone_of_a_visit_in_the_repeated_hour_F29(half_past_one):
    world, _, words, _ = half_past_one

    work(BEFORE)
    with time_machine.travel(BEFORE, tick=False):
        page = sign_in(Browser(), a_desk_actor(world.office).user).get(f"/desk/{world.office.slug}/{FALL}/")

    told = next(one for one in mail.outbox if "Your booking" in one.subject)
    assert words in told.body
    assert words in page.content.decode()


def test_the_api_shows_the_offset_of_a_visit_in_the_repeated_hour_F29(half_past_one):
    _, _, _, offset = half_past_one
    dates = {"from": FALL.isoformat(), "to": (FALL + in_days(1)).isoformat()}

    (told,) = staff_client(a_user("owner")).get(f"{API}appointments/", dates).json()["results"]

    assert told["starts_at"] == f"2027-11-07T01:30:00{offset}"


def test_the_page_of_times_shows_the_zone_of_starts_in_the_repeated_hour_F29(world, client):
    with time_machine.travel(clock(FALL - in_days(3), 9), tick=False):
        client.post("/book/s/single/place/", {"choice": "office:mckinney"})
        client.post("/book/s/single/who/", {"choice": "any"})
        page = client.get(f"/book/s/single/when/?from={FALL}").content.decode()

    assert page.count("1:30 AM CDT") >= 1
    assert page.count("1:30 AM CST") >= 1
    assert "2:30 AM C" not in page
