"""The offices of the demo practice. The cities are real; all else is invented."""

from __future__ import annotations

import math

from scheduling.models import Location, LocationHours, Room, TravelTime

# slug, city, postal code, rooms (name, capacity), approximate latitude and longitude
OFFICES = (
    ("mckinney", "McKinney", "75070", (("Cedar", 4), ("Willow", 4), ("Juniper", 3), ("Meadow", 12)), (33.20, -96.64)),
    ("plano", "Plano", "75024", (("Maple", 4), ("Birch", 4), ("Aspen", 3)), (33.02, -96.70)),
    ("allen", "Allen", "75013", (("Heron", 4), ("Wren", 3)), (33.10, -96.67)),
    ("richardson", "Richardson", "75080", (("Amber", 4), ("Slate", 3), ("Pebble", 3)), (32.95, -96.73)),
    ("frisco", "Frisco", "75034", (("Harbor", 4), ("Cove", 4), ("Bay", 4), ("Inlet", 3)), (33.15, -96.82)),
    ("carrollton", "Carrollton", "75006", (("Linen", 4), ("Cotton", 3)), (32.98, -96.89)),
    ("lewisville", "Lewisville", "75067", (("Dune", 4), ("Reed", 4), ("Shell", 3)), (33.05, -96.99)),
    ("dallas", "Dallas", "75205", (("Lantern", 4), ("Candle", 4), ("Ember", 3)), (32.80, -96.78)),
)
WEEKDAY_HOURS = (8 * 60, 20 * 60)
SATURDAY_HOURS = (9 * 60, 15 * 60)


def create_places() -> dict[str, Location]:
    """Create offices, rooms, hours and travel times. Returns the offices by slug."""
    places = {}
    for number, (slug, city, postal_code, rooms, _) in enumerate(OFFICES, start=1):
        places[slug] = Location.objects.create(
            slug=slug,
            name=city,
            street=f"{number}00 Example Parkway, Suite {number}10",
            city=city,
            state="TX",
            postal_code=postal_code,
            phone=f"+1972555010{number}",
            arrival="Free parking behind the building. Take a seat in the waiting room; nobody will call your name.",
        )
        for name, capacity in rooms:
            Room.objects.create(location=places[slug], name=name, capacity=capacity)
    LocationHours.objects.bulk_create(hour for place in places.values() for hour in _hours(place))
    TravelTime.objects.bulk_create(_travel(places))
    return places


def _hours(place: Location) -> list[LocationHours]:
    days = [(day, *WEEKDAY_HOURS) for day in range(5)] + [(5, *SATURDAY_HOURS)]
    return [
        LocationHours(location=place, weekday=day, starts_minute=starts, ends_minute=ends) for day, starts, ends in days
    ]


def _travel(places: dict[str, Location]) -> list[TravelTime]:
    """Minutes by car, with five more toward the south, where traffic is heavier."""
    positions = {slug: position for slug, *_, position in OFFICES}
    rows = []
    for a, origin in positions.items():
        for b, destination in positions.items():
            if a != b:
                miles = math.hypot((origin[0] - destination[0]) * 69, (origin[1] - destination[1]) * 58)
                southward = 5 if destination[0] < origin[0] else 0
                minutes = 5 * math.ceil((6 + miles * 1.7 + southward) / 5)
                rows.append(TravelTime(origin=places[a], destination=places[b], minutes=minutes))
    return rows
