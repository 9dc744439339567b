"""Services of the demo practice, with prices and terms."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from billing.models import Policy, PolicyTier, Price
from scheduling.models import Location, Program, ProgramBlock, ProgramRole, Service

# Blocks of one day: name, start, end (minutes of the local day), attending track, role.
Blocks = tuple[tuple[str, int, int, str, str], ...]
COUPLE_DAY: Blocks = (
    ("Together", 540, 630, "both", "lead"),
    ("On your own", 645, 735, "A", "individual"),
    ("On your own", 645, 735, "B", "individual"),
    ("Practice", 795, 855, "A", "coach"),
    ("Practice", 795, 855, "B", "coach"),
    ("Together", 870, 960, "both", "lead"),
)
FIRST_COUPLE_DAY: Blocks = (("Welcome", 540, 630, "both", "lead"), *COUPLE_DAY[1:])
SOLO_DAY: Blocks = (
    ("Session", 540, 630, "A", "lead"),
    ("Session", 645, 735, "A", "individual"),
    ("Practice", 795, 855, "A", "coach"),
    ("Looking back and ahead", 870, 960, "A", "lead"),
)
ROLES = {"lead": "Lead", "individual": "Individual work", "coach": "Coach"}


class Offer(NamedTuple):
    """A service with prices in cents by level, and its terms. `places`: slugs of its offices; empty for all."""

    fields: dict[str, Any]
    cents: dict[str, int]
    policy: dict[str, Any]
    days: tuple[Blocks, ...] = ()
    places: tuple[str, ...] = ()


ALL_MODES = ["office", "online", "phone"]
INTENSIVE_TERMS = {"due_now": "share", "deposit_share_basis_points": 3000, "balance_days_before": 14}
PAY_NOW = {"due_now": "all"}
AFTER = {"due_now": "nothing"}
# Hours before the start, and the share of the price (basis points) that canceling later than that costs.
INTENSIVE_TIERS = ((336, 3000), (168, 5000), (24, 10000))
VISIT_TIERS = ((24, 5000), (2, 10000))
INTENSIVE: dict[str, Any] = {
    "line": "intensive",
    "modes": ["office"],
    "buffer_before": 15,
    "buffer_after": 15,
    "notice_minutes": 3 * 24 * 60,
    "horizon_days": 180,
    "kind": "program",
}
VISIT: dict[str, Any] = {"line": "counseling", "notice_minutes": 12 * 60, "horizon_days": 90, "kind": "visit"}
COACHING = VISIT | {"line": "coaching", "needs_license": False, "modes": ALL_MODES}

OFFERS = (
    Offer(
        VISIT
        | {
            "slug": "first-call",
            "name": "First call",
            "kind": "first call",
            "party": "individual",
            "duration_minutes": 15,
            "booking_mode": "call_first",
            "modes": ["phone"],
            "needs_license": False,
            "summary": "A few minutes on the phone, to find what fits.",
        },
        {"": 0},
        AFTER,
    ),
    Offer(
        INTENSIVE
        | {
            "slug": "3-day",
            "name": "3-day individual intensive",
            "party": "individual",
            "summary": "Three days in a row for one person, with a therapist and a coach.",
        },
        {"": 420000},
        INTENSIVE_TERMS,
        (SOLO_DAY,) * 3,
    ),
    Offer(
        INTENSIVE
        | {
            "slug": "4-day",
            "name": "4-day couple's intensive",
            "party": "couple",
            "capacity": 2,
            "summary": "Four days for the two of you: together, and each with people of your own.",
        },
        {"": 780000},
        INTENSIVE_TERMS,
        (FIRST_COUPLE_DAY, COUPLE_DAY, COUPLE_DAY, COUPLE_DAY),
    ),
    Offer(
        INTENSIVE
        | {
            "slug": "5-day",
            "name": "5-day couple's intensive",
            "party": "couple",
            "capacity": 2,
            "booking_mode": "call_first",
            "summary": "Five days for the two of you. We talk first, to see whether it fits.",
        },
        {"": 960000},
        INTENSIVE_TERMS,
        (FIRST_COUPLE_DAY, COUPLE_DAY, COUPLE_DAY, COUPLE_DAY, COUPLE_DAY),
    ),
    Offer(
        VISIT
        | {
            "slug": "individual",
            "name": "Individual counseling",
            "party": "individual",
            "duration_minutes": 50,
            "code": "90834",
            "modes": ["office", "online"],
            "summary": "Fifty minutes for one person, at an office or online.",
        },
        {"associate": 11000, "standard": 15500, "senior": 20500},
        AFTER,
    ),
    Offer(
        VISIT
        | {
            "slug": "together",
            "name": "Couple's counseling",
            "party": "couple",
            "capacity": 2,
            "duration_minutes": 80,
            "code": "90847",
            "modes": ["office", "online"],
            "summary": "Eighty minutes for two people, at an office or online.",
        },
        {"associate": 17000, "standard": 23000, "senior": 29500},
        PAY_NOW,
    ),
    Offer(
        VISIT
        | {
            "slug": "group",
            "name": "Group",
            "party": "group",
            "capacity": 8,
            "duration_minutes": 90,
            "code": "90853",
            "booking_mode": "call_first",
            "modes": ["office"],
            "summary": "Up to eight people, once a week. We talk first, to find the group that fits.",
        },
        {"": 6000},
        AFTER,
    ),
    Offer(
        COACHING
        | {
            "slug": "coaching",
            "name": "Individual coaching",
            "party": "individual",
            "duration_minutes": 45,
            "summary": "Forty-five minutes for one person: at an office, online or by phone.",
        },
        {"": 9500},
        PAY_NOW,
    ),
    Offer(
        COACHING
        | {
            "slug": "coaching-two",
            "name": "Couple's coaching",
            "party": "couple",
            "capacity": 2,
            "duration_minutes": 60,
            "summary": "An hour for two people: at an office, online or by phone.",
        },
        {"": 13000},
        PAY_NOW,
    ),
    Offer(
        COACHING
        | {
            "slug": "evenings",
            "name": "Six evenings of practice",
            "party": "group",
            "capacity": 8,
            "duration_minutes": 90,
            "modes": ["online"],
            "summary": "Listening, speaking up, saying no: up to eight people practice together, online.",
        },
        {"": 4500},
        PAY_NOW,
        places=("frisco",),
    ),
    Offer(
        COACHING
        | {
            "slug": "open-hour",
            "name": "Open practice hour",
            "party": "group",
            "capacity": 10,
            "duration_minutes": 60,
            "modes": ["office"],
            "summary": "An hour at noon to practice with others. Come once, or as often as you like.",
        },
        {"": 2500},
        PAY_NOW,
        places=("mckinney",),
    ),
)
# Offices with enough clinicians and coaches on the same days, and rooms for two tracks.
INTENSIVE_PLACES = ("mckinney", "frisco")


def create_services(places: dict[str, Location], today: date) -> dict[str, Service]:
    """Create the services with programs, prices and terms. Returns them by slug."""
    roles = {slug: ProgramRole.objects.create(slug=slug, name=name) for slug, name in ROLES.items()}
    services = {}
    for offer in OFFERS:
        service = Service.objects.create(**offer.fields)
        wanted = INTENSIVE_PLACES if offer.days else offer.places or tuple(places)
        service.locations.set(places[slug] for slug in wanted)
        if offer.days:
            _create_program(service, offer.days, roles)
        _create_terms(service, offer, date(today.year - 1, 1, 1))
        services[service.slug] = service
    return services


def _create_program(service: Service, days: tuple[Blocks, ...], roles: dict[str, ProgramRole]) -> None:
    last_start = 5 - len(days)
    program = Program.objects.create(
        service=service, days=len(days), start_weekdays=list(range(max(last_start, 0) + 1)), max_minutes_per_day=360
    )
    for day, blocks in enumerate(days):
        for name, starts, ends, attends, role in blocks:
            block = ProgramBlock.objects.create(
                program=program, name=name, day=day, starts_minute=starts, ends_minute=ends, attends=attends
            )
            block.roles.add(roles[role])


def _create_terms(service: Service, offer: Offer, since: date) -> None:
    Price.objects.bulk_create(
        Price(service=service, level=level, amount_cents=cents, valid_from=since)
        for level, cents in offer.cents.items()
    )
    policy = Policy.objects.create(service=service, valid_from=since, **offer.policy)
    PolicyTier.objects.bulk_create(
        PolicyTier(policy=policy, hours_before=hours, fee_share_basis_points=share)
        for hours, share in (INTENSIVE_TIERS if offer.days else VISIT_TIERS)
    )
