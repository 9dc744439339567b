"""The floors: the plainest engines that give the same answers, and the inputs they share."""

import random
from datetime import date, datetime, time, timedelta
from itertools import combinations_with_replacement
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Chicago")
FIRST = date(2030, 3, 1)  # the window holds a clock change
STEP = 900

DAYS, BLOCKS, DATES, CLINICIANS, ROLES, OFFICES, ROOMS = 5, 4, 60, 20, 4, 8, 3
ALL = DAYS * BLOCKS
FULL = (1 << ALL) - 1


def epoch(day: date, quarter: int) -> int:
    return int(datetime.combine(day, time(quarter // 4, quarter % 4 * 15), ZONE).timestamp())


def hosts(number: int, days: int) -> list[list[tuple[int, int]]]:
    """For each host 200 busy half hours, (start, end) in seconds, on any day between 07:00 and 21:00 local."""
    chance = random.Random(days)
    found = []
    for _ in range(number):
        busy = set()
        while len(busy) < 200:
            at = epoch(FIRST + timedelta(days=chance.randrange(days)), chance.randrange(28, 83))
            busy.add((at, at + 1800))
        found.append(sorted(busy))
    return found


def slots(busy_of: list[list[tuple[int, int]]], days: int) -> list[int]:
    """Starts, in seconds, at which any host is free for an hour, Monday to Friday 09:00 to 17:00; quarter-hour bits."""
    origin, work, anybody = epoch(FIRST, 0), 0, 0
    for number in range(days):
        day = FIRST + timedelta(days=number)
        if day.weekday() < 5:
            opens, closes = ((epoch(day, quarter) - origin) // STEP for quarter in (36, 68))
            work |= (1 << closes) - (1 << opens)
    for busy in busy_of:
        free = work
        for start, end in busy:
            free &= ~((1 << -(-(end - origin) // STEP)) - (1 << (start - origin) // STEP))
        anybody |= free & free >> 1 & free >> 2 & free >> 3
    digits = bin(anybody)[:1:-1]
    at, found = digits.find("1"), []
    while at >= 0:
        found.append(origin + STEP * at)
        at = digits.find("1", at + 1)
    return found


def instance(seed: int, kind: str) -> dict:
    """A random five-day program: four blocks a day, each with a role and a room; everybody free with probability 0.5.

    loose: no more. coupled: at most 2 blocks a day and 5 a week for each clinician, 2 clinicians per role. tight:
    coupled, and every clinician has one role only.
    """
    chance = random.Random(f"{seed}{kind}")
    number = (DATES + DAYS - 1) * BLOCKS

    def mask() -> int:
        return sum((chance.random() < 0.5) << i for i in range(number))

    roles = [{c % ROLES} if kind == "tight" else set(chance.sample(range(ROLES), 2)) for c in range(CLINICIANS)]
    need = [role for _ in range(DAYS) for role in chance.sample(range(ROLES), ROLES)]
    people = [mask() for _ in range(CLINICIANS)]
    return {
        "kind": kind,
        "roles": roles,
        "need": need,
        "people": people,
        "rooms": [mask() for _ in range(OFFICES * ROOMS)],
    }


def plan_on(x: dict, day: int) -> tuple[int, list[int], list[int]] | None:
    """An assignment that starts on `day`, in the first office that has rooms: the office, and of each block the
    clinician and the room. By bit masks and backtracking."""
    rooms = [mask >> day * BLOCKS & FULL for mask in x["rooms"]]
    firsts = range(0, OFFICES * ROOMS, ROOMS)
    first = next((i for i in firsts if rooms[i] | rooms[i + 1] | rooms[i + 2] == FULL), None)
    led = None if first is None else _staff(x, day)
    if first is None or led is None:
        return None
    return first // ROOMS, led, [next(r for r in range(first, first + ROOMS) if rooms[r] >> b & 1) for b in range(ALL)]


def _staff(x: dict, day: int) -> list[int] | None:
    free = [mask >> day * BLOCKS & FULL for mask in x["people"]]
    needs = [sum(1 << b for b in range(ALL) if x["need"][b] == role) for role in range(ROLES)]
    able = [[c for c in range(CLINICIANS) if role in x["roles"][c] and free[c] & needs[role]] for role in range(ROLES)]
    led: list = [None] * ALL
    if x["kind"] == "loose":
        for b in range(ALL):
            led[b] = next((c for c in able[x["need"][b]] if free[c] >> b & 1), None)
            if led[b] is None:
                return None
        return led
    pairs = [
        [(i, j) for i, j in combinations_with_replacement(able[r], 2) if (free[i] | free[j]) & needs[r] == needs[r]]
        for r in range(ROLES)
    ]
    return led if all(pairs) and _shared(free, needs, pairs, led) else None


def _shared(free: list[int], needs: list[int], pairs: list[list[tuple[int, int]]], led: list) -> bool:
    order = sorted(range(ROLES), key=lambda role: len(pairs[role]))
    day, week = [[0] * CLINICIANS for _ in range(DAYS)], [0] * CLINICIANS

    def role(depth: int) -> bool:
        if depth == ROLES:
            return True
        blocks = [b for b in range(ALL) if needs[order[depth]] >> b & 1]
        return any(block(depth, blocks, 0, pair) for pair in pairs[order[depth]])

    def block(depth: int, blocks: list[int], number: int, pair: tuple[int, int]) -> bool:
        if number == len(blocks):
            return role(depth + 1)
        b = blocks[number]
        today = day[b // BLOCKS]
        for c in dict.fromkeys(pair):
            if free[c] >> b & 1 and today[c] < 2 and week[c] < 5:
                today[c] += 1
                week[c] += 1
                led[b] = c
                if block(depth, blocks, number + 1, pair):
                    return True
                today[c] -= 1
                week[c] -= 1
        return False

    return role(0)
