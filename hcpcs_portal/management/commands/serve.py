"""`manage.py serve`: prepares, then serves on this machine. script/server runs it."""

import errno
import os
import socket
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import connection
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

THREADS = 4


class Command(BaseCommand):
    help = "Prepares the portal, then serves it on http://127.0.0.1:PORT until it is stopped."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--apart", action="store_true", help="out of reach of the terminal's Ctrl-C"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["apart"]:
            # The script that started this one hears Ctrl-C and says stop, once. A server that hears
            # both at the same time may leave its worker behind.
            os.setpgid(0, 0)
        require_free_port(settings.PORT)
        call_command("prepare", stdout=self.stdout)
        leave_the_database()
        self.stdout.write(f"HCPCS Portal: http://127.0.0.1:{settings.PORT}/   (Ctrl-C stops it)")
        self.stdout.flush()
        run_server()


def run_server() -> None:
    """Serves with one process, which starts as a copy of this one, with all imports done."""
    Granian(
        "hcpcs_portal.wsgi:application",
        address="127.0.0.1",
        port=settings.PORT,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        blocking_threads=THREADS,
        # Told to stop twice, as by Ctrl-C and then by its parent, it may miss both.
        workers_kill_timeout=3,
        log_level=LogLevels.warning,
    ).serve()


def leave_the_database() -> None:
    """Closes what this process holds of the database, which a copy of it must not use."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]


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
