"""Two to five codes side by side. The address is the whole state of the page."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from codes.calendar import today
from codes.converters import code_on_a_claim
from codes.filters import LONGEST_QUERY, DateOfServiceForm
from codes.lookup import LONGEST_SHOWN
from codes.models import Entry
from codes.pages.frame import show
from codes.publication import read_entries

MOST = 5
BETWEEN_LISTED = re.compile(r"[,;|/+&\r\n\t]+")
ONLY_DIFFERENCES = "differences"


@dataclass(frozen=True)
class Asked:
    """The codes in what was typed, each once and in its one spelling, and the rest of the words."""

    codes: list[str]
    repeated: list[str]
    others: list[str]
    is_cut: bool


@dataclass(frozen=True)
class Row:
    """What the codes say on one topic, in their order. `part` names how a cell is shown."""

    title: str
    part: str
    cells: list

    @property
    def differs(self) -> bool:
        said = [_in_any_order(cell) for cell in self.cells]
        return any(one != said[0] for one in said)

    @property
    def is_empty(self) -> bool:
        return not any(self.cells)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    asked = read_codes(",".join(request.GET.getlist("codes")))
    form = DateOfServiceForm(request.GET)
    as_of = form.cleaned_data["as_of"] if form.is_valid() else None
    found = read_entries("code", asked.codes, as_of or today())
    known = [code for code in asked.codes if code in found]
    codes = known[:MOST]
    rows = rows_of([found[code] for code in codes]) if len(codes) > 1 else []
    only = ONLY_DIFFERENCES if request.GET.get("only") == ONLY_DIFFERENCES else ""
    context = {
        "columns": [_column(found[code], codes, as_of, only) for code in codes],
        "typed": ", ".join([*asked.codes, *asked.others]),
        "codes": ", ".join(codes),
        "rows": [row for row in rows if row.differs or not only],
        "total": len(rows),
        "differing": sum(row.differs for row in rows),
        "only": only,
        "tabs": [address(codes, as_of, only=one) for one in ("", ONLY_DIFFERENCES)],
        "repeated": asked.repeated,
        "unknown": [*(code for code in asked.codes if code not in found), *asked.others],
        "left_out": known[MOST:],
        "is_cut": asked.is_cut,
        "date": form["as_of"],
    }
    return show(request, "compare", context, as_of=as_of)


def _column(entry: Entry, codes: list[str], as_of: date | None, only: str) -> dict:
    """The head of a code's column: its document, and the addresses without it and with others."""
    near = [*entry.data["relations"], *entry.data["related"]]
    near = {one["code"]: one for one in near if one["code"] not in codes}
    return {
        "data": entry.data,
        "without": address([code for code in codes if code != entry.key], as_of, only=only),
        "others": [(one, address([*codes, code], as_of)) for code, one in near.items()],
    }


def read_codes(text: str) -> Asked:
    """The codes in a text, in any spelling, with commas, spaces or lines between them."""
    codes: list[str] = []
    repeated: list[str] = []
    others: list[str] = []
    for word in _words(text[:LONGEST_QUERY]):
        code = code_on_a_claim(word)
        if code is None:
            others.append(word[:LONGEST_SHOWN])
        elif code not in codes:
            codes.append(code)
        elif code not in repeated:
            repeated.append(code)
    return Asked(codes, repeated, list(dict.fromkeys(others)), len(text) > LONGEST_QUERY)


def _words(text: str) -> Iterable[str]:
    """What stands between commas, where that is a code (`J 3490`); else each of its words."""
    for part in BETWEEN_LISTED.split(text):
        if code_on_a_claim(part):
            yield part
        else:
            yield from part.split()


def address(codes: Iterable[str], as_of: date | None = None, *, only: str = "") -> str:
    """The address of the page that compares the codes."""
    query = {"codes": ",".join(codes)}
    if as_of:
        query["as_of"] = as_of.isoformat()
    if only:
        query["only"] = only
    return f"{reverse('codes:compare')}?{urlencode(query, safe=',')}"


def rows_of(entries: list[Entry]) -> list[Row]:
    """The topics on which at least one of the codes says something."""
    documents = [entry.data for entry in entries]
    rows = [Row(title, part, [read(d) for d in documents]) for title, part, read in TOPICS]
    rows += _cms_rows(documents)
    return [row for row in rows if not row.is_empty]


def _cms_rows(documents: list[dict]) -> list[Row]:
    """CMS's other fields, in its order: those that differ."""
    labels = {name: field["label"] for d in documents for name, field in d["cms"].items()}
    rows = (
        Row(label, "field", [_only(d["cms"].get(name), "value", "meaning") for d in documents])
        for name, label in labels.items()
    )
    return [row for row in rows if row.differs]


def _only(row: dict | None, *names: str) -> dict:
    """What is compared: two codes may say the same from different levels and by other sources."""
    return {name: row[name] for name in names} if row else {}


def _in_any_order(cell: object) -> object:
    return sorted(cell, key=str) if isinstance(cell, list) else cell


def _words_of(topic: str) -> Callable[[dict], str]:
    return lambda document: document[topic]["html"] if document[topic] else ""


def _list_of(topic: str, *names: str) -> Callable[[dict], list[dict]]:
    return lambda document: [_only(row, *names) for row in document[topic]]


TOPICS: tuple[tuple[str, str, Callable], ...] = (
    ("Valid on", "validity", lambda d: {"status": d["status"]}),
    ("Description", "text", lambda d: d["descriptors"]["long"]),
    ("Short description", "text", lambda d: d["descriptors"]["short"]),
    ("Dates", "dates", lambda d: d["dates"]),
    ("One unit", "prose", _words_of("unit")),
    ("Who gets the claim", "prose", _words_of("claim_to")),
    ("Documentation", "prose", _words_of("documentation")),
    (
        "Denials",
        "denials",
        _list_of("denials", "category", "title", "payer", "causes", "remedy_label"),
    ),
    ("Coverage", "coverage", _list_of("coverage", "payer", "text")),
    (
        "Companion codes",
        "companions",
        _list_of("companions", "system", "code", "label", "relation_label", "context"),
    ),
    (
        "Modifiers",
        "modifiers",
        _list_of("modifiers", "code", "short", "relation", "relation_label", "context"),
    ),
    ("Traits", "traits", _list_of("traits", "slug", "title")),
)
