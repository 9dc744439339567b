"""Build the pure core's criteria from a service's rows. Listing and booking both use these functions (F13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from scheduling.availability.programs.program import Attends, Block, Program, ProgramCriteria
from scheduling.availability.single.criteria import Criteria
from scheduling.availability.snapshot import Mode as CoreMode
from scheduling.models import Clinician, Service
from scheduling.queries.loading.snapshot import Loaded


@dataclass(frozen=True, kw_only=True)
class Party:
    """The known clients who will attend, and their rules. Empty for strangers.

    `tracks`: client ids of track A, then B; None stands for a stranger. `known`: at least one is not a new client (see
    `party_of`). `room_ids`: rooms of their last visits, the newest first. `excluded_ids`: clinicians never offered.
    `barred`: track -> clinicians not offered for that partner's individual work. `apart`: client -> clients not to
    meet.
    """

    client_ids: tuple[int, ...] = ()
    tracks: tuple[int | None, ...] = ()
    known: bool = False
    room_ids: tuple[int, ...] = ()
    excluded_ids: frozenset[int] = field(default_factory=frozenset)
    barred: Mapping[Attends, frozenset[int]] = field(default_factory=dict)
    apart: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @property
    def must_not_meet(self) -> bool:
        """True if two of the party are kept apart from each other, so nothing can be offered."""
        return any(not others.isdisjoint(self.client_ids) for others in self.apart.values())


STRANGERS = Party()


def notice_span(service: Service, now: datetime, *, waive_notice: bool = False) -> tuple[datetime, datetime]:
    """First and last instant at which an appointment may start. Waiving the notice never allows the past."""
    notice = timedelta() if waive_notice else timedelta(minutes=service.notice_minutes)
    return now + notice, now + timedelta(days=service.horizon_days)


def single_criteria(
    service: Service,
    loaded: Loaded,
    *,
    first: date,
    until: date,
    now: datetime,
    modes: Iterable[str] | None = None,
    party: Party = STRANGERS,
    waive_notice: bool = False,
    leads: int = 1,
    gender: str = "",
) -> Criteria:
    """Criteria for one appointment of `service` from the local date `first` to `until` (exclusive).

    `leads`: number of clinicians who lead it together. `gender`: only clinicians of it; empty for any.
    """
    assert service.duration_minutes is not None
    earliest, latest = notice_span(service, now, waive_notice=waive_notice)
    return Criteria(
        service_id=service.pk,
        length=service.duration_minutes,
        step=service.step_minutes,
        first=first,
        until=until,
        earliest=earliest,
        latest=latest,
        buffer_before=service.buffer_before,
        buffer_after=service.buffer_after,
        modes=frozenset(CoreMode(mode) for mode in service.modes if modes is None or mode in modes),
        people=service.capacity + leads,
        leads=leads,
        features=frozenset(service.room_features),
        clinician_ids=_of_gender(loaded, gender) if gender else None,
        excluded_ids=not_for(service, loaded.clinicians, party),
        client_ids=party.client_ids,
        last_room_id=party.room_ids[0] if party.room_ids else None,
        licensed=service.needs_license,
    )


def program_criteria(
    service: Service,
    loaded: Loaded,
    *,
    first: date,
    until: date,
    now: datetime,
    clinician_id: int | None = None,
    party: Party = STRANGERS,
    waive_notice: bool = False,
    gender: str = "",
) -> ProgramCriteria:
    """Criteria for a program that starts from the local date `first` to `until` (exclusive).

    The named clinician is preferred, or else all clinicians of `gender`. Never both: preferring all of a gender could
    leave out the clinician who was named.
    """
    preferred = _of_gender(loaded, gender) if gender else frozenset[int]()
    earliest, latest = notice_span(service, now, waive_notice=waive_notice)
    return ProgramCriteria(
        first=first,
        until=until,
        earliest=earliest,
        latest=latest,
        client_ids=party.tracks,
        preferred_ids=preferred if clinician_id is None else frozenset({clinician_id}),
        excluded_ids=not_for(service, loaded.clinicians, party),
        barred=party.barred,
        room_ids=party.room_ids,
    )


def program_of(service: Service, blocks: Iterable[Any]) -> Program:
    """The program of `service`; `blocks` as `blocks_of` reads them."""
    blocks = tuple(blocks)
    return Program(
        service_id=service.pk,
        blocks=tuple(_block(block, service) for block in blocks),
        clients=2 if service.party == Service.Party.COUPLE else 1,
        buffer_before=service.buffer_before,
        buffer_after=service.buffer_after,
        start_weekdays=frozenset(service.program.start_weekdays),
        daily_limit=service.program.max_minutes_per_day,
        total_limit=service.program.max_minutes_in_all,
        shared_roles=frozenset(role_id for block in blocks for role_id in block.shared_role_ids),
        people_per_role=service.program.people_per_role,
        rest_days=service.program.rest_days,
        licensed=service.needs_license,
    )


def _block(block: Any, service: Service) -> Block:
    return Block(
        id=block.pk,
        day=block.day,
        start_minute=block.starts_minute,
        length=block.ends_minute - block.starts_minute,
        attends=Attends(block.attends),
        roles=tuple(block.role_ids),
        room=block.needs_room,
        features=frozenset(service.room_features),
        after_id=block.after_id,
        after_minutes=block.after_hours * 60,
        external_id=block.external_id,
    )


def not_for(service: Service, clinicians: Mapping[int, Clinician], party: Party) -> frozenset[int]:
    """Ids of the clinicians who are not offered to the party.

    New clients are offered only clinicians who take new clients, and none if the service does not. A party of two who
    must not meet is offered none.
    """
    if party.must_not_meet:
        return frozenset(clinicians)
    closed = () if party.known else (one.pk for one in clinicians.values() if _closed_to_new(service, one))
    return party.excluded_ids | frozenset(closed)


def _closed_to_new(service: Service, clinician: Clinician) -> bool:
    return not (service.for_new_clients and clinician.takes_new_clients)


def _of_gender(loaded: Loaded, gender: str) -> frozenset[int]:
    return frozenset(pk for pk, row in loaded.clinicians.items() if row.is_of(gender))
