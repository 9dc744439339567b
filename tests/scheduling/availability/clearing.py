"""The picture with what is told to be in the way taken out of it."""

from dataclasses import replace

from scheduling.availability.explain.obstacles import Why
from scheduling.availability.snapshot import Clinician, External, Room


def cleared(picture, program, wanted, found):
    """What is asked when everything in `found` is out of the way, and nothing else."""
    for one in found:
        picture, program, wanted = without(picture, program, wanted, one)
    return picture, program, wanted


def without(picture, program, wanted, one):
    full, cells = picture.window.full, around(picture, program, one)
    match one.why:
        case Why.WEEKDAY:
            program = replace(program, start_weekdays=frozenset())
        case Why.NOTICE:
            wanted = replace(wanted, earliest=picture.window.start)
        case Why.HORIZON:
            wanted = replace(wanted, latest=picture.window.end)
        case Why.LICENSE:
            program = replace(program, licensed=False)
        case Why.REST:
            program = replace(program, rest_days=0)
            picture = with_clinician(picture, one.clinician_id, rests={})
        case Why.PROGRAM_DAILY_LIMIT:
            program = replace(program, daily_limit=None)
        case Why.PROGRAM_LIMIT:
            program = replace(program, total_limit=None)
        case Why.CLOSED | Why.OUTSIDE_HOURS:
            places = {pk: replace(place, open=place.open | cells) for pk, place in picture.locations.items()}
            picture = replace(picture, locations=places)
            for pk, person in picture.clinicians.items():
                picture = with_clinician(picture, pk, hours={at: mask | cells for at, mask in person.hours.items()})
        case Why.NOT_WORKING if one.clinician_id is not None:
            hours = picture.clinicians[one.clinician_id].hours
            picture = with_clinician(picture, one.clinician_id, hours={at: mask | cells for at, mask in hours.items()})
        case Why.BUSY | Why.TRAVEL | Why.BREAK:
            busy = picture.clinicians[one.clinician_id].busy & ~cells
            picture = with_clinician(picture, one.clinician_id, busy=busy, located={}, breaks=())
        case Why.DAILY_LIMIT:
            picture = with_clinician(picture, one.clinician_id, daily_limit=None)
        case Why.WEEKLY_LIMIT:
            picture = with_clinician(picture, one.clinician_id, weekly_limit=None)
        case Why.INTENSIVE_LIMIT:
            picture = with_clinician(picture, one.clinician_id, intensive_daily_limit=None)
        case Why.NOBODY | Why.NOT_WORKING | Why.TWO_CLINICIANS:
            wanted, picture = replace(wanted, only={}), with_newcomers(picture, one.role_id)
            program = replace(program, daily_limit=None, total_limit=None)
        case Why.ROOM_TAKEN | Why.ROOM_NOT_KEPT:
            room = picture.rooms[one.room_id]
            picture = replace(picture, rooms=picture.rooms | {room.id: replace(room, busy=room.busy & ~cells)})
        case Why.NO_ROOM | Why.ROOM_TOO_SMALL | Why.ROOM_LACKS:
            more = {900 + n: Room(900 + n, place, 99) for n in range(9) for place in wanted.location_ids}
            picture = replace(picture, rooms=picture.rooms | more)
        case Why.CLIENT_BUSY:
            picture = replace(picture, client_busy=picture.client_busy | {one.other_id: 0})
        case Why.KEPT_APART:
            picture = replace(picture, apart={})
        case Why.EXTERNAL_AWAY | Why.EXTERNAL_BUSY:
            picture = replace(picture, externals={one.other_id: External(one.other_id, {None: full})})
        case _:
            raise AssertionError(one)
    return picture, program, wanted


def around(picture, program, one):
    """The cells of a block with its buffers."""
    if one.span is None:
        return 0
    block = (one.span.start - picture.window.start, one.span.end - picture.window.start)
    first, last = (int(at.total_seconds() // 300) for at in block)
    return picture.window.paint([(first - -(-program.buffer_before // 5), last + -(-program.buffer_after // 5))])


def with_clinician(picture, pk, **fields):
    return replace(picture, clinicians=picture.clinicians | {pk: replace(picture.clinicians[pk], **fields)})


def with_newcomers(picture, role_id):
    always = dict.fromkeys(picture.locations, picture.window.full)
    ids = range(800 + 10 * role_id, 803 + 10 * role_id)
    more = {pk: Clinician(pk, 1, always, roles=frozenset({role_id})) for pk in ids}
    return replace(picture, clinicians=picture.clinicians | more)
