"""The sandbox's storage: one SQLite file in the state directory.

Every request runs in one transaction under one lock. An object, its events, their deliveries and the
answer under the idempotency key are therefore stored together or not at all, even after ``kill -9``.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .objects import Json

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    created INTEGER NOT NULL, body TEXT NOT NULL, private TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS objects_kind ON objects (kind, seq);
CREATE INDEX IF NOT EXISTS objects_customer ON objects (kind, json_extract(body, '$.customer'), seq);
CREATE INDEX IF NOT EXISTS objects_intent ON objects (kind, json_extract(body, '$.payment_intent'), seq);
CREATE INDEX IF NOT EXISTS objects_charge ON objects (kind, json_extract(body, '$.charge'), seq);
CREATE INDEX IF NOT EXISTS objects_status ON objects (kind, json_extract(body, '$.status'), seq);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, endpoint TEXT NOT NULL, params TEXT NOT NULL, status INTEGER NOT NULL,
    body TEXT NOT NULL, request_id TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS answers_at ON answers (at);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, payload BLOB NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL, after INTEGER, outcome TEXT);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
CREATE INDEX IF NOT EXISTS deliveries_event ON deliveries (event);
"""


class Store:
    """Stripe objects, kept answers and deliveries. Methods that write need an open ``transaction()``."""

    def __init__(self, state: Path) -> None:
        state.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self.db = sqlite3.connect(state / "sandbox.sqlite3", check_same_thread=False, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.db.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file. The store cannot be used afterwards."""
        with self.lock:
            self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the lock, and commit at the end of the block or roll back if it raises."""
        with self.lock:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo the writes of the block if it raises; the transaction stays open."""
        self.db.execute("SAVEPOINT work")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK TO work")
            raise
        finally:
            self.db.execute("RELEASE work")

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Run one statement and fetch all its rows."""
        with self.lock:
            return self.db.execute(sql, values).fetchall()

    def execute(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run one statement; returns the last row id."""
        with self.lock:
            return self.db.execute(sql, values).lastrowid or 0

    def add(self, body: Json, private: Json | None = None) -> Json:
        """Store a new object. ``private`` is data that no API answer may contain (a test card's number)."""
        self.execute(
            "INSERT INTO objects (id, kind, created, body, private) VALUES (?, ?, ?, ?, ?)",
            (body["id"], body["object"], body["created"], json.dumps(body), json.dumps(private or {})),
        )
        return body

    def save(self, body: Json) -> Json:
        """Update a stored object."""
        self.execute("UPDATE objects SET body = ? WHERE id = ?", (json.dumps(body), body["id"]))
        return body

    def find(self, kind: str, object_id: str | None) -> Json | None:
        """The object of this kind with this id, or None."""
        found = self.rows("SELECT body FROM objects WHERE id = ? AND kind = ?", (object_id, kind))
        return json.loads(found[0]["body"]) if found else None

    def get(self, kind: str, object_id: str) -> Json:
        """The object of this kind with this id. Raises LookupError if there is none."""
        found = self.find(kind, object_id)
        if found is None:
            raise LookupError(f"{kind} {object_id}")
        return found

    def private(self, object_id: str) -> Json:
        """The private data of an object, which is never sent; empty if there is none."""
        found = self.rows("SELECT private FROM objects WHERE id = ?", (object_id,))
        return json.loads(found[0]["private"]) if found else {}

    def save_private(self, object_id: str, private: Json) -> None:
        """Replace the private data of an object."""
        self.execute("UPDATE objects SET private = ? WHERE id = ?", (json.dumps(private), object_id))

    def seq(self, object_id: str) -> int | None:
        """An object's position in the order of creation, or None."""
        found = self.rows("SELECT seq FROM objects WHERE id = ?", (object_id,))
        return found[0]["seq"] if found else None

    def select(self, kind: str, where: Sequence[str], values: Sequence[Any], tail: str) -> list[Json]:
        """Objects of a kind. ``where`` and ``tail`` are SQL and must not contain input."""
        conditions = " AND ".join(["kind = ?", *where])
        found = self.rows(f"SELECT body FROM objects WHERE {conditions} {tail}", (kind, *values))
        return [json.loads(row["body"]) for row in found]
