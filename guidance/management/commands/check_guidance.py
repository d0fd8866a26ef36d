"""Run the editorial checks over all published guidance, or over a pack."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from codes.calendar import today
from guidance import checks
from guidance.actions import refresh_findings
from guidance.checks import editions, packs, vocabulary
from guidance.models import DenialCategory, PublishedGuidance
from guidance.pack import BadPack, Pack, read_pack

Checked = tuple[checks.Subject, dict]


class Command(BaseCommand):
    help = (
        "Check published guidance and denial categories, and keep what is found for the editors' "
        "queue; with --pack check a pack's files instead. Exit 1 where there are errors."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--pack", type=Path, help="a pack's folder, checked against the facts in the database"
        )
        parser.add_argument("--errors", action="store_true", help="leave the warnings out")

    def handle(self, *, pack: Path | None, errors: bool, **options) -> None:
        knowledge = checks.load()
        if pack:
            read = _read(pack)
            knowledge = packs.knowledge_with(read, knowledge)
            rows, texts = read.denials, packs.editions(read)
        else:
            rows, texts = _kept_categories(), _published()
            refresh_findings(on=today(), knowledge=knowledge)
        everything = [*_categories(rows), *editions.subjects(texts, knowledge, today())]
        counted = Counter({"texts": len(everything)})
        for subject, content in everything:
            for finding in checks.findings(content, subject, knowledge):
                counted[finding.severity] += 1
                if finding.severity == checks.Severity.ERROR or not errors:
                    self.stdout.write(_line(subject, finding))
        self._sum_up(counted)

    def _sum_up(self, counted: Counter) -> None:
        summary = (
            f"{counted['texts']} texts checked: {counted[checks.Severity.ERROR]} errors, "
            f"{counted[checks.Severity.WARNING]} warnings."
        )
        if counted[checks.Severity.ERROR]:
            raise CommandError(summary)
        self.stdout.write(summary)


def _read(folder: Path) -> Pack:
    try:
        return read_pack(folder)
    except BadPack as error:
        raise CommandError(str(error)) from error


def _kept_categories() -> Iterator[dict]:
    for category in DenialCategory.objects.prefetch_related("sources"):
        yield vocabulary.category_row(category)


def _categories(rows: Iterable[dict]) -> Iterator[Checked]:
    for row in rows:
        yield vocabulary.category_subject(row["key"], today()), vocabulary.category_content(row)


def _published() -> Iterator[editions.Edition]:
    rows = PublishedGuidance.objects.order_by("scope", "key", "valid_from", "number")
    for row in rows:
        yield row.scope, row.key, row.valid_from, row.content


def _line(subject: checks.Subject, finding: checks.Finding) -> str:
    row = "" if finding.row is None else f" row {finding.row + 1}"
    where = f"{subject} from {subject.valid_from}, {finding.topic}{row}"
    return f"{finding.severity} [{finding.rule}] {where}: {finding.message}"
