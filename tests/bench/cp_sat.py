"""The random programs of `floors` as equations for CP-SAT: what a solver for everything needs for them."""

from __future__ import annotations

from ortools.sat.python import cp_model

from .floors import ALL, BLOCKS, CLINICIANS, DAYS, OFFICES, ROLES, ROOMS


def has_program(x: dict, day: int) -> bool:
    """Is there an assignment that starts on `day`, in some office? One worker."""
    model = cp_model.CpModel()
    leads = [
        {
            one: model.new_bool_var("")
            for one in range(CLINICIANS)
            if x["need"][b] in x["roles"][one] and x["people"][one] >> day * BLOCKS + b & 1
        }
        for b in range(ALL)
    ]
    for of_block in leads:
        model.add_exactly_one(of_block.values())
    _house(model, x, day)
    if x["kind"] != "loose":
        _limit(model, leads)
        _continue(model, x, leads)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    answer = solver.solve(model)
    assert answer in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE)
    return answer != cp_model.INFEASIBLE


def _house(model: cp_model.CpModel, x: dict, day: int) -> None:
    """A room for each block, all of them in one office."""
    offices = [model.new_bool_var("") for _ in range(OFFICES)]
    model.add_exactly_one(offices)
    for b in range(ALL):
        free = [room for room in range(OFFICES * ROOMS) if x["rooms"][room] >> day * BLOCKS + b & 1]
        taken = {room: model.new_bool_var("") for room in free}
        model.add_exactly_one(taken.values())
        for room, var in taken.items():
            model.add_implication(var, offices[room // ROOMS])


def _limit(model: cp_model.CpModel, leads: list[dict]) -> None:
    """At most two blocks a day and five a week for each clinician."""
    for one in range(CLINICIANS):
        for day in range(DAYS):
            today = range(day * BLOCKS, day * BLOCKS + BLOCKS)
            model.add(sum(leads[b][one] for b in today if one in leads[b]) <= 2)
        model.add(sum(of_block[one] for of_block in leads if one in of_block) <= 5)


def _continue(model: cp_model.CpModel, x: dict, leads: list[dict]) -> None:
    """At most two clinicians for each role."""
    for role in range(ROLES):
        used = {one: model.new_bool_var("") for one in range(CLINICIANS) if role in x["roles"][one]}
        for b in range(ALL):
            for one, var in leads[b].items() if x["need"][b] == role else ():
                model.add_implication(var, used[one])
        model.add(sum(used.values()) <= 2)
