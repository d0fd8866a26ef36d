"""The list of codes with its search and facets, and what is suggested while someone types."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote_plus, urlencode

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from codes.calendar import today
from codes.converters import code_on_a_claim
from codes.counting import count_search
from codes.filters import FACETS, CodeFilter, DateOfServiceForm
from codes.lookup import explain, of_another_system
from codes.models import Entry, ModifierVersion
from codes.pages import listing
from codes.pages.frame import KEPT, KEPT_BY_READER, NOT_KEPT, show
from codes.search import suggest

DENIAL = re.compile(r"(?:CO|PR|OA|PI)-[A-Z]?[0-9]{1,3}")
LINKS_A_FACET = 6
LINKED = ("section", "family", "status")


@dataclass(frozen=True)
class Choice:
    """A value of a facet, how many codes it would leave, and the address of the list that has it
    chosen; of the chosen one, the address of the list without."""

    value: str
    label: str
    count: int
    is_chosen: bool
    address: str


@dataclass(frozen=True)
class Facet:
    """`is_counted` is false where the filter as a whole cannot be understood."""

    name: str
    label: str
    empty: str
    choices: list[Choice]
    is_counted: bool

    @property
    def chosen(self) -> Choice | None:
        return next((choice for choice in self.choices if choice.is_chosen), None)

    @property
    def likely(self) -> list[Choice]:
        """The choices that leave most, where there is something to choose between."""
        if not self.is_counted or self.chosen or len(self.choices) < 2:
            return []
        return sorted(self.choices, key=lambda choice: -choice.count)[:LINKS_A_FACET]


@require_safe
def code_list(request: HttpRequest) -> HttpResponse:
    """The list, or the page of the code that the search box was given."""
    asked = request.GET.get("q", "")
    if code := code_on_a_claim(asked):
        return redirect(_with_date(request, reverse("codes:code", args=[code])))
    codes = CodeFilter(request.GET)
    rows = listing.table(request, codes.qs, codes.codes())
    if codes.words_found_nothing:
        count_search(request, asked, today())
    facets = _facets(codes, request.GET)
    context = {
        "filter": codes,
        "facets": {facet.name: facet for facet in facets},
        "chosen": [facet for facet in facets if facet.chosen],
        "narrow": [facet for facet in facets if facet.name in LINKED and facet.likely],
        "has_own_search": True,
        "denial": _denial_spelled(asked),
        **_said_of_words(codes, asked, bool(rows["rows"])),
        **rows,
    }
    return show(request, "code_list", context, as_of=_date_of(codes))


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """The likeliest codes for what is being typed, as JSON: `{"codes": [{code, text, …}]}`.

    Counted nowhere. A bad date is answered with a message and no codes.
    """
    form = DateOfServiceForm(request.GET)
    if not form.is_valid():
        answer = JsonResponse({"codes": [], "message": form.errors["as_of"][0]}, status=400)
        answer["Cache-Control"] = NOT_KEPT
        return answer
    as_of = form.cleaned_data["as_of"]
    found = suggest(request.GET.get("q", ""), as_of or today())
    answer = JsonResponse({"codes": [vars(one) for one in found]})
    answer["Cache-Control"] = KEPT_BY_READER if as_of else KEPT
    return answer


def _facets(codes: CodeFilter, given: QueryDict) -> list[Facet]:
    counts = codes.counts()
    return [_facet(name, codes.form[name], counts.get(name), given) for name in FACETS]


def _facet(name: str, field: BoundField, counts: dict[str, int] | None, given: QueryDict) -> Facet:
    """The facet with the values that would leave something and the one that is chosen; without
    counts, where the filter cannot be understood, with all."""
    chosen = str(field.value() or "")
    kept = {key: text for key, text in given.items() if key not in (name, "page") and text}
    without = urlencode(kept)
    choices = [
        Choice(
            value,
            label,
            (counts or {}).get(value, 0),
            value == chosen,
            _address(without, "" if value == chosen else f"{name}={quote_plus(value)}"),
        )
        for value, label in _named(name, field)
        if value and (counts is None or value in counts or value == chosen)
    ]
    return Facet(name, str(field.label), str(field.field.empty_label), choices, counts is not None)


def _named(name: str, field: BoundField) -> Iterator[tuple[str, str]]:
    """Each value with its label; of a specialty the slug says no more than its name."""
    for value, label in field.field.choices:
        yield str(value), str(label).removeprefix(f"{value}: " if name == "specialty" else "")


def _address(without: str, choice: str) -> str:
    """The list as it was asked for but for a facet, with that facet's choice."""
    return f"?{'&'.join(filter(None, (without, choice)))}"


def _said_of_words(codes: CodeFilter, asked: str, has_rows: bool) -> dict:
    """What there is to say of the words: modifiers they mean, why some or all found nothing."""
    found = codes.found
    if found is None:
        return {}
    modifiers = ModifierVersion.objects.read_on(codes.on).select_related("modifier")
    named = {row.modifier.code: row for row in modifiers.filter(modifier__code__in=found.modifiers)}
    return {
        "found": found,
        "modifiers": [named[code] for code in found.modifiers if code in named],
        "unknown": None if has_rows or found.codes else explain(asked, codes.on),
        "others": list(filter(None, map(of_another_system, found.unknown))),
    }


def _with_date(request: HttpRequest, address: str) -> str:
    """The address for the date of service of the request, be it well written or not."""
    as_of = request.GET.get("as_of")
    return f"{address}?{urlencode({'as_of': as_of})}" if as_of else address


def _denial_spelled(asked: str) -> str | None:
    key = asked.strip().upper()
    is_reason = DENIAL.fullmatch(key) and Entry.objects.of("denial_category", [key]).exists()
    return key if is_reason else None


def _date_of(codes: CodeFilter) -> date | None:
    return codes.form.cleaned_data.get("as_of") if codes.is_valid() else None
