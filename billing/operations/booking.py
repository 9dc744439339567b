"""Booking: hold, names, frozen terms and the intended payment in one transaction; then the payment page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backend.accounts.actor import Actor
from backend.transactions import assert_in_transaction, durable
from billing.models import BookingTerms, PaymentAttempt
from billing.money import Money
from scheduling.models import Booking, Client, ManageToken, Participant
from scheduling.operations.bookings.confirm import confirm_step
from scheduling.operations.bookings.hold import HOLD_MINUTES, hold_step, naming_alternatives, refusing_overlap
from scheduling.operations.bookings.participants import is_named_again, lock_to_name_step, name_participants_step
from scheduling.operations.clients import Person, by_track
from scheduling.operations.links.links import issue_step, revoke_step

from .errors import PaymentUnavailable, PolicyNotAccepted, ReasonMissing
from .freezing import accept_step, freeze_step
from .lines import charge_step
from .pages import DONE, open_page, plan_page_step


@dataclass(frozen=True, kw_only=True)
class Booked:
    """A booking after its verb. `tokens`: fresh link secrets by track, told once; the second partner's introduces,
    and there is none for one who has chosen already.

    `checkout_url` is None if nothing is due, it is paid, or the provider does not answer now (`pay_again` asks anew).
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
    """Take an opening for people, and open the payment page if something is due now; else it is confirmed at once.

    `return_to` is the path where the browser comes back, `{reference}` in it. Staff may give `unpaid_reason` and so
    confirm without payment; `notify=False` then tells nobody. `api_call`: the call that asks for it (see `pick_up`).
    Raises Taken (with alternatives), UnknownOpening, TooManyHolds, NotNamed, NotPriced, PolicyNotAccepted,
    ReasonMissing.
    """
    _check(accept_policy, unpaid_reason, by)

    clients = by_track(people)

    @durable
    def write() -> _Written:
        booking = hold_step(opening=opening, by=by, now=now, hold_minutes=hold_minutes, client_ids=clients)
        if api_call is not None:
            booking.api_call = api_call
            booking.save(update_fields=["api_call"])
        return _name_and_plan_step(
            booking, people, by=by, now=now, return_to=return_to, unpaid_reason=unpaid_reason, notify=notify
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
    """The same for a booking that is held already. Whose it is, the caller has asked (`visible_to`).

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
        raise PolicyNotAccepted("Tick the box to agree to the cancellation policy.")
    if unpaid_reason and not by.is_staff and not by.system:
        raise ReasonMissing("Only staff can confirm without payment.")


def _name_and_plan_step(
    booking: Booking,
    people: Sequence[Person],
    *,
    by: Actor,
    now: datetime,
    return_to: str,
    unpaid_reason: str,
    notify: bool,
) -> _Written:
    assert_in_transaction()
    named = booking.participants.order_by("track")
    anew = {one.pk for one, person in zip(named, people, strict=False) if not is_named_again(one, person)}
    participants = name_participants_step(booking=booking, people=people, by=by, now=now)
    terms = freeze_step(booking=booking, client=_client_of(participants[0]), now=now)
    accept_step(participant=participants[0], terms=terms, now=now)
    tokens = _fresh_tokens_step(participants, anew, now=now)
    attempt = None
    if terms.due_now_cents and not unpaid_reason:
        attempt = plan_page_step(booking=booking, terms=terms, return_to=return_to, now=now)
    else:
        confirm_step(booking=booking, by=by, now=now, unpaid_reason=unpaid_reason, notify=notify)
        charge_step(booking=booking, by=by, now=now)
    return _Written(booking=booking, terms=terms, tokens=tokens, attempt=attempt)


def _client_of(participant: Participant) -> Client | None:
    return participant.client


def _fresh_tokens_step(participants: Sequence[Participant], anew: Collection[int], *, now: datetime) -> dict[str, str]:
    """The first partner manages; the second is introduced and gets an own link by choosing how to be reached.

    Earlier links of those named `anew` (ids) end. A second who has chosen before is not introduced again: that link
    would show their part to who passes it on (promise 9).
    """
    tokens = {}
    for one in participants:
        first = one.track == Participant.Track.A
        if one.pk in anew:
            revoke_step(participant=one, now=now)
        elif not first and one.chosen_at is not None:
            continue
        purpose = ManageToken.Purpose.MANAGE if first else ManageToken.Purpose.INTRODUCTION
        tokens[one.track] = issue_step(participant=one, purpose=purpose, now=now)
    return tokens


def _with_page(written: _Written, *, now: datetime) -> Booked:
    """Open the planned page. If the provider does not answer, the hold and the plan stay."""
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
