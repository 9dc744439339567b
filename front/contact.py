"""A person's contact choices in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from scheduling.operations.clients import Person


def contact_lines(person: Person) -> list[str]:
    """Sentences about a person's contact choices."""
    ways = [
        words
        for chosen, words in (
            (person.may_email, _("email")),
            (person.may_text, _("text message")),
            (person.may_call, _("phone call")),
        )
        if chosen
    ]
    if not ways:
        return [_("We do not contact you. Keep your booking link.")]
    lines = [_("By %(ways)s.") % {"ways": _(" and ").join(ways)}]
    if person.may_call:
        voicemail = {"no": _("No voicemail."), "first_name": _("Voicemail with first name only.")}
        lines.append(voicemail.get(person.voicemail, _("Voicemail is fine.")))
    if person.safe_times:
        lines.append(_("Safe times: %(times)s") % {"times": person.safe_times})
    shared = person.address_is_shared != "no"
    lines.append(_("Discreet wording.") if shared or person.wording == "discreet" else _("Standard wording."))
    lines.append(_("Calendar invitation by email.") if person.calendar_invites else _("No calendar invitation."))
    return lines
