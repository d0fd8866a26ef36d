"""The sitemaps: every public page, with the moment of its last change where that is known."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from codes.models import Entry, EntryChange, Modifier, Release
from codes.models.entry import PAGES
from codes.pages.release_views import last_issues

ROOMS = [
    "home",
    "code_list",
    "section_list",
    "trait_list",
    "specialty_list",
    "denial_list",
    "modifier_list",
    "release_list",
    "faq_list",
    "about_data",
    "about_corrections",
    "about_privacy",
    "about_terms",
    "contact",
    "estimate",
]


class EntrySitemap(Sitemap):
    """The pages of one kind of entry. A page changed last when its document did."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def items(self) -> list[tuple[str, datetime | None]]:
        changes = EntryChange.objects.filter(entry_kind=self.kind).order_by()
        last = changes.values_list("entry_key").annotate(Max("publication__published_at"))
        changed = dict(last)
        keys = Entry.objects.filter(kind=self.kind).order_by("key").values_list("key", flat=True)
        return [(key, changed.get(key)) for key in keys]

    def location(self, item: tuple[str, datetime | None]) -> str:
        return reverse(PAGES[self.kind], args=[item[0]])

    def lastmod(self, item: tuple[str, datetime | None]) -> datetime | None:
        return item[1]


class ReleaseSitemap(Sitemap):
    """The pages of the releases; of a quarter's re-issues the last one."""

    def items(self) -> list[Release]:
        return last_issues()

    def lastmod(self, item: Release) -> datetime | None:
        return item.published_at


class ModifierSitemap(Sitemap):
    """The pages of the modifiers. When one changed last is not known, so nothing is said."""

    def items(self) -> list[str]:
        listed = Modifier.objects.listed().order_by("code")
        return list(listed.values_list("code", flat=True))

    def location(self, item: str) -> str:
        return reverse("codes:modifier", args=[item])


class RoomSitemap(Sitemap):
    """The pages that lead to all others, and those about the portal itself."""

    def items(self) -> list[str]:
        return ROOMS

    def location(self, item: str) -> str:
        return reverse(f"codes:{item}")


SITEMAPS = {
    "rooms": RoomSitemap(),
    **{kind: EntrySitemap(kind) for kind in PAGES},
    "modifiers": ModifierSitemap(),
    "releases": ReleaseSitemap(),
}
