"""Every address of the site × every role × every method: only the cells listed here give access (F121, F123, F146).

The addresses come from the URLconf: a new one without a row fails. Ids in addresses are North's, so a cell with North
and without South says that South's desk gets a 404.
"""

from __future__ import annotations

import pytest

from .access import METHODS, ROLES, World, address, build, gets_in, patterns, session_of

Cells = dict[str, frozenset[str]]

EVERYBODY = frozenset(ROLES)
SIGNED_IN = EVERYBODY - {"anonymous"}
CLINICIANS = frozenset({"clinician_a", "clinician_b"})
DESKS = frozenset({"north", "south", "owner"})
STAFF = CLINICIANS | DESKS
NORTH = frozenset({"north", "owner"})
ALEX = frozenset({"client_a"})

READ: Cells = {"GET": EVERYBODY}
ASK: Cells = {"GET": EVERYBODY, "POST": EVERYBODY}
OWN: Cells = {"GET": SIGNED_IN, "POST": SIGNED_IN}

ROWS: dict[str, Cells] = {
    "health": READ,
    "metrics": READ,  # from this machine only
    "home": {"GET": SIGNED_IN},
    "feed": {},  # only with the secret
    "stripe-webhook": {"POST": EVERYBODY},  # only with the signature, else 400
    "admin:index": {"GET": frozenset({"owner"}), "POST": frozenset({"owner"})}
    | {method: frozenset({"owner"}) for method in ("PUT", "PATCH", "DELETE")},
    # booking by a visitor: own session only
    "public:home": READ,
    "public:exit": READ,
    "public:ended": READ,
    "public:private": READ,
    "public:call": READ,
    "public:before": READ,
    "public:services": READ,
    "public:service": READ,
    "public:asked": READ,
    "public:you": ASK,
    "public:contact": ASK,
    "public:partner": ASK,
    "public:check": ASK,
    "public:place": ASK,
    "public:who": ASK,
    "public:when": ASK,
    "public:office": ASK,
    "public:callback": ASK,
    "public:more-time": {"POST": EVERYBODY},
    "public:let-go": {"POST": EVERYBODY},
    # one person's part of one booking
    "portal:open": READ,  # with the secret of the link
    "portal:link": ASK,
    "portal:link-sent": READ,
    "portal:manage": {"GET": ALEX},
    "portal:choices": {"GET": ALEX, "POST": ALEX},
    "portal:done": READ,  # the same words for any reference, except to the payer
    "portal:pay": {"GET": ALEX, "POST": ALEX},
    "portal:pass-on": {"POST": ALEX},
    # sign-in
    "account_login": ASK,
    "account_logout": ASK,
    "account_inactive": READ,
    "account_signup": ASK,  # closed, in words
    "account_reauthenticate": OWN,
    "account_request_login_code": ASK,
    "account_confirm_login_code": ASK,
    "account_change_password": OWN,
    "account_reset_password": ASK,
    "account_reset_password_done": READ,
    "account_reset_password_from_key": ASK,
    "account_reset_password_from_key_done": READ,
    "mfa_index": {"GET": SIGNED_IN},
    "mfa_authenticate": ASK,
    "mfa_reauthenticate": OWN,
    "mfa_activate_totp": OWN,
    "mfa_deactivate_totp": {"GET": STAFF, "POST": STAFF},
    "mfa_view_recovery_codes": {},  # no user in this test has one
    "mfa_generate_recovery_codes": OWN,
    "mfa_download_recovery_codes": {"GET": STAFF},
    # the API; tokens are tried in its own tests
    "api:schema": READ,
    "api:docs": READ,
    "api:locations": READ,
    "api:services": READ,
    "api:openings": READ,
    "api:series": READ,
    "api:why-not": {"GET": DESKS},
    "api:bookings": {"GET": STAFF, "POST": EVERYBODY},
    "api:booking": {"GET": NORTH | {"client_a", "clinician_a"}},
    "api:appointments": {"GET": STAFF},
    "api:clients": {"GET": STAFF},
    "api:rooms": {"GET": STAFF},
    "api:travel-times": {"GET": STAFF},
    "api:ledger": {"GET": DESKS},
    "api:work-items": {"GET": DESKS},
    "api:missing": {},
    # the desk
    "desk:today": {"GET": DESKS},
    "desk:today_at": {"GET": NORTH},
    "desk:day": {"GET": NORTH},
    "desk:item_done": {"POST": NORTH},
    "desk:book": {"GET": DESKS},
    "desk:hold": {},  # refused without a chosen client
    "desk:dates": {},  # nor these
    "desk:why_not": {"GET": DESKS},  # without a client it redirects to the question for the client
    "desk:find": {"POST": DESKS},
    "desk:find_elsewhere": {"POST": DESKS},
    "desk:add_client": {"GET": DESKS, "POST": DESKS},
    "desk:client": {"GET": NORTH},
    "desk:appointment": {"GET": NORTH},
    "desk:booking": {"GET": NORTH},
    "desk:commit": {"POST": NORTH},
    "desk:pay_page": {"POST": NORTH},
    "desk:pay_link": {"POST": NORTH},
    "desk:link": {"POST": NORTH},
    "desk:more_time": {"POST": NORTH},
    "desk:release": {"POST": NORTH},
    # clinicians
    "schedule:today": {"GET": CLINICIANS | {"owner"}},
    "schedule:week": {"GET": CLINICIANS | {"owner"}},
    "schedule:feed": {"GET": CLINICIANS | {"owner"}, "POST": CLINICIANS | {"owner"}},
    "schedule:feed_end": {"POST": CLINICIANS | {"owner"}},
}


@pytest.fixture
def world(office, payments) -> World:
    return build(office)


def test_every_address_has_a_row_and_every_row_an_address():
    assert {name for name, _ in patterns()} == set(ROWS)


@pytest.mark.parametrize("role", ROLES)
def test_only_listed_cells_give_access(world, role):
    listed = {(name, method) for name, cells in ROWS.items() for method, roles in cells.items() if role in roles}
    found = set()
    for name, pattern in patterns():
        browser, path = session_of(world.people.get(role)), address(name, pattern, world)
        found |= {(name, method) for method in METHODS if gets_in(browser, method, path)}
    assert found == listed


@pytest.mark.parametrize("role", ["south", "clinician_b", "client_b"])
def test_rows_of_others_are_a_404(world, role):
    """A 404 and not a 403, which would show that the row exists (promise 9)."""
    answers = {}
    for name, pattern in patterns():
        if name.split(":")[0] in ("desk", "portal") and {"reference", "client_id"} & set(
            pattern.pattern.regex.groupindex
        ):
            if ROWS[name] is READ:  # the same words for any reference
                continue
            method = "GET" if "GET" in ROWS[name] else "POST"
            answers[name] = session_of(world.people[role]).generic(method, address(name, pattern, world)).status_code
    assert len(answers) == 12
    assert set(answers.values()) == {404}
