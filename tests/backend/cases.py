"""Rule cases of the backend tables: users, audit lines, work items, deliveries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from backend.accounts.models import ApiToken, User, digest_of
from backend.audit.models import AuditLine
from backend.outbox.models import Delivery
from backend.worklist.models import WorkItem
from tests import factories
from tests.factories import NOW, in_days, number
from tests.rules import Case, Kept, Unique

BEFORE = NOW - in_days(1)
CLAIM = UUID(int=1)


def user(**fields: Any) -> User:
    return User(**{"email": f"user{number()}@staff.example", "password": "unusable"} | fields)


def api_token(**fields: Any) -> ApiToken:
    return ApiToken(**{"user": factories.a_user("desk"), "digest": digest_of(f"{number()}")} | fields)


def audit_line(**fields: Any) -> AuditLine:
    return AuditLine(**{"at": NOW, "actor": "user:1", "verb": "view", "subject": "client"} | fields)


def delivery(**fields: Any) -> Delivery:
    plain = {"key": f"key-{number()}", "purpose": "reminder", "channel": "email", "subject": "booking"}
    return Delivery(**plain | {"subject_id": 1, "due_at": NOW} | fields)


def work_item(**fields: Any) -> WorkItem:
    plain = {"kind": "clash", "key": f"clash:{number()}", "subject": "booking", "subject_id": "1", "words": "Look."}
    return WorkItem(**plain | {"opened_at": NOW} | fields)


ACCOUNTS = [
    Case("user_email_is_lower_case", user, broken={"email": "Robin@staff.example"}),
    Case("user_role_is_known", user, given={"role": "desk"}, broken={"role": "king"}),
    Case(
        "user_client_is_never_staff",
        user,
        given={"is_staff": True, "role": "owner"},
        broken={"is_staff": True, "role": "client"},
    ),
    Case("api_token_is_a_digest", api_token, broken={"digest": "a-secret-in-plain-words"}),
]

AUDIT = [
    Case("audit_verb", audit_line, given={"verb": "sign_in_failed"}, broken={"verb": "peek"}),
    Case("append_only", audit_line, broken={"detail": "nothing happened"}, later=True),
    Kept("append_only", audit_line),
]

WORKLIST = [
    Case("work_item_kind", work_item, given={"kind": "odd_money"}, broken={"kind": "gossip"}),
    Unique("work_item_open_once", work_item, same=("key",), apart="key", unless={"resolved_at": NOW}),
    Case(
        "work_item_resolution_has_a_time",
        work_item,
        given={"resolution": "called", "resolved_at": NOW},
        broken={"resolution": "called"},
    ),
    Case("work_item_resolution_has_a_time", work_item, broken=lambda row: {"resolved_by": factories.a_user()}),
    Case("work_item_is_resolved_after_it_was_opened", work_item, {"resolved_at": BEFORE}, {"resolved_at": NOW}),
]

OUTBOX = [
    Case(
        "delivery_status",
        delivery,
        given={"status": "sent", "finished_at": NOW},
        broken={"status": "lost", "finished_at": NOW},
    ),
    Case("delivery_channel", delivery, given={"channel": "sms"}, broken={"channel": "pigeon"}),
    Case(
        "delivery_claimed_names_the_claim",
        delivery,
        given={"status": "claimed", "claimed_at": NOW, "claim": CLAIM},
        broken={"status": "claimed", "claimed_at": NOW},
    ),
    Case("delivery_claimed_names_the_claim", delivery, broken={"status": "claimed", "claim": CLAIM}),
    Case("delivery_claimed_names_the_claim", delivery, broken={"claim": CLAIM}),
    Case("delivery_finished_has_a_time", delivery, broken={"finished_at": NOW}),
    *(
        Case(
            "delivery_finished_has_a_time",
            delivery,
            given={"status": status, "finished_at": NOW},
            broken={"status": status},
        )
        for status in ("sent", "withdrawn", "missed", "failed", "unknown")
    ),
]

CASES = [*ACCOUNTS, *AUDIT, *WORKLIST, *OUTBOX]
