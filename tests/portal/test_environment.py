"""The operator's variables: each wrong one is refused by name, in plain words."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from environs import ValidationError

from hcpcs_portal import environment

ROOT = Path(__file__).resolve().parents[2]
LONG_SECRET = "s" * 50


def start(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command of the portal, started with these variables and nothing of ours."""
    given = {"PATH": os.defpath, "VAR_DIR": str(tmp_path), **variables}
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(
        command, cwd=ROOT, env=given, capture_output=True, text=True, check=False, timeout=120
    )


def test_starts_with_no_variable_at_all(tmp_path):
    assert start(tmp_path).returncode == 0


def test_every_wrong_value_is_named_without_a_traceback(tmp_path):
    wrong = {
        "DEBUG": "perhaps",
        "HTTPS": "perhaps",
        "PORT": "70000",
        "TRUSTED_PROXIES": "the proxy",
        "CPT_DISPLAY": "everything",
        "LOG_LEVEL": "loud",
        "DATABASE_URL": "mysql://somewhere/else",
        "DATABASE_POOL": "0",
        "REDIS_URL": "127.0.0.1",
        "SECRET_KEY": "short",
        "EMAIL_URL": "mail.example.org",
        "EMAIL_FROM": "the portal",
        "CONTACT_EMAIL": "the team",
        "CONTACT_KEEP_DAYS": "366",
        "REQUIRE_TOTP": "perhaps",
    }

    refused = start(tmp_path, **wrong)

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    for name in wrong:
        assert f"\n  {name}: " in refused.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        {"DATABASE_URL": "sqlite:////dev/null/portal.sqlite3", "SECRET_KEY": LONG_SECRET},
        {"VAR_DIR": "/dev/null"},
    ],
)
def test_a_place_where_nothing_can_be_kept_is_named_without_a_traceback(tmp_path, wrong):
    refused = start(tmp_path, **wrong)

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert re.search(r"\n  DATABASE_URL: /dev/null cannot be made", refused.stderr)


@pytest.mark.parametrize("url", ["redis://h:port/0", "redis://[::1", "http://h"])
def test_a_redis_that_cannot_be_anywhere_is_refused(url):
    with pytest.raises(ValidationError, match="redis://host:port"):
        environment.redis_url(url)


@pytest.mark.parametrize(
    "url", ["smtp://", "smtp://h:port", "http://h", "smtp://[::1", "smtp://h:0"]
)
def test_a_mail_server_that_cannot_be_anywhere_is_refused(url):
    with pytest.raises(ValidationError, match=r"smtp\+tls://user"):
        environment.email_url(url)


def test_a_mail_server_is_read_with_its_way_of_encryption():
    found = environment.email_url("smtp+tls://portal:p%40ss@mail.example.org")

    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example.org", 587)
    assert found["EMAIL_HOST_PASSWORD"] == "p@ss"
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (True, False)
    assert environment.email_url("smtps://h:9465")["EMAIL_PORT"] == 9465
    assert environment.email_url("") == {}


def test_a_kept_secret_that_was_lost_is_not_used(tmp_path):
    (tmp_path / "secret_key").touch()

    with pytest.raises(ValidationError, match="holds no secret"):
        environment.secret_key("", kept_in=tmp_path / "secret_key", required=False)


def test_every_variable_is_documented():
    settings = (ROOT / "hcpcs_portal" / "settings.py").read_text()
    documented = (ROOT / "docs" / "operations.md").read_text()

    variables = re.findall(r'env\.\w+\(\s*"(\w+)"', settings)

    assert len(variables) > 10
    assert [name for name in variables if f"| `{name}` |" not in documented] == []


@pytest.mark.parametrize("url", ["mysql://h/db", "postgresql://h", "not an address", "sqlite"])
def test_a_database_of_another_kind_is_refused(url):
    with pytest.raises(ValidationError):
        environment.database_url(url)


def test_addresses_and_ranges_of_proxies_are_read():
    networks = environment.networks("127.0.0.1, 10.0.0.0/8,::1")

    assert [str(network) for network in networks] == ["127.0.0.1/32", "10.0.0.0/8", "::1/128"]
    assert environment.networks("") == []


def test_a_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    kept_in = tmp_path / "new" / "secret_key"

    made = environment.secret_key("", kept_in=kept_in, required=False)

    assert len(made) >= 50
    assert stat.S_IMODE(kept_in.stat().st_mode) == 0o600
    assert environment.secret_key("", kept_in=kept_in, required=False) == made


def test_a_server_with_its_own_database_needs_a_secret_of_its_own(tmp_path):
    kept_in = tmp_path / "secret_key"

    with pytest.raises(ValidationError, match="DATABASE_URL"):
        environment.secret_key("", kept_in=kept_in, required=True)
    assert environment.secret_key(LONG_SECRET, kept_in=kept_in, required=True) == LONG_SECRET
    assert not kept_in.exists()


@pytest.mark.parametrize("url", ["", "redis://127.0.0.1:6379/0", "rediss://h", "unix:///a.sock"])
def test_redis_may_be_anywhere_or_nowhere(url):
    assert environment.redis_url(url) == url
