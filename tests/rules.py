"""Rules that the database holds, as a table: one case per constraint or trigger, tried by ORM and by raw SQL.

A case knows an unsaved row that the rule allows, and what breaks the rule. `uncovered` names the rules of some apps
that no case stands for, so that a new constraint without a test fails the suite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

Row = Callable[..., models.Model]
# Fields by name, or a function that makes them from a plain row.
Fields = Mapping[str, Any] | Callable[[Any], Mapping[str, Any]]
# pghistory's own triggers, which keep one event for each insert and update.
HISTORY = frozenset({"insert_insert", "update_update"})


@dataclass(frozen=True)
class Case:
    """A plain row with `given` is allowed, with `broken` is refused; with `later`, both are changes of a saved row."""

    rule: str
    row: Row
    broken: Fields = field(default_factory=dict)
    given: Fields = field(default_factory=dict)
    later: bool = False

    def allowed(self, write: Writer) -> None:
        self._write(write, self.given)

    def refused(self, write: Writer) -> None:
        self._write(write, self.broken)

    def _write(self, write: Writer, fields: Fields) -> None:
        row = self.row()
        changes = fields(row) if callable(fields) else fields
        if self.later:
            row.save()
            if changes:
                write.update(row, changes)
        else:
            write.insert(changed(row, changes))


@dataclass(frozen=True)
class Unique(Case):
    """A second row with the `same` fields is refused; with its own `apart`, or once the first is `unless`, allowed.

    `second`: fields in which the second row must differ for other rules' sake.
    """

    same: tuple[str, ...] = ()
    apart: str = ""
    unless: Mapping[str, Any] | None = None
    second: Mapping[str, Any] = field(default_factory=dict)

    def allowed(self, write: Writer) -> None:
        assert self.apart or self.unless, "a unique rule needs a row that it allows"
        if self.apart:
            self._second(write, apart=self.apart)
        if self.unless is not None:
            self._second(write, unless=self.unless)

    def refused(self, write: Writer) -> None:
        self._second(write)

    def _second(self, write: Writer, *, apart: str = "", unless: Mapping[str, Any] | None = None) -> None:
        assert not callable(self.given)
        first, second = self.row(**self.given), self.row(**self.given)
        first.save()
        if unless:
            write.update(first, unless)
        shared = {name: getattr(first, name) for name in self.same if name != apart and name not in (unless or ())}
        write.insert(changed(second, shared | dict(self.second)))


@dataclass(frozen=True)
class Kept(Case):
    """A row that cannot be deleted."""

    def refused(self, write: Writer) -> None:
        row = self.row()
        row.save()
        write.delete(row)


def changed(row: models.Model, fields: Mapping[str, Any]) -> models.Model:
    """The row with these fields set."""
    for name, value in fields.items():
        setattr(row, name, value)
    return row


class Writer:
    """Writes through the ORM."""

    def insert(self, row: models.Model) -> None:
        row.save()

    def update(self, row: models.Model, fields: Mapping[str, Any]) -> None:
        changed(row, fields).save()

    def delete(self, row: models.Model) -> None:
        row.delete()


class SqlWriter(Writer):
    """Writes plain SQL, as somebody at a database prompt would."""

    def insert(self, row: models.Model) -> None:
        columns = {
            one.column: one.get_db_prep_save(one.pre_save(row, True), connection)
            for one in row._meta.concrete_fields
            if not (one.primary_key and getattr(row, one.attname) is None)
        }
        names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join(["%s"] * len(columns))
        pk = row._meta.pk
        assert pk is not None
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{row._meta.db_table}" ({names}) VALUES ({marks}) RETURNING "{pk.column}"',
                list(columns.values()),
            )
            setattr(row, pk.attname, cursor.fetchone()[0])

    def update(self, row: models.Model, fields: Mapping[str, Any]) -> None:
        changed(row, fields)
        columns = [one for one in row._meta.concrete_fields if one.name in fields]
        if not columns:
            return
        pairs = ", ".join(f'"{one.column}" = %s' for one in columns)
        values = [one.get_db_prep_save(getattr(row, one.attname), connection) for one in columns]
        with connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{row._meta.db_table}" SET {pairs} WHERE {_key(row)} = %s', [*values, row.pk])

    def delete(self, row: models.Model) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{row._meta.db_table}" WHERE {_key(row)} = %s', [row.pk])


def _key(row: models.Model) -> str:
    assert row._meta.pk is not None
    return f'"{row._meta.pk.column}"'


WRITERS: dict[str, Writer] = {"orm": Writer(), "sql": SqlWriter()}


def broken_rule(act: Callable[[], object]) -> str:
    """Do `act`, and name the constraint or trigger that refused it; empty if nothing did."""
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        told = error.__cause__.diag
        return str(told.constraint_name or _trigger_in(told.context or "") or error)
    return ""


def _trigger_in(context: str) -> str:
    # The context names the function at fault, like pgtrigger_append_only_1a2b3.
    _, found, rest = context.partition("pgtrigger_")
    return rest.split("(")[0].rpartition("_")[0] if found else ""


def rules_of(*labels: str) -> set[tuple[str, str]]:
    """(model, name) of every constraint, trigger and unique column of the apps with these labels, history aside."""
    found = set()
    for label in labels:
        for model in apps.get_app_config(label).get_models():
            if not hasattr(model, "pgh_tracked_model"):
                found |= {(model.__name__, name) for name in _names(model)}
    return found


def unique_columns(*labels: str) -> list[tuple[type[models.Model], str]]:
    """Each model and field that is `unique=True` of its own, the shared primary keys aside."""
    return [
        (model, one.name)
        for label in labels
        for model in apps.get_app_config(label).get_models()
        for one in model._meta.local_fields
        if one.unique and not one.primary_key
    ]


def _names(model: type[models.Model]) -> Iterable[str]:
    yield from (constraint.name for constraint in model._meta.constraints)
    yield from (one.name for one in getattr(model._meta, "triggers", ()) if one.name not in HISTORY)


def uncovered(
    labels: Iterable[str], cases: Iterable[Case], others: Iterable[tuple[str, str]] = ()
) -> set[tuple[str, str]]:
    """The rules of some apps that neither a case nor one of `others` (tested elsewhere) stands for."""
    covered = {(_model_of(case), case.rule) for case in cases}
    return rules_of(*labels) - covered - set(others)


def _model_of(case: Case) -> str:
    # A row is built by a function whose return type names the model.
    return str(case.row.__annotations__["return"])
