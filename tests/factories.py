"""Portals as tests want them, made as they are in earnest: by the importer and the actions.

    release = make_release(["J3490", code("K0553", terminated=date(2022, 12, 31))])

Each function gives one valid whole; a test names only what it is about.
"""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from codes.actions import keep_request, publish_release, upload_release
from codes.calendar import today
from codes.importer.records import Record
from codes.models import ContactRequest, Release
from tests.cms_files import code, release_stem, release_text


def release_file(
    codes: Iterable[str | Record] = ("J3490",), *, quarter: str = "2025-10", label: str = ""
) -> tuple[str, bytes]:
    """A release's file name and content; a plain name stands for a drug code with that name."""
    first_day = date.fromisoformat(f"{quarter}-01")
    records = [code(one) if isinstance(one, str) else one for one in codes]
    # The note tells apart the files of two quarters that say the same of every code.
    content = release_text(records, preamble=(f"HCPCS file for {quarter} {label}".rstrip(), ""))
    return f"{release_stem(first_day, label)}.txt", content


def make_account(name: str, *roles: str, **values: Any) -> Any:
    """A member of staff with these roles."""
    user, _ = get_user_model().objects.get_or_create(
        username=name, defaults={"is_staff": True} | values
    )
    user.groups.set([Group.objects.get(name=role) for role in roles])
    return user


def make_release(
    codes: Iterable[str | Record] = ("J3490",),
    *,
    quarter: str = "2025-10",
    label: str = "",
    publish: bool = True,
    is_excerpt: bool = False,
    accept_missing: str = "",
    on: date | None = None,
) -> Release:
    """A release of a quarter, published as of `on` (without it, today) or left a draft.

    Codes are names, or records of tests.cms_files (`code(...)`, `modifier(...)`).
    """
    name, content = release_file(codes, quarter=quarter, label=label)
    release = upload_release(name=name, content=content, is_excerpt=is_excerpt)
    if publish:
        publish_release(release=release, on=on or today(), accept_missing=accept_missing)
        release.refresh_from_db()
    return release


def make_contact_request(
    *, at: datetime | None = None, is_spam: bool = False, **typed: str
) -> ContactRequest:
    """A message of the contact form that came at a time (without one, now)."""
    said = {
        "kind": "talk",
        "about": "",
        "name": "Dana Biller",
        "email": "dana@example.org",
        "organisation": "",
        "message": "Why is this denied?",
    }
    form = secrets.token_hex(8)
    keep_request(typed=said | typed, form=form, is_spam=is_spam, at=at or timezone.now())
    return ContactRequest.objects.latest("pk")
