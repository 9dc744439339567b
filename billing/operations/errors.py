"""What can stand in the way of booking and paying; `str()` is fit to be shown to a person."""


class PolicyNotAccepted(Exception):
    """The cancellation policy was shown but not agreed to."""


class PaymentUnavailable(Exception):
    """The payment provider does not answer. Nothing typed is lost, and the time stays held."""

    def __init__(self) -> None:
        super().__init__("The payment page cannot be reached right now. Your time is still held. Try again.")


class ReasonMissing(Exception):
    """Confirming without payment needs a reason, and staff to give it."""
