"""Check the SQL of our migrations with squawk: `python -m tests.platform.migration_sql`, part of `make check`.

A migration's SQL depends on the database, so an embedded server is started for it and removed afterwards.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from demo import database

SQUAWK = Path(sys.executable).with_name("squawk")
OURS = frozenset({"backend", "scheduling", "billing", "front"})

# The first migration of each app runs on an empty database: no row to check, nobody to keep waiting. Later ones keep
# all rules.
FIRST = "0001_initial"
NOT_FOR_US = (
    "prefer-text-field",  # the longest name or note is a rule of the model, so the database holds it too
    "prefer-bigint-over-int",  # minutes, cents of one visit and seats have checks far below the limit
    "prefer-bigint-over-smallint",  # as above
    "require-lock-timeout",  # set for the whole run of `migrate` (docs/operations.md), not in each file
    "require-statement-timeout",  # as above
)
NOT_ON_AN_EMPTY_DATABASE = (
    "adding-foreign-key-constraint",  # checks each row under a lock: there is none
    "adding-required-field",  # as above
    "constraint-missing-not-valid",  # as above
    "disallowed-unique-constraint",  # builds an index under a lock: over nothing
    "require-concurrent-index-creation",  # as above
    "ban-drop-constraint",  # clients of an older version: there is none
)


def statements(folder: Path) -> Iterator[Path]:
    """Write the SQL of each migration of ours into `folder`."""
    import django

    django.setup()
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    for app, name in sorted(MigrationLoader(connection).disk_migrations):
        if apps.get_app_config(app).name.partition(".")[0] in OURS:
            path = folder / f"{app}_{name}.sql"
            path.write_text(call_command("sqlmigrate", app, name, stdout=StringIO()) or "")
            yield path


def squawk(paths: list[Path], *silenced: str) -> bool:
    """Whether squawk finds nothing in `paths`. What it finds goes to the terminal."""
    if not paths:
        return True
    command = [str(SQUAWK), "--pg-version", "15.0", "--exclude", ",".join(silenced), *map(str, paths)]
    return subprocess.run(command, check=False).returncode == 0


def main() -> int:
    """Exit code: 0 if every migration keeps the rules."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "backend.settings"
    with tempfile.TemporaryDirectory(prefix="mooring-migrations-") as name:
        server = database.ensure(Path(name) / "postgres", durable=False)
        try:
            os.environ["DATABASE_URL"] = server.url(database.SUPERUSER)
            paths = list(statements(Path(name)))
        finally:
            server.stop()
        first = [path for path in paths if path.stem.endswith(FIRST)]
        later = [path for path in paths if path not in first]
        kept = [squawk(first, *NOT_FOR_US, *NOT_ON_AN_EMPTY_DATABASE), squawk(later, *NOT_FOR_US)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
