"""Pages of a staff list."""

from __future__ import annotations

from typing import Any

from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class Pages(PageNumberPagination):
    """Pages with `count`, `next`, `previous` and `results`. The view has validated `page` and `page_size`."""

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500
    invalid_page_message = "There is no such page."

    def get_page_size(self, request: Request) -> int | None:
        return super().get_page_size(request) or self.page_size


def page_of(rows: Any, view: Any) -> tuple[list[Any], Pages]:
    """One page of a queryset, and the paginator that frames it. Raises NotFound past the last page."""
    pages = Pages()
    return list(pages.paginate_queryset(rows, view.request, view=view) or []), pages
