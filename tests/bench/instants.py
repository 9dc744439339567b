"""The window that everything is measured in."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Chicago")
FIRST = date(2030, 3, 1)  # the window holds a clock change
NOW = datetime(2030, 2, 28, 12, tzinfo=UTC)
