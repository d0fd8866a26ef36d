"""Copy the rows of the starter pack's own codes out of a CMS release, into the pack."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand

from guidance.pack import STARTER, Pack, companions, read_pack


class Command(BaseCommand):
    help = (
        "Write guidance/starter/facts/ from a release in the 48 columns of CMS's spreadsheet (csv), "
        "so that the first start shows real pages. Run it when the pack has new codes."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("release", type=Path)
        parser.add_argument("--folder", type=Path, default=STARTER, help="the pack")

    def handle(self, *, release: Path, folder: Path, **options) -> None:
        wanted = set(_names(read_pack(folder)))
        with release.open(newline="", encoding="utf-8") as file:
            heading, *rows = csv.reader(file)
        kept = [row for row in rows if row[0].strip() in wanted]
        target = folder / "facts" / release.name.replace(".reassembled", "")
        target.parent.mkdir(exist_ok=True)
        with target.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([heading, *kept])
        missing = wanted - {row[0].strip() for row in kept}
        self.stdout.write(
            f"{target.name}: {len(kept)} rows. "
            f"Not in the release: {', '.join(sorted(missing)) or 'none'}."
        )


def _names(pack: Pack) -> Iterator[str]:
    """Every code that has guidance of its own, and what is named with it: companions, modifiers,
    related codes."""
    own = {item.key for item in pack.guidance if item.scope == "code"}
    yield from own
    for row in pack.relations:
        if own & {row["code"], row["to"]}:
            yield from (row["code"], row["to"])
    for item in pack.guidance:
        for edition in item.revisions:
            yield from (row["code"] for row in edition.topics.get("modifiers", ()))
            yield from companions(edition.topics)
