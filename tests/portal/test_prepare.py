"""`manage.py prepare` and `serve`: all that stands between a checkout and its pages."""

import socket

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError
from django.db import connection

from hcpcs_portal.management.commands import prepare, serve


@pytest.mark.django_db
def test_the_first_administrator_can_sign_in(client, capsys):
    prepare.Command().make_first_admin()

    password = capsys.readouterr().out.split()[-1]
    said = {"username": "admin", "password": password}
    assert client.post("/admin/login/", said).status_code == 302


@pytest.mark.django_db
def test_no_second_administrator_is_made(capsys):
    prepare.Command().make_first_admin()
    capsys.readouterr()

    prepare.Command().make_first_admin()

    assert capsys.readouterr().out == ""
    assert get_user_model().objects.count() == 1


def test_a_free_port_passes_and_a_taken_one_is_named():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"Port {port} is taken"):
            serve.require_free_port(port)

    serve.require_free_port(port)


def test_static_files_are_gathered_again_only_when_one_has_changed(settings, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "page.css").write_text("main { margin: 0 }")
    settings.STATICFILES_DIRS = [own]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    prepare.collect_static_files()
    collected = settings.STATIC_ROOT / "page.css"
    collected.unlink()

    prepare.collect_static_files()
    assert not collected.exists()

    (own / "page.css").write_text("main { margin: 1px }")
    prepare.collect_static_files()
    assert collected.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_server_starts_without_the_connections_of_its_parent():
    connection.ensure_connection()

    serve.leave_the_database()

    assert connection.connection is None
