"""Template tags for icons and for the error summary."""

from dataclasses import dataclass

from django import template
from django.forms import BaseForm, RadioSelect
from django.forms.boundfield import BoundField
from django.forms.widgets import CheckboxSelectMultiple
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Paths on a 24 by 24 grid; the stroke takes the color of the text.
ICONS = {
    "mark": '<rect x="3" y="5" width="18" height="16" rx="3"/><path d="M3 10h18M8 3v4M16 3v4M8.5 15l2.5 2.5 4.5-4.5"/>',
    "phone": '<path d="M5 4h4l1.5 5-2.2 1.6a12 12 0 0 0 5.1 5.1L15 13.5l5 1.5v4a1.5 1.5 0 0 1-1.6 1.5'
    'A16 16 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4z"/>',
    "left": '<path d="M14.5 5.5 8 12l6.5 6.5"/>',
    "right": '<path d="M9.5 5.5 16 12l-6.5 6.5"/>',
    "check": '<path d="M4.5 12.5l5 5 10-11"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.5 2"/>',
    "place": '<path d="M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21z"/><circle cx="12" cy="9.5" r="2.5"/>',
    "screen": '<rect x="3" y="5" width="18" height="12" rx="2"/><path d="M9 21h6M12 17v4"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0M16 5.2a3.5 3.5 0 0 1 0 6.6'
    'M18 14.5a6.5 6.5 0 0 1 3.5 5.5"/>',
    "person": '<circle cx="12" cy="8.5" r="3.5"/><path d="M5 20a7 7 0 0 1 14 0"/>',
    "shield": '<path d="M12 3l7.5 2.8v5.4c0 4.5-3 8.2-7.5 9.8-4.5-1.6-7.5-5.3-7.5-9.8V5.8z"/>'
    '<path d="M9 12l2.2 2.2L15.2 10"/>',
    "mail": '<rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="M3.5 7.5 12 13.5l8.5-6"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4.5V9.5h15V17H17M7 14h10v6H7z"/>',
    "money": '<rect x="3" y="6" width="18" height="12" rx="2"/><circle cx="12" cy="12" r="2.7"/>'
    '<path d="M6.5 9.5v.01M17.5 14.5v.01"/>',
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Inline SVG, hidden from screen readers because the words beside it say the same."""
    return mark_safe(  # noqa: S308 (from the table above)
        '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" '
        f'stroke-linejoin="round" aria-hidden="true" focusable="false">{ICONS[name]}</svg>'
    )


@dataclass(frozen=True)
class ErrorLink:
    """One line of the error summary: the id of the element, and what to do there."""

    target: str
    words: str


@register.filter
def error_links(form: BaseForm) -> list[ErrorLink]:
    """One link for each message, in the order of the fields. A group of choices is linked at its first choice."""
    return [ErrorLink(_target(field), str(words)) for field in form for words in field.errors]


def _target(field: BoundField) -> str:
    grouped = isinstance(field.field.widget, (RadioSelect, CheckboxSelectMultiple))
    return f"{field.auto_id}_0" if grouped else str(field.auto_id)
