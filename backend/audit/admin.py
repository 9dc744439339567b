"""Read-only list of audit lines, for the owner."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from .models import AuditLine


@admin.register(AuditLine)
class AuditLineAdmin(admin.ModelAdmin):
    """Lists audit lines without add, change or delete. The database refuses changes as well."""

    list_display = ["at", "user", "verb", "subject", "subject_id", "detail"]
    list_filter = ["verb", "subject"]
    list_select_related = ["user"]
    show_full_result_count = False

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: AuditLine | None = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: AuditLine | None = None) -> bool:
        return False
