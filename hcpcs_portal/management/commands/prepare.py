"""`manage.py prepare`: all that stands between a checkout and serving it; quick when all is done."""

import errno
import hashlib
import secrets
import socket
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command

from hcpcs_portal.health import pending_migrations


class Command(BaseCommand):
    help = "Migrates, loads the starter pack, makes the first admin account, collects static files."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--free-port", action="store_true", help="refuse when PORT is taken already"
        )

    def handle(self, *args: Any, free_port: bool, **options: Any) -> None:
        if free_port:
            require_free_port(settings.PORT)
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


def require_free_port(port: int) -> None:
    """Raises CommandError when another program listens on this port of this machine."""
    with socket.socket() as probe:
        # As the server itself does: a port that merely lingers after a stop is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(port_complaint(port, error)) from error


def port_complaint(port: int, error: OSError) -> str:
    """Why this port cannot be had, and what to do."""
    if error.errno == errno.EADDRINUSE:
        why = "is taken by another program, perhaps by a portal started before"
    else:
        why = "may not be used by this account"
    return f"Port {port} {why}. Choose another one: script/server --port {port % 60000 + 1001}"


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
