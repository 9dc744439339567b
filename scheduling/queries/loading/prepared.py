"""Querysets whose SQL is written once in a process: building the widest takes ten times as long as running it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.query import RawQuerySet

M = TypeVar("M", bound=Model)

# No id is below zero, so a stand-in is found again among the parameters.
_STAND_IN = -1_000_000


def pk_among(ids: list[int]) -> Func:
    """The condition that the primary key is one of `ids`: one parameter, however many there are."""
    listed = Value(ids, output_field=ArrayField(BigIntegerField()))
    return Func(F("pk"), listed, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


class Prepared(Generic[M]):
    """The rows of `build(**values)`, where each value is an id or a list of ids (see `pk_among`).

    The SQL is kept for each set of names given. Rows carry the annotations of the queryset; relations are not joined.
    """

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self._build = build
        self._written: dict[tuple[str, ...], tuple[type[M], str, tuple[Any, ...]]] = {}

    def rows(self, **values: int | list[int]) -> RawQuerySet[M]:
        """The rows for these values, read when iterated."""
        names = tuple(sorted(values))
        stand_ins = {name: _STAND_IN - at for at, name in enumerate(names)}
        if names not in self._written:
            given = {name: [stand_ins[name]] if isinstance(values[name], list) else stand_ins[name] for name in values}
            queryset = self._build(**given)
            self._written[names] = queryset.model, *queryset.query.sql_with_params()
        model, sql, params = self._written[names]
        filled = {stand_in: values[name] for name, stand_in in stand_ins.items()}
        return model._default_manager.raw(sql, [_filled(param, filled) for param in params])


def _filled(param: Any, values: dict[int, int | list[int]]) -> Any:
    key = param[0] if isinstance(param, list) and len(param) == 1 else param
    return values.get(key, param) if isinstance(key, int) else param
