"""How many examples a test tries: the number of the profile that is loaded (tests/conftest.py), or a part of it."""

from hypothesis import settings


def a_third() -> int:
    """For tests that write rows or answer requests: each of their examples costs as much as many pure ones."""
    return settings.default.max_examples // 3
