"""Codes in a table, a page at a time; the number of queries does not grow with the table."""

from collections.abc import Iterable, Sequence

from django.core.paginator import Paginator
from django.http import HttpRequest

from codes.models import CodeVersion
from codes.querysets import VersionQuerySet

A_PAGE = 50


def table(request: HttpRequest, versions: VersionQuerySet, codes: Sequence[str]) -> dict:
    """`page` and its `rows` of the versions of `codes`, for components/code_table.html."""
    page = Paginator(codes, A_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "rows": in_order(versions, page.object_list)}


def table_of(request: HttpRequest, versions: VersionQuerySet) -> dict:
    """The same for all the versions, in the order of their codes."""
    codes = versions.order_by("code__code").values_list("code__code", flat=True)
    return table(request, versions, codes)


def in_order(versions: VersionQuerySet, codes: Iterable[str]) -> list[CodeVersion]:
    """The versions of the codes, in the order of the codes."""
    wanted = list(codes)
    found = versions.filter(code__code__in=wanted).select_related("code__family", "period")
    by_code = {version.code.code: version for version in found}
    return [by_code[code] for code in wanted if code in by_code]
