"""Reads the operator's variables: each wrong one is refused by name, all of them at once."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import dj_database_url
from django.core.management.utils import get_random_secret_key
from environs import Env, EnvValidationError, ValidationError

DATABASE_ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")


def reader() -> Env:
    """A reader that gathers its complaints until `seal()`, with the portal's own kinds of value."""
    env = Env(eager=False)
    env.add_parser("database_url", database_url)
    env.add_parser("secret_key", secret_key)
    env.add_parser("redis_url", redis_url)
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
    return dict(database)


def redis_url(value: str) -> str:
    """The address of Redis; empty where there is none."""
    if value and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
        raise ValidationError("Give redis://host:port/number, or leave it out to run without.")
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
    if value and len(value) < 50:
        raise ValidationError("Shorter than 50 characters: give a long random text.")
    if not value and required:
        raise ValidationError("Needed as soon as DATABASE_URL is given: a long random text.")
    return value or _kept_secret(kept_in)


def _kept_secret(kept_in: Path) -> str:
    if not kept_in.exists():
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        readable_by_owner = os.open(kept_in, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with open(readable_by_owner, "w") as file:
            file.write(get_random_secret_key())
    return kept_in.read_text()


def complaint(error: EnvValidationError) -> str:
    """What is wrong with which variables, one to a line."""
    by_name = cast("dict[str, list[str]]", error.error_messages)
    lines = [f"  {name}: {' '.join(messages)}" for name, messages in by_name.items()]
    return "\n".join(["The environment holds values that the portal cannot use:", *lines])
