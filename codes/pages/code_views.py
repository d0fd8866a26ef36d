"""Home, and the pages of codes and modifiers."""

from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from codes.calendar import today
from codes.converters import canonical_code, canonical_modifier
from codes.counting import count
from codes.lookup import explain
from codes.models import CodeVersion, Entry, ModifierVersion, MonthlyCount, Section
from codes.pages.frame import for_date_of_service, missing, show
from codes.publication import read_entry

MODIFIERS_A_PAGE = 100


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    active = CodeVersion.objects.active(today()).order_by()
    counts = dict(active.values_list("code__section").annotate(Count("pk")))
    sections = [(section, counts.get(section.pk, 0)) for section in Section.objects.all()]
    context = {
        "sections": sections,
        "total": sum(counts.values()),
        "largest": max(counts.values(), default=0),
        "has_own_search": True,
    }
    return show(request, "home", context)


@for_date_of_service
def code(request: HttpRequest, code: str, as_of: date | None) -> HttpResponse:
    on = as_of or today()
    entry = read_entry("code", code, on)
    if entry is None:
        return _unknown_code(request, code, on)
    count(request, MonthlyCount.Kind.PAGE, code, today())
    panel = read_entry("call_to_action", "default", today())
    beside = list(Entry.objects.beside("code", code))
    # Its title is today's, and may have been another on the date asked for.
    named = [(one.key, one.key if as_of else str(one)) for one in beside]
    context = {
        "entry": entry,
        "data": entry.data,
        "panel": panel,
        "before": next((name for name in named if name[0] < code), None),
        "after": next((name for name in named if name[0] > code), None),
    }
    return show(request, "code", context, made_of=[entry, panel, *beside], as_of=as_of)


@require_safe
def code_spelling(request: HttpRequest, spelling: str) -> HttpResponse:
    """Leads from any other spelling to the code's page."""
    code = canonical_code(spelling)
    if code is None:
        return _unknown_code(request, spelling, today())
    return _moved(request, reverse("codes:code", args=[code]))


@for_date_of_service
def modifier_list(request: HttpRequest, as_of: date | None) -> HttpResponse:
    versions = ModifierVersion.objects.read_on(as_of or today()).order_by("modifier__code")
    page = Paginator(versions.select_related("modifier", "period"), MODIFIERS_A_PAGE)
    context = {"page": page.get_page(request.GET.get("page"))}
    return show(request, "modifiers", context, as_of=as_of)


@for_date_of_service
def modifier(request: HttpRequest, code: str, as_of: date | None) -> HttpResponse:
    versions = ModifierVersion.objects.filter(modifier__code=code)
    read = versions.read_on(as_of or today()).select_related("modifier", "period").first()
    if read is None:
        return missing(request, _no_modifier(code))
    return show(request, "modifier", {"version": read, "versions": versions}, as_of=as_of)


def _no_modifier(code: str) -> str:
    if code.isdecimal():
        return (
            f"{code} is a modifier of CPT: two digits. The American Medical Association owns and "
            "licenses those; they are not shown here."
        )
    return f"None of the releases imported here lists a modifier {code}."


@require_safe
def modifier_spelling(request: HttpRequest, spelling: str) -> HttpResponse:
    code = canonical_modifier(spelling)
    if code is None:
        return missing(request, "A modifier is two letters or digits, such as KX.")
    return _moved(request, reverse("codes:modifier", args=[code]))


def _unknown_code(request: HttpRequest, asked: str, on: date) -> HttpResponse:
    return show(request, "unknown_code", {"unknown": explain(asked, on)}, status=404)


def _moved(request: HttpRequest, address: str) -> HttpResponse:
    query = request.GET.urlencode()
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
