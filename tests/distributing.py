"""Which tests share a worker: those that share something that takes long to start, and is started once.

pytest-xdist's own groups write into the id of a test, which pytest 9.2 makes from something else: they group nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/browser/", "tests/demo/test_filling.py", "tests/platform/test_runner.py")


class Distribution(LoadScopeScheduling):
    """Tests of one of the places above go to one worker, all others one by one to whoever is idle."""

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Distribution:
    """Distribute as said above, whatever `--dist` says."""
    return Distribution(config, log)
