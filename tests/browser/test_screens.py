"""The README's screenshots stay small, because every clone has them."""

from tests.browser.palette import MOST_BYTES
from tests.platform.places import ROOT


def test_no_screenshot_is_larger_than_allowed() -> None:
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs" / "screens").glob("*.png")}

    assert sizes
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
