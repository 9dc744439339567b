"""The picture with what is told to be in the way taken out of it."""

from dataclasses import replace

from scheduling.availability.explain.obstacles import Why
from scheduling.availability.snapshot import Clinician, External, Room


def cleared(snapshot, program, criteria, found):
    """What is asked when everything in `found` is out of the way, and nothing else."""
    for one in found:
        snapshot, program, criteria = without(snapshot, program, criteria, one)
    return snapshot, program, criteria


def without(snapshot, program, criteria, one):
    full, cells = snapshot.window.full, around(snapshot, program, one)
    match one.why:
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
            snapshot = with_clinician(snapshot, one.clinician_id, rests={})
        case Why.PROGRAM_DAILY_LIMIT:
            program = replace(program, daily_limit=None)
        case Why.PROGRAM_LIMIT:
            program = replace(program, total_limit=None)
        case Why.CLOSED | Why.OUTSIDE_HOURS:
            places = {pk: replace(place, open=place.open | cells) for pk, place in snapshot.locations.items()}
            snapshot = replace(snapshot, locations=places)
            for pk, person in snapshot.clinicians.items():
                snapshot = with_clinician(snapshot, pk, hours={at: mask | cells for at, mask in person.hours.items()})
        case Why.NOT_WORKING if one.clinician_id is not None:
            hours = snapshot.clinicians[one.clinician_id].hours
            snapshot = with_clinician(
                snapshot, one.clinician_id, hours={at: mask | cells for at, mask in hours.items()}
            )
        case Why.BUSY | Why.TRAVEL | Why.BREAK:
            busy = snapshot.clinicians[one.clinician_id].busy & ~cells
            snapshot = with_clinician(snapshot, one.clinician_id, busy=busy, located={}, breaks=())
        case Why.DAILY_LIMIT:
            snapshot = with_clinician(snapshot, one.clinician_id, daily_limit=None)
        case Why.WEEKLY_LIMIT:
            snapshot = with_clinician(snapshot, one.clinician_id, weekly_limit=None)
        case Why.INTENSIVE_LIMIT:
            snapshot = with_clinician(snapshot, one.clinician_id, intensive_daily_limit=None)
        case Why.NOBODY | Why.NOT_WORKING | Why.TWO_CLINICIANS:
            criteria, snapshot = replace(criteria, only={}), with_newcomers(snapshot, one.role_id)
            program = replace(program, daily_limit=None, total_limit=None)
        case Why.ROOM_TAKEN | Why.ROOM_NOT_KEPT:
            room = snapshot.rooms[one.room_id]
            snapshot = replace(snapshot, rooms=snapshot.rooms | {room.id: replace(room, busy=room.busy & ~cells)})
        case Why.NO_ROOM | Why.ROOM_TOO_SMALL | Why.ROOM_LACKS:
            more = {900 + n: Room(900 + n, place, 99) for n in range(9) for place in criteria.location_ids}
            snapshot = replace(snapshot, rooms=snapshot.rooms | more)
        case Why.CLIENT_BUSY:
            snapshot = replace(snapshot, client_busy=snapshot.client_busy | {one.other_id: 0})
        case Why.KEPT_APART:
            snapshot = replace(snapshot, apart={})
        case Why.EXTERNAL_AWAY | Why.EXTERNAL_BUSY:
            snapshot = replace(snapshot, externals={one.other_id: External(one.other_id, {None: full})})
        case _:
            raise AssertionError(one)
    return snapshot, program, criteria


def around(snapshot, program, one):
    """The cells of a block with its buffers."""
    if one.span is None:
        return 0
    block = (one.span.start - snapshot.window.start, one.span.end - snapshot.window.start)
    first, last = (int(at.total_seconds() // 300) for at in block)
    return snapshot.window.paint([(first - -(-program.buffer_before // 5), last + -(-program.buffer_after // 5))])


def with_clinician(snapshot, pk, **fields):
    return replace(snapshot, clinicians=snapshot.clinicians | {pk: replace(snapshot.clinicians[pk], **fields)})


def with_newcomers(snapshot, role_id):
    always = dict.fromkeys(snapshot.locations, snapshot.window.full)
    ids = range(800 + 10 * role_id, 803 + 10 * role_id)
    more = {pk: Clinician(pk, 1, always, roles=frozenset({role_id})) for pk in ids}
    return replace(snapshot, clinicians=snapshot.clinicians | more)
