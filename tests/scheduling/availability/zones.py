"""Zones and dates shared by tests: both clock changes of 2027, a change by half an hour, and a zone without changes."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

CHICAGO = ZoneInfo("America/Chicago")
NEW_YORK = ZoneInfo("America/New_York")
PHOENIX = ZoneInfo("America/Phoenix")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ZONES = [CHICAGO, NEW_YORK, PHOENIX, LORD_HOWE]

# Chicago: 2027-03-14 and 2027-11-07. Lord Howe: 2027-04-04 and 2027-10-03.
CHANGES = [date(2027, 3, 14), date(2027, 11, 7), date(2027, 4, 4), date(2027, 10, 3)]


def days() -> st.SearchStrategy[date]:
    """Dates within four days of a clock change."""
    return st.builds(lambda day, n: day + timedelta(days=n), st.sampled_from(CHANGES), st.integers(-4, 4))
