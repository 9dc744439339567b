"""Fixtures that every test may use. Data comes from `tests.factories`."""

from hypothesis import settings

# No test is about time: on a machine that is busy elsewhere an example may be slow.
settings.register_profile("mooring", deadline=None)
settings.load_profile("mooring")
