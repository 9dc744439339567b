"""A clinician's own pages: today, the week, the private calendar."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from backend.accounts.models import User, digest_of
from backend.audit.models import AuditLine
from scheduling.models import Clinician, FeedToken
from tests.factories import MONDAY, NOW, a_client, a_clinician, a_user
from tests.front.desk.conftest import booked, opening_ids
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
MORNING = NOW + timedelta(days=7) - timedelta(hours=1)  # Monday, 8:00 AM in Frisco
WEEK = f"/schedule/week/{MONDAY.isoformat()}/"


@pytest.fixture
def robin(office) -> User:
    """The clinician of the single service, with a sign-in."""
    user = a_user("clinician")
    Clinician.objects.filter(slug="robin-vale").update(user=user)
    return user


@pytest.fixture
def browser(robin):
    return sign_in(Browser(), robin)


def at(moment, robin, address="/schedule/"):
    """The page at another moment, in a session that began then."""
    with time_machine.travel(moment, tick=False):
        response = sign_in(Browser(), robin).get(address)
    assert response.status_code == 200
    return response


def two_visits(office):
    wanted = opening_ids(office.single)
    booked(wanted[0], a_client("Alex Reed"))
    booked(wanted[8], a_client("Sam Stone"))


def test_today_has_the_next_visit_on_top_with_initials_only(office, robin):
    two_visits(office)
    response = at(MORNING, robin)
    shown = response.content.decode()
    assert response.context["next"].starts_at == NOW + timedelta(days=7)
    assert shown.index("A.R.") < shown.index("S.S.")
    assert "Alex" not in shown
    assert "Reed" not in shown


def test_the_schedule_shows_no_price(office, robin, browser):
    two_visits(office)
    assert "$" not in at(MORNING, robin).content.decode()
    assert "$" not in browser.get(WEEK).content.decode()


def test_a_past_visit_moves_below_the_next_one(office, robin):
    two_visits(office)
    response = at(MORNING + timedelta(hours=2), robin)
    assert [row.visitors[0].client.initials for row in response.context["over"]] == ["A.R."]
    assert response.context["next"].visitors[0].client.initials == "S.S."


def test_an_empty_day_names_the_next_visit(office, robin, browser):
    two_visits(office)
    assert "Next: Mon, Feb 8, 9:00 AM" in browser.get("/schedule/").content.decode()


def test_the_week_lists_each_day(office, browser):
    two_visits(office)
    days = browser.get(WEEK).context["days"]
    assert [len(day.rows) for day in days] == [2, 0, 0, 0, 0]


def test_a_clinician_sees_no_visits_of_another_clinician(office):
    """F121: clinician B has none of clinician A's rows."""
    two_visits(office)
    other = a_user("clinician")
    a_clinician(office.location, services=[office.single], user=other)
    shown = sign_in(Browser(), other).get(WEEK).content.decode()
    assert "A.R." not in shown
    assert "Nothing booked" in shown


def test_a_clinician_of_an_intensive_sees_only_their_own_blocks(office):
    booked(opening_ids(office.program)[0], a_client("Alex Reed"), a_client("Sam Stone"))
    support = Clinician.objects.filter(roles__slug="support-a").get()
    support.user = a_user("clinician")
    support.save()
    days = sign_in(Browser(), support.user).get(WEEK).context["days"]
    shown = [(row.day_of, len(row.visitors)) for day in days for row in day.rows]
    assert shown == [((1, 4), 1), ((2, 4), 1), ((3, 4), 1), ((4, 4), 1)]


def test_viewing_the_schedule_writes_an_audit_line_for_each_client(office, browser, robin):
    """F143"""
    client = a_client("Alex Reed")
    booked(opening_ids(office.single)[0], client)
    browser.get(WEEK)
    assert AuditLine.objects.filter(verb="view", subject_id=str(client.pk), user=robin).count() == 1


def test_an_owner_without_a_clinician_row_gets_a_page_that_says_so(office):
    assert b"No schedule here" in sign_in(Browser(), a_user("owner")).get("/schedule/").content


@pytest.mark.parametrize("role", ["desk", "client"])
def test_the_schedule_is_a_404_for_other_roles(office, role):
    assert sign_in(Browser(), a_user(role)).get("/schedule/").status_code == 404


def test_the_private_address_is_shown_once_and_works(browser, robin):
    """F130"""
    address = browser.post("/schedule/feed/", {"detail": "initials"}).context["address"]
    secret = address.rsplit("/", 1)[1].removesuffix(".ics")
    token = FeedToken.objects.get(user=robin, revoked_at=None)
    assert (token.digest, token.detail) == (digest_of(secret), "initials")
    assert secret not in browser.get("/schedule/feed/").content.decode()
    assert Browser().get(f"/calendar/{secret}.ics").status_code == 200


def test_a_revoked_calendar_address_is_a_404(browser):
    address = browser.post("/schedule/feed/", {"detail": "busy"}).context["address"]
    browser.post("/schedule/feed/end/")
    assert Browser().get(address.removeprefix("http://localhost:8000")).status_code == 404


def test_an_invalid_detail_makes_no_calendar_address(browser, robin):
    assert browser.post("/schedule/feed/", {"detail": "everything"}).status_code == 422
    assert not FeedToken.objects.filter(user=robin).exists()
