"""Compose every entry anew, or say which stored ones are not what would be composed."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from codes import publication
from codes.calendar import today


class Command(BaseCommand):
    help = "Store every entry as it is composed today; --check only tells which ones differ."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if any differ"
        )

    def handle(self, *, check: bool, **options) -> None:
        if check:
            self._check()
            return
        with transaction.atomic():
            done = publication.publish(publication.EVERYTHING, on=today(), reason="Rebuild")
        self.stdout.write(f"{done.stored} entries stored, {done.removed} removed.")

    def _check(self) -> None:
        stale = list(publication.stale_entries(today()))
        if stale:
            raise CommandError(f"{len(stale)} entries are stale: {', '.join(stale[:20])}")
        self.stdout.write("Every stored entry is what is composed today.")
