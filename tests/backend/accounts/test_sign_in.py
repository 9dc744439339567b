"""Signing in through the real pages, with a password, an app code or an emailed code."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client as Browser

from backend.audit.models import AuditLine
from tests.factories import a_client, a_practice, a_user
from tests.front.walk import words_of
from tests.signing_in import give_second_factor

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


@pytest.fixture(autouse=True)
def practice(db):
    return a_practice()


def totp(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def give_password(browser, user, password=PASSWORD):
    return browser.post("/accounts/login/", {"login": user.email, "password": password})


def mails_within(seconds, wanted=1):
    """The outbox, once it holds `wanted` mails or `seconds` have passed: allauth mails leave on another thread."""
    until = time.monotonic() + seconds
    while len(mail.outbox) < wanted and time.monotonic() < until:
        time.sleep(0.02)
    return mail.outbox


def asks_for_code(browser, email):
    return browser.post("/accounts/login/code/", {"email": email})


def body(response):
    """The page without its CSRF token, which differs by request."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())


def test_staff_sign_in_with_a_password_and_an_app_code():
    user = a_user("desk")
    secret = give_second_factor(user)
    browser = Browser()
    response = give_password(browser, user)
    assert response["Location"] == "/accounts/2fa/authenticate/"
    response = browser.post("/accounts/2fa/authenticate/", {"code": totp(secret)})
    assert response["Location"] == "/home/"
    assert browser.get("/home/")["Location"] == "/desk/"


def test_a_wrong_app_code_is_refused_and_leaves_an_audit_line():
    user = a_user("owner")
    give_second_factor(user)
    browser = Browser()
    give_password(browser, user)
    browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in browser.session
    line = AuditLine.objects.get(verb="sign_in_failed")
    assert (line.user, line.detail) == (user, "second factor")


def test_staff_without_a_second_factor_reach_only_its_setup():
    browser = Browser()
    give_password(browser, a_user("clinician"))
    for path in ("/home/", "/schedule/", "/desk/", "/", "/accounts/password/change/"):
        assert browser.get(path)["Location"] == "/accounts/2fa/totp/activate/", path
    assert browser.post("/accounts/password/change/", {}).status_code == 403
    assert browser.get("/accounts/2fa/totp/activate/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_the_app_opens_the_staff_pages():
    browser = Browser()
    give_password(browser, a_user("desk"))
    page = browser.get("/accounts/2fa/totp/activate/")
    response = browser.post("/accounts/2fa/totp/activate/", {"code": totp(page.context["form"].secret)})
    assert response["Location"] == "/accounts/2fa/recovery-codes/"
    assert browser.get("/home/")["Location"] == "/desk/"


def test_a_session_that_did_not_prove_its_second_factor_is_ended():
    user = a_user("owner")
    give_second_factor(user)
    browser = Browser()
    browser.force_login(user)
    assert browser.get("/home/")["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in browser.session


def test_the_app_secret_is_stored_encrypted():
    user = a_user("desk")
    secret = give_second_factor(user)
    assert secret not in str(Authenticator.objects.get(user=user, type="totp").data)


def test_a_client_signs_in_with_a_code_by_mail():
    user = a_user("client", email="alex@example.com")
    a_client("Alex Reed", user=user, email="alex@example.com")
    browser = Browser()
    asks_for_code(browser, user.email)
    message = mails_within(5)[0]
    assert message.subject == "Your code"
    code = re.search(r"Your code is (\S+)", message.body)[1]
    response = browser.post("/accounts/login/code/confirm/", {"code": code})
    assert response["Location"] == "/home/"
    assert browser.get("/home/")["Location"] == "/"


@pytest.mark.parametrize("email", ["alex@example.com", "nobody@example.com"])
def test_a_user_who_got_no_code_can_start_again_with_another_address(email):
    user = a_user("client", email="alex@example.com")
    a_client("Alex Reed", user=user, email="alex@example.com")
    browser = Browser()
    asks_for_code(browser, email)
    page = words_of(browser.get("/accounts/login/code/confirm/"))
    way, onward = re.search(r'action="(/accounts/logout/)".*name="next" value="([^"]+)"', page).groups()
    answer = browser.post(way, {"next": onward}, follow=True)
    assert answer.redirect_chain == [("/accounts/login/code/", 302)]


@pytest.mark.parametrize("email", ["desk@staff.example", "nobody@example.com", "both@example.com"])
def test_staff_strangers_and_shared_addresses_get_no_code_and_the_same_answer(email):
    """F131"""
    a_user("desk", email="desk@staff.example")
    a_client("One", user=a_user("client", email="both@example.com"), email="both@example.com")
    a_client("Other", email="both@example.com")
    a_client("Known", user=a_user("client", email="known@example.com"), email="known@example.com")
    known, other = Browser(), Browser()
    first = [asks_for_code(known, "known@example.com"), known.get("/accounts/login/code/confirm/")]
    assert len(mails_within(5)) == 1
    second = [asks_for_code(other, email), other.get("/accounts/login/code/confirm/")]
    assert [page.status_code for page in first] == [page.status_code for page in second] == [302, 200]
    assert body(first[1]).replace("known@example.com", email) == body(second[1])
    time.sleep(0.2)
    assert len(mail.outbox) == 1


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer():
    """F131"""
    user = a_user("client")
    wrong = give_password(Browser(), user, "not the password")
    unknown = Browser().post("/accounts/login/", {"login": "nobody@example.com", "password": "not the password"})
    assert (wrong.status_code, unknown.status_code) == (200, 200)
    assert body(wrong).replace(user.email, "") == body(unknown).replace("nobody@example.com", "")


def test_a_failed_sign_in_is_audited_with_the_account_and_without_the_typed_text():
    """F143"""
    user = a_user("client")
    give_password(Browser(), user, "not the password")
    Browser().post("/accounts/login/", {"login": "typed@example.com", "password": "secret words"})
    known, unknown = AuditLine.objects.filter(verb="sign_in_failed").order_by("pk")
    assert known.user == user
    assert unknown.user is None
    assert "typed" not in f"{unknown.actor}{unknown.detail}{unknown.subject_id}"


def test_a_sign_in_leaves_an_audit_line():
    """F143"""
    user = a_user("client")
    give_password(Browser(), user)
    assert AuditLine.objects.get(verb="sign_in").user == user


def test_only_staff_get_a_password_reset_link():
    a_user("client", email="alex@example.com")
    a_user("desk", email="desk@staff.example")
    for email in ("alex@example.com", "nobody@example.com", "desk@staff.example"):
        response = Browser().post("/accounts/password/reset/", {"email": email})
        assert response["Location"] == "/accounts/password/reset/done/"
    assert [message.to for message in mails_within(5)] == [["desk@staff.example"]]


def test_the_signup_page_creates_no_account():
    response = Browser().post("/accounts/signup/", {"email": "new@example.com", "password1": PASSWORD})
    assert b"We create accounts for you" in response.content


def test_home_redirects_strangers_to_sign_in():
    assert Browser().get("/home/")["Location"] == "/accounts/login/?next=/home/"
