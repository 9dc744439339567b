"""Every opening is on a page that “later dates” leads to (F13)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scheduling.models import Program
from scheduling.opening_id import OpeningId, UnknownOpening
from scheduling.queries.openings.opening import describe, get_service
from tests.factories import NOW, a_client, a_desk_actor, openings_of
from tests.front.walk import answer_place
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def listed(slug: str) -> set[str]:
    service, today = get_service(slug), NOW.date()
    until = today + timedelta(days=service.horizon_days + 1)
    return {one.id for one in openings_of(service=service, first=today, until=until, now=NOW, waive_notice=True)}


def test_each_start_date_of_a_program_is_on_a_public_page(client, office):
    Program.objects.update(start_weekdays=[])
    service = get_service("4-day-couple")
    answer_place(client, service)

    shown, since, pages = set(), NOW.date(), 0
    while since is not None and pages < 60:
        page = client.get(f"/book/s/{service.slug}/when/?from={since}").context
        shown |= {one.opening.id for one in page["ranges"]}
        since, pages = page["later"], pages + 1

    assert shown >= {one for one in listed(service.slug) if describe(one).starts_at > NOW + timedelta(days=7)}
    assert len(shown) > 40


@pytest.mark.parametrize("slug", ["single", "4-day-couple"])
def test_each_start_of_a_visit_is_on_a_page_of_the_desk(client, office, slug):
    Program.objects.update(start_weekdays=[])
    sign_in(client, a_desk_actor(office.location).user)
    wish = {"client": a_client("Alex Reed").pk, "service": slug, "office": "frisco"}
    if slug == "4-day-couple":
        wish["partner"] = a_client("Sam Reed").pk

    shown, address, pages = set(), None, 0
    while pages < 60:
        page = client.get(address or "/desk/book/", None if address else wish)
        times = page.context["times"]
        shown |= {tile.opening.id for day in times.days for part in day.parts for tile in part.tiles}
        shown |= {one.opening.id for one in times.ranges}
        if address == times.later or not (times.days or times.ranges):
            break
        address, pages = times.later, pages + 1

    assert len(shown) > 40
    assert shown == listed(slug)


def test_a_program_with_too_few_people_in_its_id_is_unknown(office):
    pin = OpeningId.decode(next(iter(listed("4-day-couple"))))

    with pytest.raises(UnknownOpening):
        describe(OpeningId(**{**vars(pin), "clinicians": pin.clinicians[:1]}).encode())
