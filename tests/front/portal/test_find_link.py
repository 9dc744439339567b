"""Asking for a new link gets the same answer for every address."""

import pytest

from backend.outbox.models import Delivery
from scheduling.models import Client as Person
from tests.front.walk import booked


def ask(client, email):
    return client.post("/link/", {"email": email}, follow=True)


@pytest.fixture
def somebody(client, office, payments):
    return booked(client, payments, office.single).participants.get().client


def test_the_answer_is_the_same_for_known_and_unknown(client, somebody):
    known, unknown = ask(client, somebody.email), ask(client, "nobody@example.com")

    assert known.content == unknown.content
    assert known.redirect_chain == unknown.redirect_chain


def test_a_link_is_planned_for_a_person_who_chose_mail(client, somebody):
    ask(client, " ALEX@example.com ")

    assert [(one.channel, one.receiver_id) for one in Delivery.objects.filter(purpose="link")] == [
        ("email", somebody.pk)
    ]


def test_asking_twice_within_the_hour_sends_one_mail(client, somebody):
    ask(client, somebody.email)
    ask(client, somebody.email)

    assert Delivery.objects.filter(purpose="link").count() == 1


def test_no_mail_goes_to_a_person_who_did_not_choose_mail(client, somebody):
    Person.objects.update(may_email=False)

    ask(client, somebody.email)

    assert not Delivery.objects.filter(purpose="link").exists()


def test_requests_for_one_address_are_limited_without_showing_it(client, somebody, settings):
    settings.LIMITS = settings.LIMITS | {"link_mails_per_target": 0}

    response = ask(client, somebody.email)

    assert response.status_code == 200
    assert not Delivery.objects.filter(purpose="link").exists()


@pytest.mark.parametrize("email", ["", "x", "a@b", "a\r\nb@example.com"])
def test_an_invalid_address_is_refused_in_words(client, office, email):
    response = client.post("/link/", {"email": email})

    assert response.status_code == 422
    assert "email" in response.context["form"].errors
