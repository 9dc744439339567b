"""Rule cases of bookings, participants, links, calendar objects, standing appointments and the waitlist."""

from tests.factories import MONDAY, NOW, in_days
from tests.rules import Case, Kept, Unique
from tests.scheduling.models.rows import (
    booking,
    booking_move,
    calendar_object,
    feed_token,
    manage_token,
    offer,
    participant,
    standing,
    standing_skip,
    waitlist_entry,
)

BEFORE = NOW - in_days(1)
CONFIRMED = {"status": "confirmed", "confirmed_at": NOW}

BOOKINGS = [
    Case("booking_kind", booking, given={"kind": "seat"}, broken={"kind": "favor"}),
    Case("booking_mode", booking, given={"mode": "phone"}, broken={"mode": "fax"}),
    Case("booking_hold_has_a_deadline", booking, broken={"hold_expires_at": None}),
    Case("booking_hold_has_a_deadline", booking, broken={"held_at": None}),
    Case(
        "booking_hold_has_a_deadline",
        booking,
        given={"status": "requested", "held_at": None, "hold_expires_at": None},
        broken={"hold_expires_at": NOW},
    ),
    Case("booking_confirmed_has_a_time", booking, given=CONFIRMED, broken={"status": "confirmed"}, later=True),
    Case("booking_cancelled_has_a_time", booking, broken={"cancelled_at": NOW}),
    Case("booking_completed_has_a_time", booking, broken={"completed_at": NOW}),
    Case("booking_opens_three_payment_pages", booking, given={"payment_pages": 3}, broken={"payment_pages": 4}),
    *(
        Case("born_requested_or_held", booking, broken={"status": status, "confirmed_at": NOW})
        for status in ("confirmed", "expired", "released", "paid_conflict", "nonsense")
    ),
    Case(
        "booking_move_is_listed", booking_move, {"old": "held", "new": "requested"}, {"old": "held", "new": "expired"}
    ),
    Case("booking_move_is_listed", booking_move, {"new": "confirmed"}, {"new": "requested"}),
    Case("append_only", booking_move, broken={"reason": "another"}, later=True),
    Kept("append_only", booking_move),
    Unique("participant_track_once", participant, same=("booking", "track"), apart="booking"),
    Unique("participant_track_once", participant, same=("booking", "track"), unless={"track": "B"}),
    Unique(
        "participant_client_once",
        participant,
        same=("booking", "client"),
        unless={"client": None},
        second={"track": "B"},
    ),
    Case("participant_track", participant, given={"track": "B"}, broken={"track": "C"}),
    Case(
        "participant_accepts_a_version",
        participant,
        given={"policy_accepted_at": NOW, "policy_version": "v1"},
        broken={"policy_accepted_at": NOW},
    ),
    Case("participant_accepts_a_version", participant, broken={"policy_version": "v1"}),
    Case("participant_chooses_when_named", participant, {"chosen_at": NOW, "client": None}, {"chosen_at": NOW}),
    Case(
        "participant_invites_are_chosen",
        participant,
        given={"calendar_invites": True, "chosen_at": NOW},
        broken={"calendar_invites": True},
    ),
    Case("manage_token_purpose", manage_token, given={"purpose": "introduction"}, broken={"purpose": "magic"}),
    Case("manage_token_dies_after_it_was_made", manage_token, {"revoked_at": BEFORE}, {"revoked_at": NOW}),
    Case("manage_token_is_a_digest", manage_token, broken={"digest": "a-secret-in-plain-words"}),
]

CALENDARS = [
    Unique("calendar_object_once", calendar_object, same=("client", "booking"), apart="booking"),
    Case("calendar_object_method", calendar_object, given={"last_method": "CANCEL"}, broken={"last_method": "PUBLISH"}),
    Unique("feed_token_one_live", feed_token, same=("user",), apart="user", unless={"revoked_at": NOW}),
    Case("feed_token_detail", feed_token, given={"detail": "initials"}, broken={"detail": "all"}),
    Case("feed_token_dies_after_it_was_made", feed_token, {"revoked_at": BEFORE}, {"revoked_at": NOW}),
    Case("feed_token_is_a_digest", feed_token, broken={"digest": "A" * 64}),
]

WAITING = [
    Case("standing_weekday", standing, given={"weekday": 6}, broken={"weekday": 7}),
    Case("standing_minute", standing, given={"starts_minute": 1439}, broken={"starts_minute": 1440}),
    Case("standing_weeks", standing, given={"every_n_weeks": 12}, broken={"every_n_weeks": 0}),
    Case("standing_weeks", standing, broken={"every_n_weeks": 13}),
    Case(
        "standing_pause_has_two_ends",
        standing,
        given={"paused_from": MONDAY, "paused_until": MONDAY + in_days(7)},
        broken={"paused_from": MONDAY},
    ),
    Case("standing_pause_has_two_ends", standing, broken={"paused_until": MONDAY}),
    Case("standing_pause_has_two_ends", standing, broken={"paused_from": MONDAY, "paused_until": MONDAY}),
    Case("standing_ends_after_it_began", standing, {"ended_on": MONDAY - in_days(1)}, {"ended_on": MONDAY}),
    Unique("standing_skip_once", standing_skip, same=("standing", "on"), apart="on"),
    Case("waitlist_dates", waitlist_entry, broken={"latest_on": MONDAY - in_days(1)}),
    Case("waitlist_weekdays", waitlist_entry, given={"weekdays": [0, 6]}, broken={"weekdays": [7]}),
    Case("waitlist_closes_after_it_was_made", waitlist_entry, {"closed_at": BEFORE}, {"closed_at": NOW}),
    Unique("offer_one_open_at_a_time", offer, same=("entry",), apart="entry", unless={"answered_at": NOW}),
    Case("offer_answered_after_it_was_made", offer, {"answered_at": BEFORE}, {"answered_at": NOW}),
]

CASES = [*BOOKINGS, *CALENDARS, *WAITING]
