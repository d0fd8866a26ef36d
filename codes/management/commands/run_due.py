"""What falls due by the clock: a scheduler or a shell loop runs this every minute."""

from django.core.management.base import BaseCommand

from codes import actions
from codes.calendar import today


class Command(BaseCommand):
    help = "Publish the entries that read differently from today on."

    def handle(self, **options) -> None:
        self.stdout.write(f"{actions.publish_due_entries(on=today())} entries published.")
