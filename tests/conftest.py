"""Fixtures that every test may use. Data comes from `tests.factories`."""
