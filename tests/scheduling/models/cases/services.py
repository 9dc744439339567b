"""Rule cases of services, programs, working hours and other time rules."""

from tests.factories import MONDAY, NOW, in_days
from tests.rules import Case, Unique
from tests.scheduling.models.rows import (
    ALREADY_OVER,
    WITHOUT_END,
    WITHOUT_START,
    break_,
    busy_time,
    cohort,
    hours,
    internal_event,
    location,
    program,
    program_block,
    room,
    saved,
    service,
    time_off,
    working_hours,
)

INTENSIVE = {"line": "intensive", "duration_minutes": None}

SERVICES = [
    Case("service_line", service, given={"line": "coaching"}, broken={"line": "karate"}),
    Case("service_party", service, given={"party": "couple", "capacity": 2}, broken={"party": "crowd"}),
    Case("service_booking_mode", service, given={"booking_mode": "call_first"}, broken={"booking_mode": "whistle"}),
    Case("service_is_a_program_or_has_a_length", service, {"duration_minutes": None}, INTENSIVE),
    Case("service_is_a_program_or_has_a_length", service, INTENSIVE | {"duration_minutes": 50}),
    Case("service_is_a_program_or_has_a_length", service, {"duration_minutes": 4}, {"duration_minutes": 5}),
    Case("service_is_a_program_or_has_a_length", service, {"duration_minutes": 721}, {"duration_minutes": 720}),
    Case("service_step_is_on_the_grid", service, given={"step_minutes": 5}, broken={"step_minutes": 0}),
    Case("service_step_is_on_the_grid", service, given={"step_minutes": 240}, broken={"step_minutes": 245}),
    Case("service_step_is_on_the_grid", service, given={"step_minutes": 10}, broken={"step_minutes": 12}),
    Case("service_has_a_mode", service, given={"modes": ["phone"]}, broken={"modes": []}),
    Case("service_modes_are_known", service, {"modes": ["office", "fax"]}, {"modes": ["office", "online", "phone"]}),
    Case("service_capacity_fits_the_party", service, broken={"capacity": 2}),
    Case("service_capacity_fits_the_party", service, {"party": "couple"}, {"party": "couple", "capacity": 2}),
    Case(
        "service_capacity_fits_the_party",
        service,
        given={"party": "group", "capacity": 10},
        broken={"party": "group", "capacity": 0},
    ),
    Case("program_days", program, given={"days": 1}, broken={"days": 0}),
    Case("program_days", program, given={"days": 14}, broken={"days": 15}),
    Case("program_start_weekdays", program, given={"start_weekdays": [0, 6]}, broken={"start_weekdays": [7]}),
    Case("program_people_per_role", program, given={"people_per_role": 4}, broken={"people_per_role": 5}),
    Case("program_people_per_role", program, broken={"people_per_role": 0}),
    Case("cohort_minimum", cohort, broken={"minimum": 0}),
    Case("cohort_is_cancelled_after_it_was_made", cohort, {"cancelled_at": NOW - in_days(1)}, {"cancelled_at": NOW}),
    Case("program_block_minutes", program_block, broken={"starts_minute": 600, "ends_minute": 600}),
    Case("program_block_minutes", program_block, {"ends_minute": 1445}, {"ends_minute": 1440}),
    Case("program_block_is_on_the_grid", program_block, given={"starts_minute": 545}, broken={"starts_minute": 541}),
    Case("program_block_is_on_the_grid", program_block, given={"ends_minute": 635}, broken={"ends_minute": 633}),
    Case("program_block_attends", program_block, given={"attends": "B"}, broken={"attends": "C"}),
    Case(
        "program_block_waits_for_a_block",
        program_block,
        given=lambda row: {"after": saved(program_block()), "after_hours": 24},
        broken={"after_hours": 24},
    ),
    Case(
        "program_block_waits_for_another",
        program_block,
        given=lambda row: {"after": saved(program_block())},
        broken=lambda row: {"after": row},
        later=True,
    ),
    Unique("program_block_once", program_block, same=("program", "day", "starts_minute", "attends"), apart="program"),
    Unique(
        "program_block_once",
        program_block,
        same=("program", "day", "starts_minute", "attends"),
        unless={"attends": "A"},
    ),
]

TIME = [
    Case("break_weekdays", break_, given={"weekdays": [0, 6]}, broken={"weekdays": [7]}),
    Case("break_between", break_, broken={"ends_minute": 1445}),
    Case("break_between", break_, broken={"ends_minute": 660}),
    Case("break_fits_between", break_, given={"minutes": 180}, broken={"minutes": 185}),
    Case("break_fits_between", break_, broken={"minutes": 31}),
    Case("break_fits_between", break_, broken={"minutes": 0}),
    Case("working_hours_weekday", working_hours, given={"weekday": 6}, broken={"weekday": 7}),
    Case("working_hours_minutes", working_hours, broken={"starts_minute": 600, "ends_minute": 600}),
    Case("working_hours_minutes", working_hours, broken={"starts_minute": 1440, "ends_minute": 1500}),
    Case(
        "working_hours_last_a_day_at_most",
        working_hours,
        given={"starts_minute": 60, "ends_minute": 1500},
        broken={"starts_minute": 60, "ends_minute": 1501},
    ),
    Case(
        "working_hours_alternate_weeks_have_an_anchor",
        working_hours,
        given={"every_n_weeks": 2, "anchor_on": MONDAY},
        broken={"every_n_weeks": 2},
    ),
    Case("working_hours_alternate_weeks_have_an_anchor", working_hours, broken={"every_n_weeks": 0}),
    Case(
        "working_hours_alternate_weeks_have_an_anchor",
        working_hours,
        given={"every_n_weeks": 12, "anchor_on": MONDAY},
        broken={"every_n_weeks": 13, "anchor_on": MONDAY},
    ),
    Case(
        "working_hours_validity",
        working_hours,
        given={"valid_from": MONDAY, "valid_until": MONDAY + in_days(1)},
        broken={"valid_from": MONDAY, "valid_until": MONDAY},
    ),
    *(
        Case(rule, row, broken={"during": period})
        for rule, row in (
            ("time_off_period", time_off),
            ("busy_time_period", busy_time),
            ("internal_event_period", internal_event),
        )
        for period in (ALREADY_OVER, WITHOUT_END, WITHOUT_START, hours(0, 1, "[]"))
    ),
    Case("internal_event_kind", internal_event, given={"kind": "on_call"}, broken={"kind": "party"}),
    Case("internal_event_repeats_until", internal_event, broken={"repeat_weeks": 1}),
    Case(
        "internal_event_repeats_until",
        internal_event,
        given={"repeat_weeks": 1, "repeat_until": MONDAY},
        broken={"repeat_until": MONDAY},
    ),
    Case(
        "internal_event_room_has_a_location",
        internal_event,
        given=lambda row: {"room": saved(room()), "location": saved(location())},
        broken=lambda row: {"room": saved(room())},
    ),
]

CASES = [*SERVICES, *TIME]
