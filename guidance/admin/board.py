"""The coverage board, what to write next, and each of the workbench's queues as a page."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from codes.calendar import month_of, today
from codes.models import CodeVersion, Entry, Family, MonthlyCount, Section
from guidance.admin.frame import Page, roles_in, show
from guidance.models import PublishedGuidance
from guidance.queues import queues

A_PAGE = 50
MOST_USEFUL = 20
MONTHS_LOOKED_AT = 3  # besides the one that is running
OWN, INHERITED, NONE = "own", "inherited", "none"


@dataclass
class Coverage:
    """How many codes of a group have guidance of their own, hear that of others, or none."""

    title: str
    scope: str
    key: str
    counts: Counter = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def bar(self) -> list[tuple[str, float, float]]:
        """The parts of a bar 100 wide: (which, where it begins, how wide it is)."""
        parts, begins = [], 0.0
        for which in (OWN, INHERITED, NONE):
            width = round(100 * self.counts[which] / self.total, 2) if self.total else 0.0
            parts.append((which, begins, width))
            begins += width
        return parts

    @property
    def own(self) -> int:
        return self.counts[OWN]

    @property
    def inherited(self) -> int:
        return self.counts[INHERITED]

    @property
    def none(self) -> int:
        return self.counts[NONE]


def board_view(request: HttpRequest) -> HttpResponse:
    """How far guidance reaches, and which code is most useful to write about next."""
    on = today()
    context = {
        "title": "Coverage board",
        "sections": coverage(on),
        "next": most_read_without_guidance(on),
        "searches": searched_in_vain(on),
        "since": month_of(on, MONTHS_LOOKED_AT),
    }
    return show(request, "board", context)


def coverage(on: date) -> list[tuple[Coverage, list[Coverage]]]:
    """Each section with its families, counted over the codes in use on a date."""
    sections = {s.letter: Coverage(s.title, "section", s.letter) for s in Section.objects.all()}
    families = {f.slug: Coverage(f.title, "family", f.slug) for f in Family.objects.all()}
    below: dict[str, list[Coverage]] = defaultdict(list)
    for (letter, family), counts in _counts(on).items():
        sections[letter].counts += counts
        if family:
            families[family].counts += counts
            below[letter].append(families[family])
    return [
        (section, sorted(below[letter], key=lambda one: one.key))
        for letter, section in sections.items()
        if section.total
    ]


def _counts(on: date) -> dict[tuple[str, str | None], Counter]:
    """By section and family, how many codes have guidance of their own, inherit it, or neither."""
    spoken = PublishedGuidance.objects.filter(valid_from__lte=on).order_by()
    groups = set(spoken.exclude(scope="code").values_list("scope", "key"))
    traits = [key for scope, key in groups if scope == "trait"]
    under = Entry.objects.filter(guidance__facets__kind="trait", guidance__facets__slug__in=traits)
    is_own = Q(code__code__in=spoken.filter(scope="code").values("key"))
    by_trait = Q(code__code__in=under.filter(kind="code").values("key"))

    active = CodeVersion.objects.active(on)
    total, own = _by_family(active), _by_family(active.filter(is_own))
    of_trait = _by_family(active.filter(by_trait).exclude(is_own))
    counts = {}
    for place, number in total.items():
        letter, family = place
        all_inherit = ("section", letter) in groups or ("family", family) in groups
        others = number - own[place]
        inherited = others if all_inherit else of_trait[place]
        counts[place] = Counter({OWN: own[place], INHERITED: inherited, NONE: others - inherited})
    return counts


def _by_family(versions: QuerySet) -> Counter:
    """How many codes there are of each section and family."""
    places = versions.order_by().values_list("code__section__letter", "code__family__slug")
    return Counter({(row[0], row[1]): row[2] for row in places.annotate(Count("pk"))})


def most_read_without_guidance(on: date) -> list[dict[str, Any]]:
    """The codes without guidance of their own that were read most: `key`, `total`, `short`."""
    own = PublishedGuidance.objects.filter(scope="code").values("key")
    kinds = [MonthlyCount.Kind.PAGE, MonthlyCount.Kind.API]
    counts = MonthlyCount.objects.exclude(key__in=own)
    read = list(counts.most(kinds, month_of(on, MONTHS_LOOKED_AT))[:MOST_USEFUL])
    keys = [row["key"] for row in read]
    versions = CodeVersion.objects.read_on(on).filter(code__code__in=keys)
    shorts = dict(versions.values_list("code__code", "short"))
    return [row | {"short": shorts.get(row["key"], "")} for row in read]


def searched_in_vain(on: date) -> list[dict[str, Any]]:
    """The words that were searched for most and found nothing: `key`, `total`."""
    kinds = [MonthlyCount.Kind.NOTHING_FOUND]
    return list(MonthlyCount.objects.most(kinds, month_of(on, MONTHS_LOOKED_AT))[:MOST_USEFUL])


def queue_view(request: HttpRequest, name: str) -> HttpResponse:
    """All of one queue of whoever asks, a page at a time."""
    mine = queues(request.user, roles_in(request), on=today(), now=timezone.now())
    queue = next((one for one in mine if one.name == name), None)
    if queue is None:
        raise Http404(f"There is no queue {name}.")
    page = Paginator(queue.waiting(), A_PAGE).get_page(request.GET.get("page"))
    rows = [queue.shown(row) for row in page]
    return show(
        request, "queue", {"title": queue.title, "queue": queue, "page": page, "rows": rows}
    )


PAGES: list[Page] = [
    ("board/", board_view, "board"),
    ("queue/<slug:name>/", queue_view, "queue"),
]
