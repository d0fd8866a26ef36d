"""`manage.py run_due`: what falls due by the clock, for a portal without a worker and beat."""

from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from codes.actions import (
    forget_old_counts,
    forget_old_requests,
    mail_requests,
    publish_due_entries,
)
from codes.calendar import today
from guidance.actions import publish_scheduled


class Command(BaseCommand):
    help = (
        "Publishes the revisions scheduled by today and the entries that read differently, mails "
        "new contact requests, and deletes counts and requests that have been kept for their time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        on = today()
        revisions = publish_scheduled(on=on)
        entries = publish_due_entries(on=on)
        forget_old_counts(on=on)
        mail_requests(at=timezone.now())
        forget_old_requests(at=timezone.now())
        self.stdout.write(f"{revisions} revisions and {entries} due entries published.")
