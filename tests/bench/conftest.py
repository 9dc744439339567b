"""After the last row: the table, and with WRITE_BENCH the page of the documentation."""

import os

from . import report
from .measuring import GROUPS, rows
from .rates import rates


def pytest_terminal_summary(terminalreporter, exitstatus):
    """Print what was measured; only a whole run without a failure is written down."""
    if not rows and not rates:
        return
    terminalreporter.write_sep("=", "measured")
    terminalreporter.write_line(report.told(rows, rates))
    is_whole = bool(rates) and {row.group for row in rows} == set(GROUPS)
    if os.environ.get("WRITE_BENCH") and is_whole and exitstatus == 0:
        report.write(rows, rates)
        terminalreporter.write_line(f"\nwritten to {report.PAGE} and {report.CHART}")
