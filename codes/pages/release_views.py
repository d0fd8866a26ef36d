"""Pages of CMS's releases and what each of them changed."""

from collections import defaultdict
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from codes.models import CodeChange, CodeVersion, Release
from codes.pages.frame import missing, show

CHANGES_A_PAGE = 100
KINDS = CodeChange.Kind


@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    counts = count_changes()
    found = [(release, counts[release.pk]) for release in last_issues()]
    first = found[-1][0] if found else None
    return show(request, "releases", {"releases": found, "first": first})


def last_issues() -> list[Release]:
    """The release of each quarter, newest first; of a quarter's re-issues the last one."""
    by_quarter = {release.quarter: release for release in _releases()}
    return sorted(by_quarter.values(), key=lambda release: release.quarter, reverse=True)


def count_changes() -> dict[int, dict[str, int]]:
    """For each release, how many codes each kind of change concerns."""
    changes = CodeChange.objects.order_by().values_list("release", "kind")
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for release, kind, count in changes.annotate(Count("code", distinct=True)):
        counts[release][kind] = count
    return counts


@require_safe
def release(request: HttpRequest, quarter: date) -> HttpResponse:
    """A quarter's release; of its re-issues the last one, which is what the history counts."""
    issues = list(_releases().filter(quarter=quarter))
    if not issues:
        return missing(request, f"No release for {quarter:%B %Y} has been imported here.")
    *earlier, shown = issues
    context = {"shown": shown, "earlier": earlier, **_changes(request, shown)}
    return show(request, "release", context)


def _releases():
    return Release.objects.in_history().defer("records")


def _changes(request: HttpRequest, shown: Release) -> dict:
    """One kind of the release's changes, a page of it, and how many codes each kind concerns."""
    by_kind = shown.codechanges.order_by().values_list("kind")
    counts = dict(by_kind.annotate(Count("code", distinct=True)))
    kinds = [(kind, kind.label, counts[kind]) for kind in KINDS if kind in counts]
    asked = request.GET.get("kind", kinds[0][0] if kinds else "")
    known = asked if asked in KINDS.values else ""
    changes = shown.codechanges.filter(kind=known).select_related("code")
    ordered = changes.order_by("code__code", "field")
    page = Paginator(ordered, CHANGES_A_PAGE).get_page(request.GET.get("page"))
    return {
        "kinds": kinds,
        "kind": known,
        "kind_is_unknown": asked != known,
        "page": page,
        "texts": _short_texts(page, shown.quarter),
        "modifier_changes": shown.modifierchanges.select_related("modifier"),
    }


def _short_texts(page, on: date) -> dict[str, str]:
    codes = [change.code.code for change in page]
    versions = CodeVersion.objects.read_on(on).filter(code__code__in=codes)
    return dict(versions.values_list("code__code", "short"))
