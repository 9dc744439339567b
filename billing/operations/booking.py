"""Book an opening: hold, names, frozen terms and planned payment in one transaction, then the payment page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction, durable
from billing.models import BookingTerms, PaymentAttempt
from billing.money import Money
from scheduling.models import Booking, ManageToken, Participant
from scheduling.operations.bookings.confirm import confirm_step
from scheduling.operations.bookings.draft import BookingDraft
from scheduling.operations.bookings.hold import hold_step, naming_alternatives
from scheduling.operations.bookings.participants import is_named_again, lock_to_name_step, name_participants_step
from scheduling.operations.bookings.refused import HOLD_MINUTES, refusing_overlap
from scheduling.operations.clients import Person, by_track
from scheduling.operations.links.links import issue_many_step, revoke_step

from .errors import PaymentUnavailable, PolicyNotAccepted, ReasonMissing
from .freezing import accept_step, freeze_step
from .lines import charge_step
from .pages import DONE, open_page, plan_page_step


@dataclass(frozen=True, kw_only=True)
class Booked:
    """A booking that was just made or paid for. `tokens`: fresh link secrets by track, shown once.

    The second partner's link is an introduction; a partner who has chosen already gets none. `checkout_url` is None if
    nothing is due, it is paid, or the provider does not answer now (`pay_again` asks again).
    """

    booking: Booking
    due_now: Money
    checkout_url: str | None = None
    tokens: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Written:
    booking: Booking
    terms: BookingTerms
    tokens: dict[str, str]
    attempt: PaymentAttempt | None


def book(
    *,
    opening: str,
    people: Sequence[Person],
    accept_policy: bool,
    by: Actor,
    now: datetime,
    hold_minutes: int = HOLD_MINUTES,
    return_to: str = DONE,
    unpaid_reason: str = "",
    notify: bool = True,
    api_call: int | None = None,
) -> Booked:
    """Take an opening for people. Opens the payment page if an amount is due now, else confirms the booking.

    `return_to`: path to which the provider sends the browser back, with `{reference}` in it. `unpaid_reason`: staff
    only, confirms without payment; `notify=False` then sends no confirmation. `api_call`: number of the API call that
    asks (see `pick_up`). Raises Taken (with alternatives), UnknownOpening, TooManyHolds, NotNamed, NotPriced,
    PolicyNotAccepted, ReasonMissing.
    """
    _check(accept_policy, unpaid_reason, by)

    clients = by_track(people)

    @durable
    def write() -> _Written:
        draft = hold_step(
            opening=opening, by=by, now=now, hold_minutes=hold_minutes, client_ids=clients, api_call=api_call
        )
        return _name_and_plan_step(
            draft, people, by=by, now=now, return_to=return_to, unpaid_reason=unpaid_reason, notify=notify
        )

    with naming_alternatives(opening, clients, by=by, now=now):
        written = write()
    return _with_page(written, now=now)


def book_held(
    *,
    booking_id: int,
    people: Sequence[Person],
    accept_policy: bool,
    by: Actor,
    now: datetime,
    return_to: str = DONE,
    unpaid_reason: str = "",
    notify: bool = True,
) -> Booked:
    """Name the people of a hold and go on as `book` does. The caller has checked the actor with `visible_to`.

    Raises HoldEnded, Taken, NotNamed, NotPriced, PolicyNotAccepted, TooManyPaymentPages, ReasonMissing.
    """
    _check(accept_policy, unpaid_reason, by)

    @durable
    def write() -> _Written:
        return _name_and_plan_step(
            lock_to_name_step(booking_id=booking_id, people=people, by=by, now=now),
            people,
            by=by,
            now=now,
            return_to=return_to,
            unpaid_reason=unpaid_reason,
            notify=notify,
        )

    with refusing_overlap():
        written = write()
    return _with_page(written, now=now)


def _check(accept_policy: bool, unpaid_reason: str, by: Actor) -> None:
    if not accept_policy:
        raise PolicyNotAccepted("Check the box to agree to the cancellation policy.")
    if unpaid_reason and not by.is_staff and not by.system:
        raise ReasonMissing("Only staff can confirm without payment.")


def _name_and_plan_step(
    draft: BookingDraft,
    people: Sequence[Person],
    *,
    by: Actor,
    now: datetime,
    return_to: str,
    unpaid_reason: str,
    notify: bool,
) -> _Written:
    assert_in_transaction()
    booking = draft.booking
    named_anew = [
        one for one, person in zip(draft.participants, people, strict=False) if not is_named_again(one, person)
    ]
    unchanged = [one for one in draft.participants if one not in named_anew]
    name_participants_step(draft=draft, people=people, by=by, now=now)
    terms = freeze_step(draft=draft, now=now)
    accept_step(participant=draft.participants[0], terms=terms, now=now)
    if not draft.is_new:
        revoke_step(participants=named_anew, now=now)
    tokens = _fresh_tokens_step([*named_anew, *(one for one in unchanged if _still_waits(one))], now=now)
    attempt = None
    if terms.due_now_cents and not unpaid_reason:
        payer_id = draft.participants[0].client_id
        attempt = plan_page_step(booking=booking, payer_id=payer_id, terms=terms, return_to=return_to, now=now)
    else:
        confirm_step(draft=draft, by=by, now=now, unpaid_reason=unpaid_reason, notify=notify)
        charge_step(booking=booking, terms=terms, by=by, now=now)
    return _Written(booking=booking, terms=terms, tokens=tokens, attempt=attempt)


def _still_waits(participant: Participant) -> bool:
    """False for a second partner who has chosen: the first would see their part by a link here (promise 9)."""
    return participant.track == Participant.Track.A or participant.chosen_at is None


def _fresh_tokens_step(participants: Sequence[Participant], *, now: datetime) -> dict[str, str]:
    """Issue a manage link for the first partner and an introduction for the second, who gets their own by choosing."""
    purposes = {Participant.Track.A: ManageToken.Purpose.MANAGE, Participant.Track.B: ManageToken.Purpose.INTRODUCTION}
    wanted = [(one, purposes[Participant.Track(one.track)]) for one in participants]
    secrets = issue_many_step(wanted=wanted, now=now)
    return {one.track: secret for (one, _), secret in zip(wanted, secrets, strict=True)}


def _with_page(written: _Written, *, now: datetime) -> Booked:
    """Open the planned page. If the provider does not answer, the hold and the planned page stay."""
    url = None
    if written.attempt is not None:
        try:
            url = open_page(attempt_id=written.attempt.pk, now=now).url or None
        except PaymentUnavailable:
            url = None
    return Booked(
        booking=written.booking,
        tokens=written.tokens,
        due_now=Money(written.terms.due_now_cents, written.terms.currency),
        checkout_url=url,
    )
