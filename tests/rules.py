"""Test cases for database rules: one per constraint or trigger, run by ORM and by raw SQL.

A case has a factory of a valid row, fields that the rule allows and fields that break it. `uncovered` returns the rules
without a case, so that a new constraint without a test fails the suite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

Row = Callable[..., models.Model]
# Values by field name, or a function that returns them for a valid row.
Fields = Mapping[str, Any] | Callable[[Any], Mapping[str, Any]]
# Triggers of pghistory, which record one event for each insert and update.
HISTORY = frozenset({"insert_insert", "update_update"})


@dataclass(frozen=True)
class Case:
    """A row with the fields `given` is allowed, with `broken` refused. With `later`, both change a saved row."""

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
    """A second row with the `same` values is refused.

    It is allowed if it differs in the field `apart`, or once the first row has been changed to the values `unless`.
    `second` holds values that the second row needs because of other rules.
    """

    same: tuple[str, ...] = ()
    apart: str = ""
    unless: Mapping[str, Any] | None = None
    second: Mapping[str, Any] = field(default_factory=dict)

    def allowed(self, write: Writer) -> None:
        assert self.apart or self.unless, "a unique rule needs `apart` or `unless`"
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
    """Set fields of a row; returns the row."""
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
    """Writes plain SQL, as a person at a database prompt does."""

    def insert(self, row: models.Model) -> None:
        columns = {
            column.column: column.get_db_prep_save(column.pre_save(row, True), connection)
            for column in row._meta.concrete_fields
            if not (column.primary_key and getattr(row, column.attname) is None)
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
        columns = [column for column in row._meta.concrete_fields if column.name in fields]
        if not columns:
            return
        pairs = ", ".join(f'"{column.column}" = %s' for column in columns)
        values = [column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns]
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
    """Run `act`; returns the name of the constraint or trigger that refused it, or an empty string."""
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        diagnostics = error.__cause__.diag
        return str(diagnostics.constraint_name or _trigger_in(diagnostics.context or "") or error)
    return ""


def _trigger_in(context: str) -> str:
    # The context names the trigger's function, such as pgtrigger_append_only_1a2b3.
    _, found, rest = context.partition("pgtrigger_")
    return rest.split("(")[0].rpartition("_")[0] if found else ""


def rules_of(*labels: str) -> set[tuple[str, str]]:
    """(model, name) of every constraint and trigger of the apps with these labels, except those of pghistory."""
    found = set()
    for label in labels:
        for model in apps.get_app_config(label).get_models():
            if not hasattr(model, "pgh_tracked_model"):
                found |= {(model.__name__, name) for name in _names(model)}
    return found


def unique_columns(*labels: str) -> list[tuple[type[models.Model], str]]:
    """Each (model, field name) with `unique=True`, except primary keys."""
    return [
        (model, column.name)
        for label in labels
        for model in apps.get_app_config(label).get_models()
        for column in model._meta.local_fields
        if column.unique and not column.primary_key
    ]


def _names(model: type[models.Model]) -> Iterable[str]:
    yield from (constraint.name for constraint in model._meta.constraints)
    yield from (trigger.name for trigger in getattr(model._meta, "triggers", ()) if trigger.name not in HISTORY)


def uncovered(
    labels: Iterable[str], cases: Iterable[Case], others: Iterable[tuple[str, str]] = ()
) -> set[tuple[str, str]]:
    """The rules of the apps with these labels that have no case and are not in `others`, which are tested elsewhere."""
    covered = {(_model_of(case), case.rule) for case in cases}
    return rules_of(*labels) - covered - set(others)


def _model_of(case: Case) -> str:
    # The return type of the row factory names the model.
    return str(case.row.__annotations__["return"])
