"""Django's database cache with a counter that is correct under concurrency.

Django's own `incr` reads, then writes, and replaces the entry's expiry by the default one. Two workers that count at
once lose an increment, and a one-hour window restarts after five minutes. The Redis cache has neither problem.
"""

import base64
import pickle

from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router, transaction
from django.utils import timezone


class CountingDatabaseCache(DatabaseCache):
    """Database cache with an atomic `incr`, used when REDIS_URL is not set."""

    _table: str

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add `delta` under a row lock and keep the expiry. Raises ValueError if the key is missing or expired."""
        database = router.db_for_write(self.cache_model_class)
        name = self.make_and_validate_key(key, version=version)
        with transaction.atomic(using=database), connections[database].cursor() as cursor:
            table = connections[database].ops.quote_name(self._table)
            cursor.execute(
                f"SELECT value FROM {table} WHERE cache_key = %s AND expires > %s FOR UPDATE",  # noqa: S608
                [name, timezone.now()],
            )
            row = cursor.fetchone()
            if row is None:
                raise ValueError(f"Key {key!r} not found")
            value = int(pickle.loads(base64.b64decode(row[0]))) + delta  # noqa: S301 (written by this cache)
            stored = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("latin1")
            cursor.execute(f"UPDATE {table} SET value = %s WHERE cache_key = %s", [stored, name])  # noqa: S608
        return value
