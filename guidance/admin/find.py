"""From a code in any spelling, or from words, to the desk on which one writes about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from codes.calendar import today
from codes.converters import canonical_code
from codes.models import Code, Entry
from codes.search import search
from guidance.admin.frame import Page, show
from guidance.models.revision import KEY_FIELD

SHOWN = 50
GROUPS = [scope for scope in KEY_FIELD if scope != "code"]


def find_view(request: HttpRequest) -> HttpResponse:
    """A code's desk; of words, the codes and the groups of codes that they name."""
    asked = request.GET.get("q", "").strip()
    code = canonical_code(asked)
    if code and Code.objects.filter(code=code).exists():
        return redirect("admin:guidance_desk", "code", code)
    found = search(asked, today(), SHOWN + 1)
    titles = dict(Entry.objects.of("code", found).values_list("key", "title"))
    groups = list(Entry.objects.filter(kind__in=GROUPS, title__icontains=asked)[:SHOWN])
    context = {
        "title": "Write about a code",
        "asked": asked,
        "codes": [(code, titles.get(code, "")) for code in found[:SHOWN]],
        "has_more": len(found) > SHOWN,
        "groups": groups if asked else [],
    }
    return show(request, "find", context)


PAGES: list[Page] = [("find/", find_view, "find")]
