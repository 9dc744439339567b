"""What a verb sends to the database, statement by statement, so that a test can name each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Transaction control is not counted: how it is nested is a matter of the caller.
_CONTROL = re.compile(r"^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)")
_VERB = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM|SELECT)\b", re.IGNORECASE)
_APPS = ("scheduling_", "billing_", "outbox_", "audit_", "worklist_", "accounts_", "api_")
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?((?:" + "|".join(_APPS) + r")\w+)\"?", re.IGNORECASE)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements of a block as “insert booking”, “lock resource”, “select room”."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    sent = (query["sql"] for query in captured.captured_queries)
    found += [_named(sql) for sql in sent if not _CONTROL.match(sql)]


def _named(sql: str) -> str:
    if "pg_advisory_xact_lock" in sql:
        return "lock holder"
    verb = _VERB.match(sql)
    assert verb is not None, sql
    word = verb[1].split()[0].lower()
    tables = [name.split("_", 1)[1] for name in _TABLE.findall(_without_subqueries(sql))]
    if word == "select" and "FOR NO KEY UPDATE" in sql:
        word = "lock"
    return f"{word} {tables[0]}"


def _without_subqueries(sql: str) -> str:
    # What is in parentheses names other tables, before the statement's own.
    while "(" in sql:
        shorter = re.sub(r"\([^()]*\)", " ", sql)
        if shorter == sql:
            break
        sql = shorter
    return sql
