"""The coverage board, what to write next, and each of the workbench's queues as a page."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from codes.calendar import today
from codes.models import CodeVersion, DailyCount, Entry, Family, Section
from guidance import actions
from guidance.admin.frame import Page, show
from guidance.models import PublishedGuidance
from guidance.queues import queues

A_PAGE = 50
MOST_USEFUL = 20
LOOKED_AT = timedelta(days=90)
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
        "days": LOOKED_AT.days,
    }
    return show(request, "board", context)


def coverage(on: date) -> list[tuple[Coverage, list[Coverage]]]:
    """Each section with its families, counted over the codes in use on a date."""
    sections = {s.letter: Coverage(s.title, "section", s.letter) for s in Section.objects.all()}
    families = {f.slug: Coverage(f.title, "family", f.slug) for f in Family.objects.all()}
    below: dict[str, set[str]] = defaultdict(set)
    reach = _Reach(on)
    active = CodeVersion.objects.active(on).order_by()
    for code, letter, family in active.values_list(
        "code__code", "code__section__letter", "code__family__slug"
    ):
        which = reach.of(code, letter, family)
        sections[letter].counts[which] += 1
        if family:
            families[family].counts[which] += 1
            below[letter].add(family)
    return [
        (section, [families[slug] for slug in sorted(below[letter])])
        for letter, section in sections.items()
        if section.total
    ]


class _Reach:
    """Which guidance codes hear on a date."""

    def __init__(self, on: date) -> None:
        spoken = PublishedGuidance.objects.filter(valid_from__lte=on).order_by()
        keys = defaultdict(set)
        for scope, key in spoken.values_list("scope", "key"):
            keys[scope].add(key)
        self._keys = keys
        found = Entry.objects.filter(
            kind="code", guidance__facets__kind="trait", guidance__facets__slug__in=keys["trait"]
        )
        self._by_trait = set(found.order_by().values_list("key", flat=True))

    def of(self, code: str, letter: str, family: str | None) -> str:
        if code in self._keys["code"]:
            return OWN
        inherits = (
            family in self._keys["family"]
            or letter in self._keys["section"]
            or code in self._by_trait
        )
        return INHERITED if inherits else NONE


def most_read_without_guidance(on: date) -> list[dict[str, Any]]:
    """The codes without guidance of their own that were read most: `key`, `total`, `short`."""
    own = PublishedGuidance.objects.filter(scope="code").values("key")
    kinds = [DailyCount.Kind.PAGE, DailyCount.Kind.API]
    read = _most(on, kinds, DailyCount.objects.exclude(key__in=own))
    keys = [row["key"] for row in read]
    versions = CodeVersion.objects.read_on(on).filter(code__code__in=keys)
    shorts = dict(versions.values_list("code__code", "short"))
    return [row | {"short": shorts.get(row["key"], "")} for row in read]


def searched_in_vain(on: date) -> list[dict[str, Any]]:
    """The words that were searched for most and found nothing: `key`, `total`."""
    return _most(on, [DailyCount.Kind.NOTHING_FOUND], DailyCount.objects.all())


def _most(on: date, kinds: list[DailyCount.Kind], counts: Any) -> list[dict[str, Any]]:
    recent = counts.filter(kind__in=kinds, day__gt=on - LOOKED_AT).order_by().values("key")
    return list(recent.annotate(total=Sum("count")).order_by("-total", "key")[:MOST_USEFUL])


def queue_view(request: HttpRequest, name: str) -> HttpResponse:
    """All of one queue of whoever asks, a page at a time."""
    mine = queues(request.user, actions.roles_of(request.user), on=today(), now=timezone.now())
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
