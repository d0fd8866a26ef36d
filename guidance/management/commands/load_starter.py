"""Load the starter pack."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from codes.calendar import today
from guidance import actions
from guidance.pack import STARTER, BadPack


class Command(BaseCommand):
    help = "Load the guidance that the portal comes with; what editors have changed is kept."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=STARTER)

    def handle(self, *, folder: Path, **options) -> None:
        try:
            outcome = actions.load_starter(on=today(), folder=folder)
        except BadPack as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Starter pack: {outcome.loaded} subjects loaded, {outcome.entries} entries published."
        )
        for kept in outcome.kept:
            self.stdout.write(f"Kept as editors have it: {kept}")
