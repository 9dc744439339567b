"""One sentence for staff for each change that lets a program start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from scheduling.availability.explain.obstacles import Why
from scheduling.availability.explain.program_changes import PlanChange
from scheduling.availability.explain.single_changes import Kind
from scheduling.availability.programs.plan import Plan, PlannedBlock
from scheduling.availability.timegrid.grid import Span
from scheduling.formats import clock, listed, short_day
from scheduling.queries.why_not.names import Names

LIMITS = {
    Why.NOTICE: "the notice period",
    Why.HORIZON: "the booking horizon",
    Why.PROGRAM_DAILY_LIMIT: "the program's daily limit",
    Why.PROGRAM_LIMIT: "the program's limit for one clinician",
}
OF_A_CLINICIAN = {
    Why.DAILY_LIMIT: "daily limit",
    Why.WEEKLY_LIMIT: "weekly limit",
    Why.INTENSIVE_LIMIT: "daily limit for intensives",
    Why.REST: "days of rest between intensives",
    Why.BREAK: "break",
}


def change_words(by: Names, one: PlanChange, whose: Sequence[int | None] = ()) -> str:
    """The sentence for one change. `whose`: for an exception, ids of the clinicians whose limit is an obstacle."""
    if one.waived is None:
        return WORDS[one.kind](by, one)
    limit = LIMITS.get(one.waived) or f"{_owners(by, whose)} {OF_A_CLINICIAN[one.waived]}"
    return f"An approved exception to {limit} opens this date."


def _owners(by: Names, whose: Sequence[int | None]) -> str:
    return listed([f"{by.name(one)}'s" for one in whose]) if whose else "a clinician's"


def _another_room(by: Names, one: PlanChange) -> str:
    if not one.rooms:
        return "Changing rooms from block to block opens this date."
    placed = {block.block_id: block for block in one.plan.blocks}
    rooms = [f"{by.loaded.rooms[room]} for {_block(by, placed[block])}" for block, room in one.rooms]
    return f"{_sentence(listed(rooms))} {'opens' if len(rooms) == 1 else 'open'} this date."


def _swap(by: Names, one: PlanChange) -> str:
    return f"{_sentence(listed([*_swaps(by, one.plan)]))} would open this date."


def _swaps(by: Names, plan: Plan) -> Iterator[str]:
    # The lead of a role is the clinician with the most blocks in it. Any other clinician in it is a substitute.
    by_role: dict[int, Counter[int]] = {}
    for block in plan.blocks:
        for role_id, clinician_id in block.clinicians:
            by_role.setdefault(role_id, Counter())[clinician_id] += 1
    for block in plan.blocks:
        for role_id, clinician_id in block.clinicians:
            lead = by_role[role_id].most_common(1)[0][0]
            if clinician_id != lead and _shares_track(plan, role_id, lead, block):
                yield f"{by.name(clinician_id)} in place of {by.name(lead)} for {_block(by, block)}"


def _shares_track(plan: Plan, role_id: int, lead: int, block: PlannedBlock) -> bool:
    # A role with individual work for both partners has two clinicians anyway: that is not a swap.
    led_by_lead = {each.attends for each in plan.blocks if (role_id, lead) in each.clinicians}
    return block.attends in led_by_lead


def _moved(by: Names, one: PlanChange) -> str:
    (block,) = (block for block in one.plan.blocks if block.block_id == one.moved_id)
    local = block.start.astimezone(by.location.tzinfo)
    return (
        f"Moving “{by.blocks.get(block.block_id, '')}” on {short_day(local.date())} to {clock(local)} opens this date."
    )


def _another_office(by: Names, one: PlanChange) -> str:
    return f"{by.loaded.locations[one.plan.location_id]} can hold it on this date."


def _block(by: Names, block: PlannedBlock) -> str:
    return f"“{by.blocks.get(block.block_id, '')}” {by.when(Span(block.start, block.end))}"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


WORDS: dict[Kind, Callable[[Names, PlanChange], str]] = {
    Kind.ANOTHER_ROOM: _another_room,
    Kind.SWAP: _swap,
    Kind.MOVED_BLOCK: _moved,
    Kind.ANOTHER_OFFICE: _another_office,
}
