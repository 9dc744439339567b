"""Errors of a send that is known to have failed. After any other error the message may or may not have been sent."""


class NotSent(Exception):
    """The message was not sent; a retry may work."""


class Refused(NotSent):
    """The message was not sent and a retry would fail too: a wrong address, a number that replied STOP."""
