"""Limits: how much of a program a clinician may lead, in minutes per day, per week and in all, and with breaks kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from scheduling.availability.programs.layout import Layout
from scheduling.availability.programs.program import Program
from scheduling.availability.rules.breaks import keeps_breaks
from scheduling.availability.snapshot import Clinician
from scheduling.availability.timegrid.grid import cells_of, indexes
from scheduling.availability.timegrid.masks import monday_of
from scheduling.availability.timegrid.travel import Travel

# A mask of blocks, and the minutes that a clinician may still lead within it.
Budget = tuple[int, int]


class Allowance:
    """Whether one clinician may lead a set of blocks. Answers are cached by the mask of blocks."""

    def __init__(self, lengths: Sequence[int], budgets: Sequence[Budget]) -> None:
        self.lengths, self.budgets = lengths, budgets
        self._known: dict[int, bool] = {}

    def allows(self, led: int) -> bool:
        """True if the clinician may lead all the blocks `led`. Monotonic: if they are too much, so are more blocks."""
        known = self._known.get(led)
        if known is None:
            known = self._known[led] = self._allows(led)
        return known

    def _allows(self, led: int) -> bool:
        # The minutes left may be negative. Leading no block is allowed even then.
        for within, limit in self.budgets:
            counted = led & within
            if counted and sum([self.lengths[index] for index in indexes(counted)]) > limit:
                return False
        return True


class WithBreaks(Allowance):
    """As `Allowance`, for a clinician with breaks, which must still fit beside the blocks.

    `reserved`: for each block its cells, buffers included. All blocks are at the location id `place`.
    """

    def __init__(
        self,
        lengths: Sequence[int],
        budgets: Sequence[Budget],
        clinician: Clinician,
        travel: Travel,
        place: int,
        reserved: Sequence[int],
    ) -> None:
        super().__init__(lengths, budgets)
        self.clinician, self.travel, self.place, self.reserved = clinician, travel, place, reserved

    def _allows(self, led: int) -> bool:
        cells = 0
        for index in indexes(led):
            cells |= self.reserved[index]
        return super()._allows(led) and keeps_breaks(self.clinician, self.travel, self.place, cells)


class Limits:
    """The limits of `program`, combined with those of a clinician.

    `common`: the allowance of clinicians without limits of their own; None if the program has none either.
    """

    def __init__(self, program: Program, travel: Travel) -> None:
        self.program, self.travel = program, travel
        self.lengths = [block.length for block in program.blocks]
        self.blocks_of_day = [
            sum(1 << index for index, block in enumerate(program.blocks) if block.day == number)
            for number in range(program.days)
        ]
        self.budgets = [*self._budgets()]
        self.common = Allowance(self.lengths, self.budgets) if self.budgets else None

    def allowance(
        self, clinician: Clinician, location_id: int, first: date, layout: Layout, base: int
    ) -> Allowance | None:
        """What `clinician` may lead of a program that starts on `first`, at cell `base`; None for no limit."""
        if not has_own(clinician):
            return self.common
        budgets = [*self.budgets, *self._budgets_of(clinician, first)]
        if not clinician.breaks:
            return Allowance(self.lengths, budgets)
        reserved = [*self._reserved(layout, base)]
        return WithBreaks(self.lengths, budgets, clinician, self.travel, location_id, reserved)

    def _budgets(self) -> Iterator[Budget]:
        if self.program.daily_limit is not None:
            for blocks in self.blocks_of_day:
                yield blocks, self.program.daily_limit
        if self.program.total_limit is not None:
            yield (1 << len(self.lengths)) - 1, self.program.total_limit

    def _budgets_of(self, clinician: Clinician, first: date) -> Iterator[Budget]:
        weeks: dict[date, int] = {}
        for number, blocks in enumerate(self.blocks_of_day):
            day = first + timedelta(days=number)
            weeks[monday_of(day)] = weeks.get(monday_of(day), 0) | blocks
            left = self._left_on(clinician, day)
            if left is not None:
                yield blocks, left
        if clinician.weekly_limit is not None:
            for monday, blocks in weeks.items():
                yield blocks, clinician.weekly_limit - clinician.booked_in_week(monday)

    def _left_on(self, clinician: Clinician, day: date) -> int | None:
        # Minutes left on a local date by the strictest daily limit; None without one.
        intensive = clinician.intensive.get(day, 0)
        left = [
            limit - used
            for limit, used in (
                (self.program.daily_limit, intensive),
                (clinician.intensive_daily_limit, intensive),
                (clinician.daily_limit, clinician.booked.get(day, 0)),
            )
            if limit is not None
        ]
        return min(left, default=None)

    def _reserved(self, layout: Layout, base: int) -> Iterator[int]:
        before, after = cells_of(self.program.buffer_before), cells_of(self.program.buffer_after)
        for cell, length in zip(layout, self.lengths, strict=True):
            first = max(base + cell - before, 0)
            yield (1 << base + cell + cells_of(length) + after) - (1 << first)


def has_own(clinician: Clinician) -> bool:
    """True if a limit, a break or another intensive restricts this clinician beyond the program's own limits."""
    limits = clinician.daily_limit, clinician.weekly_limit, clinician.intensive_daily_limit
    return bool(clinician.intensive or clinician.breaks) or any(limit is not None for limit in limits)
