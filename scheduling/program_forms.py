"""The blocks of a program, for the plain admin: refused together where nobody could hold them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet

from scheduling.availability.programs import program as core

from .models import ProgramBlock, Service


class BlockFormSet(BaseInlineFormSet):
    """Says in words why blocks do not go together; what was typed stays."""

    def clean(self) -> None:
        """Ask the planner's own Program, which is how listing and booking read them (F13)."""
        super().clean()
        typed = [form for form in self.forms if form.has_changed() or form.instance.pk]
        kept = [form for form in typed if form not in self.deleted_forms]
        if not kept or self.instance.service_id is None or any(form.errors for form in kept):
            return
        days, service = self.instance.days, self.instance.service
        if days is not None and any(form.instance.day >= days for form in kept):
            raise ValidationError(f"The program has {days} days, so the days of its blocks are 0 to {days - 1}.")
        blocks = [_block(form, number) for number, form in enumerate(kept, start=1)]
        clients = 2 if service.party == Service.Party.COUPLE else 1
        try:
            core.Program(service_id=0, blocks=tuple(sorted(blocks, key=lambda one: one.begins)), clients=clients)
        except core.ProgramError as error:
            raise ValidationError(str(error)) from error


def _block(form: Any, number: int) -> core.Block:
    row: ProgramBlock = form.instance
    return core.Block(
        id=row.pk or -number,
        day=row.day,
        start_minute=row.starts_minute,
        length=row.ends_minute - row.starts_minute,
        attends=core.Attends(row.attends),
        roles=tuple(role.pk for role in form.cleaned_data["roles"]),
        after_id=row.after_id,
        after_minutes=row.after_hours * 60,
        external_id=row.external_id,
    )
