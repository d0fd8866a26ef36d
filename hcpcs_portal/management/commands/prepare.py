"""`manage.py prepare`: all that stands between a checkout and serving it; quick when all is done."""

import hashlib
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command

from hcpcs_portal.health import pending_migrations


class Command(BaseCommand):
    help = "Migrates, loads the starter pack, makes the first admin account, collects static files."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        if pending_migrations():
            self.stdout.write("Preparing the database ...")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("load_starter")
        collect_static_files()
        self.make_first_admin()

    def make_first_admin(self) -> None:
        """Without an administrator nobody could sign in: the first one's password is shown once."""
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(15)
        users.create_superuser("admin", password=password)
        self.stdout.write(
            f"The first account for /admin/ (this password is not shown again):\n"
            f"    user name  admin\n    password   {password}"
        )


def collect_static_files() -> None:
    """Gathers, names by content and compresses static files, unless the last ones still hold."""
    stamp = Path(settings.STATIC_ROOT) / "sources.sha256"
    sources = static_sources()
    if not stamp.exists() or stamp.read_text() != sources:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(sources)


def static_sources() -> str:
    """A digest of the name, size and time of every static file, wherever it comes from."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            seen = Path(storage.path(name)).stat()
            digest.update(f"{name} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()
