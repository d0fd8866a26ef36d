"""Import CMS release files: read, compare, publish."""

from argparse import ArgumentTypeError
from datetime import date, datetime
from pathlib import Path
from time import monotonic

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from codes import actions
from codes.calendar import today
from codes.importer.archive import read_path
from codes.importer.records import BadFile
from codes.models import Release

LONGEST_REASON = 300  # characters


def reason(text: str) -> str:
    """Why codes are missing, as far as it is kept with the release."""
    if len(text) > LONGEST_REASON:
        raise ArgumentTypeError(f"give the reason in {LONGEST_REASON} characters at most.")
    return text


def quarter(text: str) -> date:
    """`2025-10` as the first day of its quarter."""
    try:
        first = datetime.strptime(text, "%Y-%m").date()
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no quarter; write one as 2025-10.") from error
    if first.month not in (1, 4, 7, 10):
        raise ArgumentTypeError(f"{text!r} begins no quarter; the months are 01, 04, 07 and 10.")
    return first


class Command(BaseCommand):
    help = "Import CMS's quarterly HCPCS files (zip, xlsx, csv or txt), in any order."

    def add_arguments(self, parser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--quarter", type=quarter, help="such as 2025-10, where no name says it"
        )
        parser.add_argument("--dry-run", action="store_true", help="print the difference only")
        parser.add_argument(
            "--accept-missing",
            default="",
            type=reason,
            metavar="REASON",
            help="import a file that lacks many codes of the release before it, and say why",
        )

    def handle(self, *, files: list[Path], **options) -> None:
        console = Console(
            file=self.stdout, highlight=False, soft_wrap=True, markup=False, emoji=False
        )
        if options["quarter"] and len(files) > 1:
            raise CommandError("--quarter goes with one file.")
        for path in files:
            try:
                self._import(path, console, options)
            except (BadFile, actions.ReleaseRefused) as error:
                raise CommandError(str(error)) from error

    def _import(self, path: Path, console: Console, options: dict) -> None:
        started = monotonic()
        with _progress(console) as progress:
            step = progress.add_task(f"{path.name}: reading")
            release = actions.read_draft(
                name=path.name, content=read_path(path), quarter=options["quarter"]
            )
            if options["dry_run"]:
                comparison = actions.compare_release(release=release)
                _report_difference(console, release, comparison)
                return
            release, is_new = actions.keep_draft(release=release)
            try:
                outcome = actions.publish_release(
                    release=release,
                    on=today(),
                    accept_missing=options["accept_missing"],
                    progress=lambda stage: progress.update(
                        step, description=f"{path.name}: {stage}"
                    ),
                )
            except actions.ReleaseRefused:
                if is_new:  # another's draft stays
                    actions.discard_release(release=release)
                raise
        if outcome.was_published:
            console.print(f"{release.title}: this file is imported already; nothing changed.")
            return
        _report_difference(console, release, outcome.comparison)
        console.print(
            f"Published: {outcome.published.stored} entries stored, "
            f"{outcome.published.removed} removed, in {monotonic() - started:.1f} seconds."
        )


def _progress(console: Console) -> Progress:
    """A spinner with the step and the time; silent where the output is no terminal."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _report_difference(console: Console, release: Release, comparison: actions.Comparison) -> None:
    console.print(
        f"{release.title}: {release.record_count} records, {release.code_count} codes, "
        f"{release.modifier_count} modifiers, {release.ended_count} ended codes."
    )
    for field, value, count, first in release.unknown_values:
        console.print(f"Unknown value kept: {field} {value!r}, {count} times, first on {first}.")
    for note in release.notes:
        console.print(f"Note: {note}")
    if comparison.before is None:
        console.print(comparison.why_alone())
        return
    console.print(f"Against {comparison.before.title}:")
    for line in comparison.lines():
        console.print(f"  {line}")
