"""Openings in answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rest_framework import serializers

from billing.queries.quotes import FromPrice, costs
from scheduling.availability.timegrid.walltime import local_date
from scheduling.models import Mode, ProgramBlock
from scheduling.queries.openings.opening import Block, Day, Opening

from .common import Json, MoneyShape, NamedShape, instant_field, instant_json, money_json, name_json


class BlockShape(serializers.Serializer):
    """A block of a program. `attends`: both partners, the first (A) or the second (B)."""

    name = serializers.CharField()
    starts_at = instant_field()
    ends_at = instant_field()
    attends = serializers.ChoiceField(choices=ProgramBlock.Attends.choices)
    clinicians = NamedShape(many=True)


class DayShape(serializers.Serializer):
    """A day of a program."""

    date = serializers.DateField()
    starts_at = instant_field()
    ends_at = instant_field()
    blocks = BlockShape(many=True)


class DateShape(serializers.Serializer):
    """A date on which a group meets."""

    date = serializers.DateField()
    starts_at = instant_field()
    ends_at = instant_field()


class OpeningShape(serializers.Serializer):
    """A start that can be booked, at one place in one mode.

    Only programs have `days`. Only groups have `seats_left` and `dates`.
    """

    id = serializers.CharField()
    starts_at = instant_field()
    ends_at = instant_field()
    location = NamedShape()
    mode = serializers.ChoiceField(choices=Mode.choices)
    clinicians = NamedShape(many=True)
    price = MoneyShape(allow_null=True)
    deposit = MoneyShape(allow_null=True, help_text="What is due at booking, of the price.")
    days = DayShape(many=True, required=False)
    seats_left = serializers.IntegerField(required=False, help_text="For how many there is a seat on every date.")
    dates = DateShape(many=True, required=False, help_text="All dates of a group, which are booked as one.")


class OpeningsShape(serializers.Serializer):
    """Openings in order of time. If there are none, `next` is the first date with one."""

    openings = OpeningShape(many=True)
    next = serializers.DateField(allow_null=True)


def openings_json(openings: Sequence[Opening], *, now: datetime) -> list[Json]:
    """JSON of openings with prices, in a fixed number of statements."""
    found = costs(openings, now=now)
    return [_opening_json(opening, found.get(opening.id)) for opening in openings]


def _opening_json(opening: Opening, cost: FromPrice | None) -> Json:
    answer: Json = {
        "id": opening.id,
        "starts_at": instant_json(opening.starts_at, opening.location),
        "ends_at": instant_json(opening.ends_at, opening.location),
        "location": name_json(opening.location),
        "mode": opening.mode,
        "clinicians": [name_json(clinician) for clinician in opening.clinicians],
        "price": money_json(cost.price if cost else None),
        "deposit": money_json(cost.deposit if cost else None),
    }
    if opening.days:
        answer["days"] = [_day_json(day, opening) for day in opening.days]
    if opening.seats_left is not None:
        answer |= {"seats_left": opening.seats_left, "dates": [_date_json(start, opening) for start in opening.starts]}
    return answer


def _date_json(start: datetime, opening: Opening) -> Json:
    ends = start + (opening.ends_at - opening.starts_at)
    return {
        "date": local_date(start, opening.location.tzinfo).isoformat(),
        "starts_at": instant_json(start, opening.location),
        "ends_at": instant_json(ends, opening.location),
    }


def _day_json(day: Day, opening: Opening) -> Json:
    return {
        "date": day.date.isoformat(),
        "starts_at": instant_json(day.starts_at, opening.location),
        "ends_at": instant_json(day.ends_at, opening.location),
        "blocks": [_block_json(block, opening) for block in day.blocks],
    }


def _block_json(block: Block, opening: Opening) -> Json:
    return {
        "name": block.name,
        "starts_at": instant_json(block.starts_at, opening.location),
        "ends_at": instant_json(block.ends_at, opening.location),
        "attends": block.attends,
        "clinicians": [name_json(clinician) for clinician in block.clinicians],
    }
