"""Pages that lead to codes: sections, families, traits, specialties, denials, questions."""

from collections.abc import Callable, Iterable

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from codes.calendar import today
from codes.models import CodeVersion, Entry, EntryFacet, EntryFaq, Family, Section
from codes.pages import listing
from codes.pages.frame import missing, show
from codes.publication import read_entry

QUESTIONS_A_PAGE = 25
FAMILIES_SHOWN = 12


@require_safe
def section_list(request: HttpRequest) -> HttpResponse:
    families = Family.objects.select_related("section").order_by("section__letter", "ranges")
    return show(request, "sections", _counted(families))


@require_safe
def section(request: HttpRequest, key: str) -> HttpResponse:
    if key != key.upper():
        return redirect("codes:section", key.upper(), permanent=True)
    families = Family.objects.filter(section__letter=key).order_by("ranges")
    letters = Section.objects.order_by("letter").values_list("letter", "title")
    return _subject(request, "section", key, lambda: _counted(families) | _beside(letters, key))


@require_safe
def family(request: HttpRequest, key: str) -> HttpResponse:
    codes = CodeVersion.objects.read_on(today()).filter(code__family__slug=key)
    families = Family.objects.order_by("section__letter", "ranges").values_list("slug", "title")
    return _subject(
        request, "family", key, lambda: listing.table_of(request, codes) | _beside(families, key)
    )


@require_safe
def trait_list(request: HttpRequest) -> HttpResponse:
    return _index(request, Entry.Kind.TRAIT)


@require_safe
def trait(request: HttpRequest, key: str) -> HttpResponse:
    return _subject(request, "trait", key, lambda: _codes_under(request, "trait", key))


@require_safe
def specialty_list(request: HttpRequest) -> HttpResponse:
    return _index(request, Entry.Kind.SPECIALTY)


@require_safe
def specialty(request: HttpRequest, key: str) -> HttpResponse:
    return _subject(request, "specialty", key, lambda: _codes_under(request, "specialty", key))


@require_safe
def denial_list(request: HttpRequest) -> HttpResponse:
    return _index(request, Entry.Kind.DENIAL_CATEGORY, place=_by_reason)


@require_safe
def denial(request: HttpRequest, key: str) -> HttpResponse:
    if key != key.upper():
        return redirect("codes:denial_category", key.upper(), permanent=True)
    kind = "denial_category"
    return _subject(
        request, kind, key, lambda: _codes_under(request, kind, key) | _families_under(kind, key)
    )


class QuestionForm(forms.Form):
    """What the questions are searched for."""

    q = forms.CharField(
        required=False,
        max_length=200,
        error_messages={"max_length": "Search for 200 characters at most."},
    )


@require_safe
def faq_list(request: HttpRequest) -> HttpResponse:
    form = QuestionForm(request.GET)
    questions = EntryFaq.objects.none()
    if form.is_valid():
        questions = EntryFaq.objects.containing(form.cleaned_data["q"])
    questions = questions.select_related("entry").defer("entry__facts").order_by("entry", "pk")
    page = Paginator(questions, QUESTIONS_A_PAGE).get_page(request.GET.get("page"))
    return show(request, "faqs", {"form": form, "page": page})


def _subject(
    request: HttpRequest, kind: str, key: str, context: Callable[[], dict]
) -> HttpResponse:
    """The page of one entry that is not a code; `context` gives what stands beside it."""
    entry = read_entry(kind, key, today())
    if entry is None:
        return missing(request, f"There is no {Entry.Kind(kind).label} “{key}” here.")
    return show(request, kind, {"entry": entry, "data": entry.data, **context()})


def _by_title(entry: Entry) -> str:
    return entry.title


def _by_reason(entry: Entry) -> tuple[int, str, str]:
    """CO-4, CO-16, CO-119, PR-119, CO-B7: by the reason's number, then by the group."""
    group, _, reason = entry.key.partition("-")
    return (int(reason) if reason.isdecimal() else 10_000, reason, group)


def _index(request: HttpRequest, kind: Entry.Kind, place: Callable = _by_title) -> HttpResponse:
    """All entries of a kind with the number of codes that are found under each."""
    facets = EntryFacet.objects.filter(kind=kind, guidance__entries__kind="code").order_by()
    counts = dict(facets.values_list("slug").annotate(Count("guidance__entries")))
    entries = sorted(Entry.objects.filter(kind=kind).select_related("guidance"), key=place)
    found = [(entry, counts.get(entry.key, 0)) for entry in entries]
    largest = max(counts.values(), default=0)
    return show(request, f"{kind}_index", {"found": found, "largest": largest})


def _codes_under(request: HttpRequest, kind: str, slug: str) -> dict:
    keys = Entry.objects.under(kind, slug).values("key")
    codes = CodeVersion.objects.read_on(today()).filter(code__code__in=keys)
    return listing.table_of(request, codes)


def _families_under(kind: str, slug: str) -> dict:
    """The families with the most codes that stand under a facet."""
    codes = Entry.objects.under(kind, slug).values("key")
    counted = Family.objects.filter(codes__code__in=codes).annotate(count=Count("codes"))
    most = counted.order_by("-count", "ranges")[:FAMILIES_SHOWN]
    families = [(family, family.count) for family in most]
    return {"families": families, "largest": max((count for _, count in families), default=0)}


def _beside(in_order: Iterable[tuple[str, str]], key: str) -> dict:
    """The keys and titles of what stands before and after `key`, as in a book."""
    found = list(in_order)
    place = next((at for at, (one, _) in enumerate(found) if one == key), None)
    if place is None:
        return {}
    return {
        "before": found[place - 1] if place else None,
        "after": found[place + 1] if place + 1 < len(found) else None,
    }


def _counted(families) -> dict:
    """Each family with the number of its codes in use today, and the largest of the numbers."""
    active = CodeVersion.objects.active(today()).order_by()
    counts = dict(active.values_list("code__family").annotate(Count("pk")))
    found = [(family, counts.get(family.pk, 0)) for family in families]
    return {"families": found, "largest": max((count for _, count in found), default=0)}
