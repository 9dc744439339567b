"""An audit line names actor, subject and time by ids, and is written in the transaction that it records."""

import pytest
from django.db import transaction

from backend.accounts.actor import Actor, system
from backend.audit.models import AuditLine
from backend.audit.operations import record
from tests.factories import NOW, an_actor

pytestmark = pytest.mark.django_db


def a_line(by: Actor) -> AuditLine:
    return record(verb=AuditLine.Verb.VIEW, subject="client", subject_id=7, detail="page", by=by, now=NOW)


def test_a_line_names_the_user_and_the_request_by_ids():
    owner = an_actor()
    by = Actor(user=owner.user, request_id="r-1", address="192.0.2.1")

    line = a_line(by)

    assert (line.at, line.actor, line.user, line.request_id) == (NOW, f"user:{owner.user.pk}", owner.user, "r-1")
    assert (line.verb, line.subject, line.subject_id, line.detail) == ("view", "client", "7", "page")


@pytest.mark.parametrize(
    ("by", "label"),
    [
        (Actor(participant_id=5), "participant:5"),
        (Actor(holder="a-browser", address="192.0.2.1"), "stranger"),
        (system("expire-holds"), "system:expire-holds"),
    ],
    ids=str,
)
def test_a_line_of_an_actor_without_a_login_holds_only_their_label(by: Actor, label: str):
    line = a_line(by)

    assert (line.actor, line.user) == (label, None)
    assert "192.0.2.1" not in str(vars(line))
    assert "a-browser" not in str(vars(line))


def test_a_line_is_rolled_back_with_the_transaction_that_it_records():
    with transaction.atomic():
        a_line(system("import"))
        transaction.set_rollback(True)

    assert not AuditLine.objects.exists()
