"""The cancellation policy before a date is chosen, in days and shares. Billing gives the exact dates later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.money import WHOLE
from billing.policies import Tier, percent
from billing.queries.tariff import tariff_of, tiers_of
from scheduling.models import Service


def policy_of(service: Service, *, now: datetime) -> list[str]:
    """Sentences of the policy in force."""
    return policy_words(tiers_of(tariff_of([service.pk]).policy(service.pk, now.date())))


def policy_words(tiers: Sequence[Tier]) -> list[str]:
    """Sentences of tiers: “Free until 14 days before.”, and one for each tier. The longest notice comes first."""
    if not tiers:
        return [_("Changing and canceling is free until it starts.")]
    lines = [_("Free until %(time)s before.") % {"time": _time(tiers[0].hours_before)}]
    for tier in tiers:
        words = {"time": _time(tier.hours_before), "share": percent(tier.fee_share_basis_points)}
        whole = tier.fee_share_basis_points >= WHOLE
        line = _("Within %(time)s: the whole price.") if whole else _("Within %(time)s: %(share)s of the price.")
        lines.append(line % words)
    return lines


def _time(hours: int) -> str:
    """Hours in words; as days from two whole days on."""
    if hours >= 48 and hours % 24 == 0:
        return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
