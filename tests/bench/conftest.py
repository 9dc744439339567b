"""After the last row: the table, and with WRITE_BENCH the page of the documentation."""

import os

from . import report
from .measuring import GROUPS, rows


def pytest_terminal_summary(terminalreporter, exitstatus):
    """Print what was measured; only a whole run without a failure is written down."""
    if not rows:
        return
    terminalreporter.write_sep("=", "measured")
    terminalreporter.write_line(report.told(rows))
    is_whole = {row.group for row in rows} == set(GROUPS)
    if os.environ.get("WRITE_BENCH") and is_whole and exitstatus == 0:
        report.write(rows)
        terminalreporter.write_line(f"\nwritten to {report.PAGE} and {report.CHART}")
