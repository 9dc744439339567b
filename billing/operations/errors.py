"""Errors of booking and paying; `str()` can be shown to a person."""


class PolicyNotAccepted(Exception):
    """The person did not agree to the cancellation policy."""


class PaymentUnavailable(Exception):
    """The payment provider is not answering. The time stays held."""

    def __init__(self) -> None:
        super().__init__("The payment page cannot be reached right now. Your time is still held. Try again.")


class ReasonMissing(Exception):
    """Only staff may confirm without payment, and only with a reason."""
