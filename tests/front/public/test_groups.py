"""Choosing a group: its dates, hours and seats left, then the same steps as for any time."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from billing.models import Policy, Price
from scheduling.models import Booking
from tests.factories import NOW, a_practice, a_room
from tests.front.walk import CONTACT, YOU, agree, fill_in, words_of
from tests.scheduling.groups import TUESDAY, WEEK, a_place_for_groups, sit_in


@pytest.fixture
def groups(db, frozen):
    cache.clear()
    a_practice()
    found = a_place_for_groups()
    Price.objects.create(service=found.service, amount_cents=4_500, valid_from=NOW.date())
    Policy.objects.create(service=found.service, valid_from=NOW.date(), due_now="nothing")
    return found


def page_of(client, groups, since=""):
    client.post(f"/book/s/{groups.service.slug}/place/", {"choice": f"office:{groups.office.slug}"})
    return client.get(f"/book/s/{groups.service.slug}/when/", {"from": since} if since else {})


def choose(client, groups, opening):
    page_of(client, groups)
    return client.post(f"/book/s/{groups.service.slug}/when/", {"opening": opening.id})


def test_a_cohort_is_shown_with_its_weekday_hours_and_every_date(client, groups):
    groups.open_cohort()

    page = words_of(page_of(client, groups))

    assert "6 Tuesdays from March 2" in page
    assert "11:00 AM to 12:30 PM" in page
    assert "March 2, 9, 16, 23, 30; April 6" in page
    assert f"with {groups.leader.name}" in page
    assert "$270</strong> in all" in page


@pytest.mark.parametrize(("taken", "words"), [(0, "4 seats left"), (1, "3 seats left"), (3, "1 seat left")])
def test_the_seats_left_are_shown(client, groups, taken, words):
    planned = groups.open()
    for number in range(taken):
        sit_in(planned, seat_no=number + 1)

    page = words_of(page_of(client, groups))

    assert f"{words}<" in page
    assert "Tuesday, March 2<" in page


def test_dates_that_are_not_weekly_are_only_counted(client, groups):
    groups.open_cohort(times=3, every_n_weeks=2)

    assert "3 dates from Tuesday, March 2" in words_of(page_of(client, groups))


def test_two_groups_at_the_same_time_are_both_shown_for_any_office(client, groups):
    other = a_place_for_groups()
    groups.service.locations.add(other.office)
    other.service = groups.service
    other.leader.services.add(groups.service)
    groups.open()
    other.open()
    client.post(f"/book/s/{groups.service.slug}/place/", {"choice": "office:any"})

    page = words_of(client.get(f"/book/s/{groups.service.slug}/when/"))

    assert groups.office.name in page
    assert other.office.name in page


def test_the_clinician_of_a_group_is_not_asked(client, groups):
    other = a_place_for_groups()
    other.leader.services.add(groups.service)
    groups.open()

    page = page_of(client, groups)

    assert (page.status_code, page.context["step"]) == (200, "Step 2 of 5")


def test_later_dates_begin_after_the_last_date_shown(client, groups):
    second = a_room(groups.office, capacity=6)
    assert second
    for hour in (9, 11, 13, 15):
        groups.open(hour=hour, times=3)

    first = page_of(client, groups)
    rest = page_of(client, groups, since=first.context["later"].isoformat())

    assert [one.dates[0] for one in first.context["groups"]] == [TUESDAY] * 4 + [TUESDAY + WEEK] * 4
    assert [one.dates[0] for one in rest.context["groups"]] == [TUESDAY + 2 * WEEK] * 4


def test_the_held_dates_are_shown_on_the_following_pages(client, groups):
    groups.open_cohort()
    choose(client, groups, groups.free()[0])

    you = words_of(client.get("/book/you/"))
    fill_in(client)
    check = words_of(client.get("/book/check/"))

    assert "6 Tuesdays from March 2, 11:00 AM to 12:30 PM" in you
    for told in ("6 Tuesdays from March 2", "March 2, 9, 16, 23, 30; April 6", "11:00 AM to 12:30 PM", "$270"):
        assert told in check


def test_a_seat_is_booked_like_any_other_time(client, groups):
    planned = groups.open_cohort()
    choose(client, groups, groups.free()[0])
    fill_in(client)

    page = client.get(agree(client)["Location"])

    booking = Booking.objects.get()
    assert (booking.kind, booking.status) == ("seat", "confirmed")
    assert booking.participants.get().attendances.count() == len(planned)
    assert page.status_code == 200


def test_a_lost_last_seat_is_a_409_with_the_nearest_groups_F1(client, groups):
    (planned,) = groups.open()
    groups.open_cohort(day=TUESDAY + WEEK, times=2, enroll_by=NOW + timedelta(days=9))
    here = groups.free()[0]
    for number in range(4):
        sit_in([planned], seat_no=number + 1)

    page = choose(client, groups, here)

    assert page.status_code == 409
    assert "Someone else has just taken the last seat." in words_of(page)
    assert "2 Tuesdays from March 9" in words_of(page)


def test_a_group_members_page_shows_no_other_member(client, groups):
    """The page names the dates and the clinician, and not the number of others."""
    planned = groups.open()
    choose(client, groups, groups.free()[0])
    fill_in(client)
    agree(client)
    other = Client()
    choose(other, groups, groups.free()[0])
    other.post("/book/you/", YOU | {"name": "Sam Other", "email": "other@example.com"})
    other.post("/book/contact/", CONTACT)
    agree(other)

    reference = Booking.objects.order_by("pk").first().reference
    page = words_of(client.get(f"/booking/{reference}/done/"))

    assert planned[0].attendances.count() == 2
    assert "Sam Other" not in page
    assert Booking.objects.order_by("pk").last().reference not in page
