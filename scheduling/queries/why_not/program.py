"""Why no program can start on a date. Loads rows once for all offices, then asks the pure core."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from scheduling.availability.explain import obstacles as core
from scheduling.availability.explain.obstacles import Why
from scheduling.availability.explain.program import plan_obstacles
from scheduling.availability.explain.program_changes import Asked, PlanChange, plan_changes
from scheduling.availability.explain.single_changes import Kind
from scheduling.availability.programs.plan import Plan
from scheduling.availability.programs.positions import Position, positions
from scheduling.availability.programs.program import ProgramCriteria
from scheduling.availability.timegrid.walltime import day_start
from scheduling.models import ExternalPerson, ProgramRole
from scheduling.queries.loading.snapshot import Loaded, Scope, load
from scheduling.queries.openings.criteria import program_criteria, program_of
from scheduling.queries.openings.listing import describe_program
from scheduling.queries.openings.opening import Opening, blocks_of
from scheduling.queries.why_not.answer import Ask, Change, Obstacle, WhyNot
from scheduling.queries.why_not.changes import change_words
from scheduling.queries.why_not.commitments import commitments
from scheduling.queries.why_not.names import Names
from scheduling.queries.why_not.sentences import reason, sentence

DAY = timedelta(days=1)


def program(ask: Ask) -> WhyNot:
    """The opening of the program on the date asked for; without one, the obstacles and changes."""
    rows = _Rows(ask, load(_scope(ask), now=ask.now), blocks_of(ask.service))
    listed = rows.listed()
    if listed:
        return rows.answer(openings=[rows.opening(listed[0])])
    asked = rows.asked()
    obstacles = [plan_obstacles(one.snapshot, one.program, one.criteria, ask.location.pk) for one in asked]
    in_the_way, nearest = min(zip(obstacles, asked, strict=True), key=lambda pair: len(pair[0]), default=([], None))
    if nearest is None:
        in_the_way = [core.Obstacle(Why.NOT_OFFERED, clinician_id=ask.clinician.pk if ask.clinician else None)]
    by = rows.names(in_the_way)
    return rows.answer(
        obstacles=[_obstacle(by, one) for one in in_the_way], changes=rows.changes(by, nearest, in_the_way)
    )


def _scope(ask: Ask) -> Scope:
    return Scope(
        service=ask.service,
        first=ask.day,
        until=ask.day + DAY,
        days=ask.service.program.days,
        client_ids=ask.party.client_ids,
        apart=ask.party.apart,
    )


@dataclass(frozen=True)
class _Rows:
    ask: Ask
    loaded: Loaded
    blocks: Sequence[Any]

    def listed(self) -> list[Plan]:
        """The plans that a listing shows for this date and office, with the named clinician in any role (F13)."""
        named = self.ask.clinician.pk if self.ask.clinician else None
        return [plan for plan in self._here(named).plans() if named is None or named in plan.pins]

    def asked(self) -> list[Asked]:
        """The problems to explain: one, or with a named clinician one for each position whose role they have."""
        here = self._here()
        if self.ask.clinician is None:
            return [here]
        known = self.loaded.snapshot.clinicians.get(self.ask.clinician.pk)
        own_positions = [
            position for position in positions(here.program) if known is not None and position.role_id in known.roles
        ]
        return [replace(here, criteria=_pinned(here, position, self.ask.clinician.pk)) for position in own_positions]

    def _here(self, preferred_id: int | None = None) -> Asked:
        asked = self.anybody(preferred_id)
        return replace(asked, criteria=replace(asked.criteria, location_ids=frozenset({self.ask.location.pk})))

    def anybody(self, preferred_id: int | None = None) -> Asked:
        """The problem with any clinician at any office. The clinician `preferred_id` is tried first."""
        ask = self.ask
        criteria = program_criteria(
            ask.service,
            self.loaded,
            first=ask.day,
            until=ask.day + DAY,
            now=ask.now,
            clinician_id=preferred_id,
            party=ask.party,
            waive_notice=ask.waive_notice,
        )
        return Asked(self.loaded.snapshot, program_of(ask.service, self.blocks), criteria)

    def opening(self, plan: Plan) -> Opening:
        return describe_program(plan, self.ask.service, self.blocks, self.loaded)

    def answer(
        self,
        openings: Iterable[Opening] = (),
        obstacles: Iterable[Obstacle] = (),
        changes: Iterable[Change] = (),
    ) -> WhyNot:
        return WhyNot(
            date=self.ask.day,
            location=self.ask.location,
            openings=[*openings],
            obstacles=[*obstacles],
            changes=[*changes],
        )

    def names(self, in_the_way: Sequence[core.Obstacle]) -> Names:
        """Load the names of roles and external persons, and the commitments of clinicians reported as busy."""
        ask, zone = self.ask, self.ask.location.tzinfo
        shown = program_of(ask.service, self.blocks)
        busy = {one.clinician_id for one in in_the_way if one.why is Why.BUSY and one.clinician_id is not None}
        until = ask.day + timedelta(days=shown.days)
        named = {ask.clinician.pk: ask.clinician} if ask.clinician else {}
        return Names(
            service=ask.service,
            location=ask.location,
            day=ask.day,
            loaded=replace(self.loaded, clinicians={**self.loaded.clinicians, **named}),
            now=ask.now,
            is_known=bool(ask.party.client_ids),
            commitments=commitments(busy, day_start(ask.day, zone), day_start(until, zone), now=ask.now),
            roles=dict(ProgramRole.objects.values_list("pk", "name")),
            outside=dict(ExternalPerson.objects.filter(pk__in=_outside(self.blocks)).values_list("pk", "name")),
            blocks={block.pk: block.name for block in self.blocks},
            people={block.id: shown.people(block) for block in shown.blocks},
        )

    def changes(self, by: Names, nearest: Asked | None, in_the_way: Sequence[core.Obstacle]) -> list[Change]:
        """First the plans without the named clinician, then the other changes that open the date."""
        location_id = self.ask.location.pk
        if location_id not in self.loaded.locations:
            return []
        others = [self._without_them(plan) for plan in (self._here().plans() if self.ask.clinician else [])]
        if nearest is None:
            return others
        anywhere = replace(nearest, criteria=replace(nearest.criteria, location_ids=None))
        found = plan_changes(anywhere, location_id, in_the_way, self.ask.service.step_minutes, self.ask.now)
        return [*others, *(self._change(by, one, in_the_way) for one in found)]

    def _change(self, by: Names, one: PlanChange, in_the_way: Iterable[core.Obstacle]) -> Change:
        whose = dict.fromkeys(it.clinician_id for it in in_the_way if it.why is one.waived)
        opening = self.opening(one.plan) if one.kind is Kind.ANOTHER_OFFICE else None
        return Change(kind=one.kind.value, words=change_words(by, one, [*whose]), opening=opening)

    def _without_them(self, plan: Plan) -> Change:
        opening = self.opening(plan)
        names = ", ".join(str(person) for person in opening.clinicians)
        return Change(kind="another_clinician", words=f"{names} can hold it on this date.", opening=opening)


def _pinned(asked: Asked, position: Position, clinician_id: int) -> ProgramCriteria:
    blocks = position.block_ids(asked.program)
    return replace(asked.criteria, only={position.role_id: frozenset({clinician_id})}, only_in=blocks)


def _outside(blocks: Iterable[Any]) -> set[int]:
    return {block.external_id for block in blocks if block.external_id is not None}


def _obstacle(by: Names, one: core.Obstacle) -> Obstacle:
    room_id = one.room_id if one.why is Why.ROOM_NOT_KEPT else None
    return Obstacle(
        reason=reason(by, one),
        words=sentence(by, one),
        block=by.blocks.get(one.block_id or 0, ""),
        starts_at=one.span.start if one.span else None,
        ends_at=one.span.end if one.span else None,
        clinician=by.loaded.clinicians.get(one.clinician_id or 0),
        room=by.loaded.rooms.get(room_id or 0),
    )
