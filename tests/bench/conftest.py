"""After the last row: the table, and with WRITE_BENCH the page of the documentation."""

import os

from . import report
from .measuring import rows


def pytest_terminal_summary(terminalreporter, exitstatus):
    """Print what was measured; only a whole run without a failure is written down."""
    if not rows:
        return
    terminalreporter.write_sep("=", "measured")
    terminalreporter.write_line(report.told(rows))
    if os.environ.get("WRITE_BENCH") and exitstatus == 0:
        report.write(rows)
        terminalreporter.write_line(f"\nwritten to {report.PAGE} and {report.CHART}")
