"""Reads the operator's variables: each wrong one is refused by name, all of them at once."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.management.utils import get_random_secret_key
from environs import Env, EnvValidationError, ValidationError, validate

DATABASE_ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
SHORTEST_SECRET = 50  # characters
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def reader() -> Env:
    """A reader that gathers its complaints until `seal()`, with the portal's own kinds of value."""
    env = Env(eager=False)
    env.add_parser("database_url", database_url)
    env.add_parser("secret_key", secret_key)
    env.add_parser("redis_url", redis_url)
    env.add_parser("email_url", email_url)
    env.add_parser("email_address", email_address)
    env.add_parser("networks", networks)
    return env


def database_url(value: str) -> dict[str, Any]:
    """Django's settings for the database at this address: SQLite or PostgreSQL."""
    try:
        database = dj_database_url.parse(value)
    except ValueError as error:
        raise ValidationError("Not a database address, such as postgresql://...") from error
    if database["ENGINE"] not in DATABASE_ENGINES or not database["NAME"]:
        raise ValidationError("Give sqlite:///path or postgresql://user:password@host/name.")
    if database["ENGINE"] == "django.db.backends.sqlite3":
        _make_folder(Path(database["NAME"]).parent)
    return dict(database)


def redis_url(value: str) -> str:
    """The address of Redis; empty where there is none."""
    complaint = "Give redis://host:port/number, or leave it out to run without."
    try:
        address = urlsplit(value)
        is_right = address.scheme in ("redis", "rediss", "unix") and address.port != 0
    except ValueError as error:  # a port that is no number, a bracket that is not closed
        raise ValidationError(complaint) from error
    if value and not is_right:
        raise ValidationError(complaint)
    return value


def email_url(value: str) -> dict[str, Any]:
    """Django's settings for the mail server at this address; empty where there is none."""
    complaint = "Give smtp+tls://user:password@host:port (or smtps:// or smtp://), or leave it out."
    try:
        address = urlsplit(value)
        port = address.port
    except ValueError as error:  # a port that is no number, a bracket that is not closed
        raise ValidationError(complaint) from error
    if not value:
        return {}
    if address.scheme not in MAIL_PORTS or not address.hostname or port == 0:
        raise ValidationError(complaint)
    return {
        "EMAIL_HOST": address.hostname,
        "EMAIL_PORT": port or MAIL_PORTS[address.scheme],
        "EMAIL_HOST_USER": unquote(address.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(address.password or ""),
        "EMAIL_USE_TLS": address.scheme == "smtp+tls",
        "EMAIL_USE_SSL": address.scheme == "smtps",
    }


def email_address(value: str) -> str:
    """An address that mail is sent to; empty for none."""
    if value:
        validate.Email(error="Give one address, such as team@example.org, or leave it out.")(value)
    return value


def networks(value: str) -> list[IPv4Network | IPv6Network]:
    """Addresses and ranges, such as 10.0.0.0/8, parted by commas."""
    try:
        return [ip_network(part.strip()) for part in value.split(",") if part.strip()]
    except ValueError as error:
        raise ValidationError(
            "Give IP addresses or ranges, such as 127.0.0.1,10.0.0.0/8."
        ) from error


def secret_key(value: str, *, kept_in: Path, required: bool) -> str:
    """The secret given; else one made once for this machine, which a server with its own
    database must not rely on: its processes and its copies need the same one."""
    if value and len(value) < SHORTEST_SECRET:
        raise ValidationError(
            f"Shorter than {SHORTEST_SECRET} characters: give a long random text."
        )
    if not value and required:
        raise ValidationError("Needed as soon as DATABASE_URL is given: a long random text.")
    return value or _kept_secret(kept_in)


def _kept_secret(kept_in: Path) -> str:
    _make_folder(kept_in.parent)
    try:
        if not kept_in.exists():
            readable_by_owner = os.open(kept_in, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with open(readable_by_owner, "w") as file:
                file.write(get_random_secret_key())
        kept = kept_in.read_text()
    except OSError as error:
        raise ValidationError(f"{kept_in} cannot be used ({error.strerror}).") from error
    if len(kept) < SHORTEST_SECRET:
        raise ValidationError(f"{kept_in} holds no secret: delete it, and another one is made.")
    return kept


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValidationError(f"{folder} cannot be made ({error.strerror}).") from error


def complaint(error: EnvValidationError) -> str:
    """What is wrong with which variables, one to a line."""
    by_name = cast("dict[str, list[str]]", error.error_messages)
    lines = [f"  {name}: {' '.join(messages)}" for name, messages in by_name.items()]
    return "\n".join(["The environment holds values that the portal cannot use:", *lines])
