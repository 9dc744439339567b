"""What can go wrong on the way out, by what is known of the message's fate. Anything else: its fate is unknown."""


class NotSent(Exception):
    """Surely not sent; another try may work."""


class Refused(NotSent):
    """Surely not sent, and another try would be refused as well: a wrong address, a number that said STOP."""
