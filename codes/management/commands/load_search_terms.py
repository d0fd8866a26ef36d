"""Load the names of drugs from CMS's quarterly files, for the search."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from codes.actions import load_drug_names
from codes.importer.archive import read_path
from codes.importer.records import BadFile


class Command(BaseCommand):
    help = (
        "Load brand and generic names from CMS's ASP NDC-HCPCS crosswalk and ASP pricing files "
        "(CSV or xlsx). Each replaces the names that its like brought before."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *, files: list[Path], **options) -> None:
        for path in files:
            try:
                found, loaded = load_drug_names(name=path.name, content=read_path(path))
            except BadFile as error:
                raise CommandError(str(error)) from error
            quarter = f" of {found.quarter}" if found.quarter else ""
            self.stdout.write(
                f"{path.name}: the {found.layout} file{quarter}: {loaded.total} names, "
                f"{loaded.added} new, {loaded.removed} gone. "
                f"Rows of other code systems passed over: {found.passed_over}."
            )
