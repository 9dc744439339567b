"""Rule cases of the practice, its offices, rooms and hours."""

from tests.rules import Case, Unique
from tests.scheduling.models.rows import (
    ALREADY_OVER,
    WITHOUT_END,
    WITHOUT_START,
    closure,
    desk_post,
    external_person,
    external_window,
    hours,
    location_hours,
    practice,
    resource,
    room,
    saved,
    travel_time,
)

CASES = [
    Case("practice_is_one", practice, broken={"id": 2}),
    Case("location_hours_weekday", location_hours, given={"weekday": 6}, broken={"weekday": 7}),
    Case("location_hours_minutes", location_hours, broken={"starts_minute": 600, "ends_minute": 600}),
    Case("location_hours_minutes", location_hours, given={"ends_minute": 1440}, broken={"ends_minute": 1441}),
    Unique("location_hours_once", location_hours, same=("location", "weekday", "starts_minute"), apart="location"),
    *(
        Case("closure_period", closure, broken={"during": period})
        for period in (ALREADY_OVER, WITHOUT_END, WITHOUT_START, hours(0, 1, "[]"), hours(0, 1, "()"))
    ),
    Case(
        "closure_names_room_or_location",
        closure,
        given=lambda row: {"room": saved(room())},
        broken=lambda row: {"room": (closed := saved(room())), "location": closed.location},
    ),
    Unique("travel_time_once", travel_time, same=("origin", "destination"), apart="destination"),
    Case(
        "travel_time_once",
        travel_time,
        given=lambda row: _back(travel_time()),
        broken=lambda row: _there(travel_time()),
    ),
    Case("travel_time_between_two", travel_time, broken=lambda row: {"destination": row.origin}),
    Case("travel_time_minutes", travel_time, given={"minutes": 1}, broken={"minutes": 0}),
    Case("travel_time_minutes", travel_time, given={"minutes": 600}, broken={"minutes": 601}),
    Unique("desk_post_once", desk_post, same=("user", "location"), apart="location"),
    Case("resource_kind_is_known", resource, given={"kind": "external"}, broken={"kind": "car"}),
    Case("kind_stays", resource, given={"kind": "room"}, broken={"kind": "client"}, later=True),
    Unique("room_name_once_in_a_location", room, same=("location", "name"), apart="name"),
    Unique("room_name_once_in_a_location", room, same=("location", "name"), apart="location"),
    Case("room_seats_somebody", room, given={"capacity": 1}, broken={"capacity": 0}),
    Case("owns_its_kind", room, broken=lambda row: {"resource": saved(resource(kind="clinician"))}),
    Case("owns_its_kind", external_person, broken=lambda row: {"resource": saved(resource(kind="room"))}),
    Case("external_window_period", external_window, broken={"during": ALREADY_OVER}),
    Case("external_window_period", external_window, broken={"during": WITHOUT_END}),
]


def _there(way):
    way.save()
    return {"origin": way.origin, "destination": way.destination}


def _back(way):
    way.save()
    return {"origin": way.destination, "destination": way.origin}
