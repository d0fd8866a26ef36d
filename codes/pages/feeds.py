"""The Atom feed of CMS's releases, for readers who want to be told."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed

from codes.models import Release
from codes.pages.release_views import count_changes, last_issues

IN_FEED = 20


class ReleaseFeed(Feed):
    """The newest releases with how many codes each added, changed and ended."""

    feed_type = Atom1Feed
    title = "HCPCS Portal: CMS releases"
    subtitle = "What each quarterly release of HCPCS Level II added, changed and ended"
    link = reverse_lazy("codes:release_list")
    feed_url = reverse_lazy("codes:release_feed")

    def items(self) -> Iterable[tuple[Release, dict[str, int]]]:
        counts = count_changes()
        return [(release, counts[release.pk]) for release in last_issues()[:IN_FEED]]

    def item_title(self, item: tuple[Release, dict[str, int]]) -> str:
        return f"{item[0].title} release"

    def item_description(self, item: tuple[Release, dict[str, int]]) -> str:
        release, counts = item
        told = ", ".join(f"{counts.get(kind, 0)} {kind}" for kind in ("added", "changed", "ended"))
        return f"{release.code_count} codes; {told}. In force from {release.quarter.isoformat()}."

    def item_link(self, item: tuple[Release, dict[str, int]]) -> str:
        return item[0].get_absolute_url()

    def item_updateddate(self, item: tuple[Release, dict[str, int]]) -> datetime | None:
        return item[0].published_at

    def item_pubdate(self, item: tuple[Release, dict[str, int]]) -> datetime | None:
        return item[0].published_at
