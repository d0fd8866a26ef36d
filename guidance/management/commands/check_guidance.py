"""Run the editorial checks over all published guidance, or over a pack."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from codes.calendar import today
from guidance import checks
from guidance.checks import packs
from guidance.models import PublishedGuidance
from guidance.pack import BadPack, read_pack

Edition = tuple[str, str, date, dict]  # scope, key, first date of service, content


class Command(BaseCommand):
    help = "Check published guidance, or with --pack a pack's files; exit 1 where there are errors."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--pack", type=Path, help="a pack's folder, checked against the facts in the database"
        )
        parser.add_argument("--errors", action="store_true", help="leave the warnings out")

    def handle(self, *, pack: Path | None, errors: bool, **options) -> None:
        knowledge, editions = self._pack(pack) if pack else (checks.load(), _published())
        counted: Counter = Counter()
        for scope, key, valid_from, content, on in _with_last_days(editions, today()):
            subject = knowledge.subject(scope, key, valid_from=valid_from, on=on)
            counted["revisions"] += 1
            for finding in checks.findings(content, subject, knowledge):
                counted[finding.severity] += 1
                if finding.severity == checks.Severity.ERROR or not errors:
                    self.stdout.write(_line(scope, key, valid_from, finding))
        self._sum_up(counted)

    def _pack(self, folder: Path) -> tuple[checks.Knowledge, Iterator[Edition]]:
        try:
            pack = read_pack(folder)
        except BadPack as error:
            raise CommandError(str(error)) from error
        return packs.knowledge_with(pack, checks.load()), packs.editions(pack)

    def _sum_up(self, counted: Counter) -> None:
        summary = (
            f"{counted['revisions']} revisions checked: {counted[checks.Severity.ERROR]} errors, "
            f"{counted[checks.Severity.WARNING]} warnings."
        )
        if counted[checks.Severity.ERROR]:
            raise CommandError(summary)
        self.stdout.write(summary)


def _published() -> Iterator[Edition]:
    rows = PublishedGuidance.objects.order_by("scope", "key", "valid_from", "number")
    for row in rows:
        yield row.scope, row.key, row.valid_from, row.content


def _with_last_days(
    editions: Iterable[Edition], on: date
) -> Iterator[tuple[str, str, date, dict, date]]:
    """Each edition with the last day that it speaks for: the day before the next one, or `on`."""
    for _, group in groupby(editions, key=lambda edition: edition[:2]):
        rows = list(group)
        for edition, later in zip(rows, [*rows[1:], None], strict=True):
            yield *edition, _last_day(edition[2], later[2] if later else None, on)


def _last_day(first: date, next_one: date | None, on: date) -> date:
    last = on if next_one is None else min(on, next_one - timedelta(days=1))
    return max(first, last)


def _line(scope: str, key: str, valid_from: date, finding: checks.Finding) -> str:
    row = "" if finding.row is None else f" row {finding.row + 1}"
    where = f"{scope} {key} from {valid_from}, {finding.topic}{row}"
    return f"{finding.severity} [{finding.rule}] {where}: {finding.message}"
