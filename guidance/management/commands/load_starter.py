"""Load the starter pack."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DataError, IntegrityError

from codes.actions import ReleaseRefused
from codes.calendar import today
from codes.importer.records import BadFile
from guidance import actions
from guidance.pack import STARTER, BadPack


class Command(BaseCommand):
    help = "Load the guidance that the portal comes with; what editors have changed is kept."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=STARTER)

    def handle(self, *, folder: Path, **options) -> None:
        try:
            outcome = actions.load_starter(on=today(), folder=folder)
        except (BadPack, BadFile, ReleaseRefused) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        except (DataError, IntegrityError) as error:
            # Two statements that each look right: the tables know better.
            reason = str(error).partition("\n")[0]
            raise CommandError(f"The pack contradicts itself: {reason}.") from error
        self.stdout.write(
            f"Starter pack: {outcome.loaded} subjects loaded, {outcome.entries} entries published."
        )
        if outcome.withdrawn:
            self.stdout.write(f"Withdrawn, no longer in the pack: {outcome.withdrawn} subjects.")
        for kept in outcome.kept:
            self.stdout.write(f"Kept as editors have it: {kept}")
        for offer in outcome.offers.made:
            self.stdout.write(f"Offered to the editors as a draft: {offer}")
        for offer in outcome.offers.held:
            self.stdout.write(
                f"Not offered, since {offer.held_by} has a revision open: {offer}. It is offered "
                f"when another pack is loaded; import_guidance {folder} --dry-run shows it now."
            )
