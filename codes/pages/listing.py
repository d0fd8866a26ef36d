"""Codes in a table, a page at a time; the number of queries does not grow with the table."""

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from codes.lookup import in_order
from codes.querysets import VersionQuerySet

A_PAGE = 50


def table(request: HttpRequest, versions: VersionQuerySet, codes: Sequence[str] | QuerySet) -> dict:
    """`page` and its `rows` of the versions of `codes`, for components/code_table.html."""
    page = Paginator(codes, A_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "rows": in_order(versions, page.object_list)}


def table_of(request: HttpRequest, versions: VersionQuerySet) -> dict:
    """The same for all the versions, in the order of their codes."""
    codes = versions.order_by("code__code").values_list("code__code", flat=True)
    return table(request, versions, codes)
