"""A link in a message opens one person's own part and no other."""

import pytest
from django.test import Client

from backend.audit.models import AuditLine
from scheduling.models import ManageToken, Participant
from scheduling.operations.bookings.choose_contact import choose_contact
from scheduling.operations.clients import Person
from scheduling.operations.links.links import issue
from tests.factories import NOW, a_desk_actor
from tests.front.walk import OWN, booked
from tests.signing_in import sign_in

PARTNER = {"name": "Sammy as typed", "email": "typed@example.com"}


@pytest.fixture
def couple(client, office, payments):
    """A booked couple: the first partner's browser is `client`."""
    return booked(client, payments, office.program, partner=PARTNER)


def secret_of(booking, track, purpose="manage"):
    return issue(participant=booking.participants.get(track=track), purpose=purpose, now=NOW)


def opened(secret):
    """Another browser that opened this link."""
    other = Client()
    other.get(f"/m/{secret}/")
    return other


def test_opening_a_link_redirects_to_an_address_without_the_secret(client, couple):
    response = Client().get(f"/m/{secret_of(couple, 'A')}/")

    assert response.status_code == 302
    assert response.headers["Location"] == f"/booking/{couple.reference}/"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("method", ["get", "head"])
def test_following_every_link_on_a_page_changes_nothing(client, couple, method):
    """F128: a mail scanner follows all links."""
    secrets = [secret_of(couple, "A"), secret_of(couple, "B", "introduction")]
    before = [list(model.objects.order_by("pk").values()) for model in (Participant, ManageToken)]

    for secret in secrets:
        getattr(Client(), method)(f"/m/{secret}/", follow=True)

    assert [list(model.objects.order_by("pk").values()) for model in (Participant, ManageToken)] == before


def test_revoked_and_unknown_links_get_the_same_page(client, couple):
    dead = secret_of(couple, "A")
    ManageToken.objects.update(revoked_at=NOW)

    pages = [Client().get(f"/m/{secret}/") for secret in (dead, "x", "A" * 22, "../etc")]

    assert {page.status_code for page in pages} == {404}
    assert all("This link has stopped working" in page.content.decode() for page in pages[:3])
    assert pages[0].content == pages[1].content == pages[2].content


def test_opened_links_are_limited_by_network_address(client, couple, settings):
    settings.LIMITS = settings.LIMITS | {"links_per_address": 2}

    assert [client.get(f"/m/{n}/").status_code for n in range(3)] == [404, 404, 429]


def test_a_reference_without_a_link_opens_nothing(client, couple):
    for page in ("", "choices/"):  # the tests of payment cover "done/" for strangers
        assert Client().get(f"/booking/{couple.reference}/{page}").status_code == 404


def test_a_link_opens_no_other_booking(client, couple, office, payments):
    another = booked(Client(), payments, office.single)

    assert opened(secret_of(couple, "A")).get(f"/booking/{another.reference}/").status_code == 404


def test_revoking_a_link_closes_the_pages_it_opened(client, couple):
    browser = opened(secret_of(couple, "A"))
    ManageToken.objects.update(revoked_at=NOW)

    assert browser.get(f"/booking/{couple.reference}/").status_code == 404


def test_staff_cannot_open_a_clients_page(client, couple):
    desk = a_desk_actor(couple.location)
    staff = sign_in(Client(), desk.user)

    assert staff.get(f"/booking/{couple.reference}/").status_code == 404


def test_the_second_person_sees_only_dates_and_no_details_before_choosing(client, couple):
    page = opened(secret_of(couple, "B", "introduction")).get(f"/booking/{couple.reference}/", follow=True)

    words = page.content.decode()
    assert page.redirect_chain == [(f"/booking/{couple.reference}/choices/", 302)]
    assert "9:00 AM to 4:00 PM each day" in words
    for typed in ("Sammy as typed", "typed@example.com", "Alex", "alex@example.com", "555-0123", "$"):
        assert typed not in words


def test_the_second_person_chooses_and_gets_their_own_link(client, couple, settings):
    introduction = secret_of(couple, "B", "introduction")
    browser = opened(introduction)

    page = browser.post(f"/booking/{couple.reference}/choices/", OWN)

    second = couple.participants.get(track="B")
    assert page.context["link"].startswith(f"{settings.BASE_URL}/m/")
    assert (second.chosen_at, second.client.name_to_use, second.client.email) == (NOW, "Sam", "sam@example.com")
    assert Client().get(f"/m/{introduction}/").status_code == 404
    assert browser.get(f"/booking/{couple.reference}/").status_code == 200


def test_the_partner_who_passed_the_link_on_cannot_look_after_the_other_has_chosen(client, couple):
    """The first partner opened the introduction before passing it on."""
    introduction = secret_of(couple, "B", "introduction")
    curious = opened(introduction)
    opened(introduction).post(f"/booking/{couple.reference}/choices/", OWN)

    assert curious.get(f"/booking/{couple.reference}/").status_code == 404
    assert curious.get(f"/booking/{couple.reference}/choices/").status_code == 404


def test_each_partners_page_shows_only_their_own_clinicians(client, couple):
    own_b = opened(secret_of(couple, "B", "introduction"))
    own_b.post(f"/booking/{couple.reference}/choices/", OWN)
    names = {
        track: set(
            couple.participants.get(track=track).attendances.values_list(
                "appointment__leads__clinician__name", flat=True
            )
        )
        for track in "AB"
    }

    pages = {
        "A": client.get(f"/booking/{couple.reference}/").content.decode(),
        "B": own_b.get(f"/booking/{couple.reference}/").content.decode(),
    }

    for mine, other in ("AB", "BA"):
        assert all(name in pages[mine] for name in names[mine])
        assert not any(name in pages[mine] for name in names[other] - names[mine])


def test_the_second_persons_page_shows_no_money(client, couple):
    browser = opened(secret_of(couple, "B", "introduction"))
    browser.post(f"/booking/{couple.reference}/choices/", OWN)

    assert "$" not in browser.get(f"/booking/{couple.reference}/").content.decode()


def test_the_second_persons_choices_are_on_no_page_of_the_first(client, couple):
    second = couple.participants.get(track="B")
    choose_contact(
        participant_id=second.pk,
        choice=Person(name="Samantha Own", email="own@example.com", may_email=True),
        by=a_desk_actor(couple.location),
        now=NOW,
    )

    for page in ("", "choices/", "done/"):
        words = client.get(f"/booking/{couple.reference}/{page}").content.decode()
        assert "Samantha" not in words
        assert "own@example.com" not in words


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "x"}, "email"),
        ({"email": ""}, "ways"),
        ({"address_is_shared": ""}, "address_is_shared"),
    ],
)
def test_invalid_choices_are_refused_in_words_and_change_nothing(client, couple, change, field):
    browser = opened(secret_of(couple, "B", "introduction"))

    response = browser.post(f"/booking/{couple.reference}/choices/", OWN | change)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert couple.participants.get(track="B").chosen_at is None


def test_a_persons_own_page_takes_a_fixed_number_of_statements(client, couple, django_assert_max_num_queries):
    client.get(f"/booking/{couple.reference}/")

    with django_assert_max_num_queries(16):
        client.get(f"/booking/{couple.reference}/")


def test_each_view_of_an_own_page_writes_an_audit_line(client, couple):
    client.get(f"/booking/{couple.reference}/")

    line = AuditLine.objects.filter(verb="view", subject="participant").get()
    assert line.subject_id == str(couple.participants.get(track="A").pk)
