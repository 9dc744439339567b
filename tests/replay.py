"""A world that many tests begin with is built once in each process; later tests get the same rows in one statement."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

from tests import template

Built = TypeVar("Built")

ROWS = "SELECT coalesce(json_agg(one), '[]')::text FROM {} one"
INSERT = "INSERT INTO {0} SELECT * FROM json_populate_recordset(NULL::{0}, '{1}')"


def replayed(build: Callable[[], Built]) -> Callable[[], Built]:
    """Decorate `build`, which writes rows and returns models. What it returns is copied: each test may change it.

    The first call that finds an empty database is remembered, so `build` may read nothing that differs between tests.
    """
    kept: list[tuple[str, Built]] = []

    @functools.wraps(build)
    def again() -> Built:
        if kept:
            script, built = kept[0]
            with connection.cursor() as cursor:
                cursor.execute(script)
            return copy.deepcopy(built)
        is_first = template.may_skip_triggers() and not template.tables_with_rows()
        built = build()
        if is_first:
            kept.append((_script(), copy.deepcopy(built)))
        return built

    return again


def _script() -> str:
    """SQL that writes every row that is there now, past triggers: their rows, as those of histories, are among them."""
    inserts = []
    with connection.cursor() as cursor:
        for name in template.tables_with_rows():
            cursor.execute(ROWS.format(name))
            inserts.append(INSERT.format(name, cursor.fetchone()[0].replace("'", "''")))
    role = "SET session_replication_role = {}"
    return ";".join([role.format("replica"), *inserts, role.format("origin")])
