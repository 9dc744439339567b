"""Removes reported obstacles from a planning problem, to test whether the program can then be held."""

from dataclasses import replace

from scheduling.availability.explain.obstacles import Why
from scheduling.availability.snapshot import Clinician, External, Room


def cleared(snapshot, program, criteria, found):
    """The problem with every obstacle in `found` removed, and nothing else changed."""
    for obstacle in found:
        snapshot, program, criteria = without(snapshot, program, criteria, obstacle)
    return snapshot, program, criteria


def without(snapshot, program, criteria, obstacle):
    full, cells = snapshot.window.full, around(snapshot, program, obstacle)
    match obstacle.why:
        case Why.WEEKDAY:
            program = replace(program, start_weekdays=frozenset())
        case Why.NOTICE:
            criteria = replace(criteria, earliest=snapshot.window.start)
        case Why.HORIZON:
            criteria = replace(criteria, latest=snapshot.window.end)
        case Why.LICENSE:
            program = replace(program, licensed=False)
        case Why.REST:
            program = replace(program, rest_days=0)
            snapshot = with_clinician(snapshot, obstacle.clinician_id, rests={})
        case Why.PROGRAM_DAILY_LIMIT:
            program = replace(program, daily_limit=None)
        case Why.PROGRAM_LIMIT:
            program = replace(program, total_limit=None)
        case Why.CLOSED | Why.OUTSIDE_HOURS:
            places = {pk: replace(place, open=place.open | cells) for pk, place in snapshot.locations.items()}
            snapshot = replace(snapshot, locations=places)
            for pk, clinician in snapshot.clinicians.items():
                snapshot = with_clinician(
                    snapshot, pk, hours={at: mask | cells for at, mask in clinician.hours.items()}
                )
        case Why.NOT_WORKING if obstacle.clinician_id is not None:
            hours = snapshot.clinicians[obstacle.clinician_id].hours
            snapshot = with_clinician(
                snapshot, obstacle.clinician_id, hours={at: mask | cells for at, mask in hours.items()}
            )
        case Why.BUSY | Why.TRAVEL | Why.BREAK:
            busy = snapshot.clinicians[obstacle.clinician_id].busy & ~cells
            snapshot = with_clinician(snapshot, obstacle.clinician_id, busy=busy, located={}, breaks=())
        case Why.DAILY_LIMIT:
            snapshot = with_clinician(snapshot, obstacle.clinician_id, daily_limit=None)
        case Why.WEEKLY_LIMIT:
            snapshot = with_clinician(snapshot, obstacle.clinician_id, weekly_limit=None)
        case Why.INTENSIVE_LIMIT:
            snapshot = with_clinician(snapshot, obstacle.clinician_id, intensive_daily_limit=None)
        case Why.NOBODY | Why.NOT_WORKING | Why.TWO_CLINICIANS:
            criteria, snapshot = replace(criteria, only={}), with_newcomers(snapshot, obstacle.role_id)
            program = replace(program, daily_limit=None, total_limit=None)
        case Why.ROOM_TAKEN | Why.ROOM_NOT_KEPT:
            room = snapshot.rooms[obstacle.room_id]
            snapshot = replace(snapshot, rooms=snapshot.rooms | {room.id: replace(room, busy=room.busy & ~cells)})
        case Why.NO_ROOM | Why.ROOM_TOO_SMALL | Why.ROOM_LACKS:
            more = {900 + n: Room(900 + n, place, 99) for n in range(9) for place in criteria.location_ids}
            snapshot = replace(snapshot, rooms=snapshot.rooms | more)
        case Why.CLIENT_BUSY:
            snapshot = replace(snapshot, client_busy=snapshot.client_busy | {obstacle.other_id: 0})
        case Why.KEPT_APART:
            snapshot = replace(snapshot, apart={})
        case Why.EXTERNAL_AWAY | Why.EXTERNAL_BUSY:
            snapshot = replace(snapshot, externals={obstacle.other_id: External(obstacle.other_id, {None: full})})
        case _:
            raise AssertionError(obstacle)
    return snapshot, program, criteria


def around(snapshot, program, obstacle):
    """The cells of an obstacle's span with the program's buffers; 0 without a span."""
    if obstacle.span is None:
        return 0
    block = (obstacle.span.start - snapshot.window.start, obstacle.span.end - snapshot.window.start)
    first, last = (int(at.total_seconds() // 300) for at in block)
    return snapshot.window.paint([(first - -(-program.buffer_before // 5), last + -(-program.buffer_after // 5))])


def with_clinician(snapshot, pk, **fields):
    return replace(snapshot, clinicians=snapshot.clinicians | {pk: replace(snapshot.clinicians[pk], **fields)})


def with_newcomers(snapshot, role_id):
    always = dict.fromkeys(snapshot.locations, snapshot.window.full)
    ids = range(800 + 10 * role_id, 803 + 10 * role_id)
    more = {pk: Clinician(pk, 1, always, roles=frozenset({role_id})) for pk in ids}
    return replace(snapshot, clinicians=snapshot.clinicians | more)
