"""The test database is a copy of a template, which is migrated once for each state of the migrations.

The first worker that needs a database makes the template; the others wait for it, and all copy. On a server that
outlives the run (DATABASE_URL) the template stays: its comment says what it was made from, so the next run may copy
it at once or makes it anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, transaction

LOCK = 7_402_116_580  # advisory: one process at a time makes or copies a template
MADE_FROM = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
TABLES = """SELECT tablename FROM pg_tables WHERE schemaname = 'public'
    AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"""
SOURCES = ("*/migrations/*.py", "*/*/migrations/*.py", "requirements/*.txt")


def make_test_database() -> None:
    """Copy the template to the database of this worker, and connect to the copy."""
    creation: Any = connection.creation
    test = connection.settings_dict["TEST"]
    own = test["NAME"]
    with _lock() as server:
        server.execute(MADE_FROM, [name()])
        if server.fetchone() != (sources(),):
            test["NAME"] = name()
            creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()  # only what nobody is connected to is copied
            server.execute(f"COMMENT ON DATABASE {connection.ops.quote_name(name())} IS '{sources()}'")
        test |= {"NAME": own, "TEMPLATE": name()}
        creation._create_test_db(verbosity=0, autoclobber=True)  # replaces one that a killed run left
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = own


def empty_tables() -> None:
    """Delete every row that a test committed, past triggers and foreign keys. TRUNCATE takes far longer."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in tables_with_rows():
            cursor.execute(f"DELETE FROM {name}")


def tables_with_rows() -> list[str]:
    """Quoted names of the tables that are not empty, but for those that migrations fill."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [connection.ops.quote_name(name) for (name,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names))
        return [name for (name,) in cursor.fetchall()]


def may_skip_triggers() -> bool:
    """A superuser may delete rows whatever triggers and foreign keys say, as `empty_tables` does."""
    connection.ensure_connection()
    return connection.connection.info.parameter_status("is_superuser") == "on"


def name() -> str:
    """The name of the template: each role has its own, because only its owner may copy it."""
    return f"test_mooring_template_{connection.settings_dict['USER']}"


def sources() -> str:
    """A digest of what a template is made from: our migrations, the locked packages and the list of apps."""
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    for path in sorted(path for pattern in SOURCES for path in settings.BASE_DIR.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@contextmanager
def _lock() -> Iterator[Any]:
    with connection.creation._nodb_cursor() as server:  # type: ignore[attr-defined]
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield server
