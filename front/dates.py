"""Dates in addresses."""

from datetime import date

from django.http import Http404

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)


def day_or_404(text: str) -> date:
    """The ISO date in an address. Raises Http404 for other text, and for dates outside 2000 to 2100."""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if not FIRST_DAY <= found <= LAST_DAY or text != found.isoformat():
        raise Http404
    return found
