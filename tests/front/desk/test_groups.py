"""Groups on the desk's day list, before anybody has a seat and with all people who do."""

import pytest
from django.test import Client as Browser

from tests.factories import NOW, a_desk_actor, a_practice
from tests.scheduling.groups import TUESDAY, a_place_for_groups, sit_in
from tests.signing_in import sign_in


@pytest.fixture
def groups(db, frozen):
    a_practice()
    return a_place_for_groups()


def test_the_day_list_shows_a_group_before_it_has_seats_and_then_its_people(groups):
    (empty,), (seated,) = groups.open(), groups.open(hour=14)
    people = [sit_in([seated], seat_no=n).participants.get().client for n in (1, 2)]
    browser = sign_in(Browser(), a_desk_actor(groups.office).user)

    page = browser.get(f"/desk/{groups.office.slug}/{TUESDAY.isoformat()}/").content.decode()

    assert f"/desk/appointments/{empty.pk}/" in page
    assert f"/desk/appointments/{seated.pk}/" in page
    for one in (empty, seated):
        assert browser.get(f"/desk/appointments/{one.pk}/").status_code == 200
    assert page.count(people[0].name_to_use) >= 2


def test_seats_with_different_statuses_are_counted_by_status(groups):
    (meeting,) = groups.open()
    seats = [sit_in([meeting], seat_no=n) for n in (1, 2, 3)]
    seats[0].participants.get().attendances.update(status="arrived", arrived_at=NOW)
    browser = sign_in(Browser(), a_desk_actor(groups.office).user)

    (line,) = browser.get(f"/desk/{groups.office.slug}/{TUESDAY.isoformat()}/").context["lines"]

    assert [sign.word for sign in line.signs] == ["1 here", "2 booked"]


def test_seats_with_the_same_status_share_one_word(groups):
    (meeting,) = groups.open()
    for n in (1, 2):
        sit_in([meeting], seat_no=n)
    browser = sign_in(Browser(), a_desk_actor(groups.office).user)

    (line,) = browser.get(f"/desk/{groups.office.slug}/{TUESDAY.isoformat()}/").context["lines"]

    assert [sign.word for sign in line.signs] == ["Booked"]
