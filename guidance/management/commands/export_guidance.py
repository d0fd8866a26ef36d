"""Write published guidance as files."""

from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from guidance.exchange import outgoing, sheet
from guidance.querysets import SUBJECTS


class Command(BaseCommand):
    help = (
        "Write what is published into a folder, as a pack that load_starter or import_guidance reads "
        "back; or, for a name that ends in .csv, as a sheet."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path, help="a new or empty folder, or FILE.csv")
        parser.add_argument("keys", nargs="*", help="such as J3490; without them everything")
        parser.add_argument("--scope", choices=SUBJECTS, default="")

    def handle(self, *, folder: Path, keys: list[str], scope: str, **options) -> None:
        rows = outgoing.published(scope, keys)
        missing = set(keys) - set(rows.values_list("key", flat=True))
        if missing:
            raise CommandError(f"Nothing is published of {', '.join(sorted(missing))}.")
        try:
            self._write(folder, rows)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error

    def _write(self, folder: Path, rows) -> None:
        if folder.suffix.lower() == ".csv":
            folder.write_bytes(sheet.written(outgoing.editions_of(rows)))
            self.stdout.write(f"{folder.name} is written.")
            return
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty: name a new folder.")
        files = list(outgoing.guidance_files(rows))
        _write_files(folder, [*files, *outgoing.vocabulary_files()])
        self.stdout.write(f"{len(files)} subjects are written.")


def _write_files(folder: Path, files: Iterable[outgoing.File]) -> None:
    for name, text in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
