"""Modes of a service in the desk's words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from scheduling.models import Mode, Service


def mode_words(mode: str) -> str:
    """“in person”, “online”, “by phone”."""
    return {Mode.OFFICE: _("in person"), Mode.ONLINE: _("online"), Mode.PHONE: _("by phone")}[Mode(mode)]


def given(service: Service, mode: str) -> str | None:
    """The mode to search for: the one asked for, or None (any) if the service does not have it."""
    return mode if mode in service.modes else None


def not_given(service: Service, mode: str) -> str:
    """Sentence that the service does not have the mode asked for, with the modes it has; else empty."""
    if not mode or mode in service.modes:
        return ""
    *most, last = [mode_words(one) for one in Mode.values if one in service.modes] or [""]
    ways = _("%(ways)s and %(last)s") % {"ways": ", ".join(most), "last": last} if most else last
    asked = {"service": service.name, "mode": mode_words(mode), "ways": ways}
    if not ways:
        return _("%(service)s is not offered %(mode)s.") % asked
    return _("%(service)s is not offered %(mode)s. These times are %(ways)s.") % asked
