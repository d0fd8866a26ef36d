"""Every address of the admin, from the resolver, with something real in its variable parts.

    portal = make_staffed_portal(folder, on)
    addresses(portal) -> {"guidance_desk": "/admin/guidance/guidance/code/J3490/desk/", ...}

A new address whose parts are not known here raises KeyError: say in `_parts` what stands in them.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from codes.models import Code, ContactRequest, Release
from guidance import actions
from guidance.content import TEXTS
from guidance.models import Batch, Guidance, PreviewLink, Revision
from guidance.workflow import Role
from tests.factories import make_account, make_contact_request, make_release
from tests.full_portal import make_full_portal
from tests.packs import denial

MARKER = f"canary{secrets.token_hex(8)}"


@dataclass
class Portal:
    """What the addresses lead to: J3490 with a published text and a draft, and a draft release."""

    guidance: Guidance
    published: Revision
    draft: Revision
    batch: Batch
    link: PreviewLink
    contact: ContactRequest
    release: Release
    account: Any


def make_staffed_portal(folder: Path, on: date) -> Portal:
    """A full portal with a draft of J3490 that holds MARKER wherever a text may stand."""
    make_full_portal(folder, on)
    writer = make_account("writer", Role.EDITOR, email="writer@example.org")
    code = Code.objects.get(code="J3490")
    draft = actions.start_draft(subject=code, by=writer, valid_from=on)
    rows = {
        "denials": [denial("CO-151", causes=MARKER, text=MARKER)],
        "faqs": [{"question": f"{MARKER}?", "answer": MARKER}],
    }
    draft = actions.save_draft(
        revision=draft,
        values=dict.fromkeys((*TEXTS, "note"), MARKER),
        topics=rows,
        edition=draft.edition,
        by=writer,
    )
    return Portal(
        guidance=code.guidance,
        published=code.guidance.revisions.get(number=1),
        draft=draft,
        batch=_batch(draft, writer, on),
        link=actions.make_link(revision=draft, by=writer, at=timezone.now()),
        contact=make_contact_request(kind="correction"),
        release=make_release(["J3490"], quarter="2026-01", publish=False),
        account=writer,
    )


def _batch(draft: Revision, by: Any, on: date) -> Batch:
    wish = actions.Wish(order="assign", by=by, on=on, person=by)
    [seen] = actions.preview_batch(wish=wish, ids=[draft.pk])
    batch, _ = actions.run_batch(wish=wish, editions={draft.pk: seen.edition})
    assert batch
    return batch


def addresses(portal: Portal) -> dict[str, str]:
    """Each address of the admin by its name."""
    return {
        name: reverse(f"admin:{name}", kwargs=_parts(name, pattern, portal))
        for name, pattern in _patterns(get_resolver(), inside=False)
    }


def _patterns(resolver: URLResolver, inside: bool) -> Iterator[tuple[str, URLPattern]]:
    """The named addresses; those without a name lead on to a named one, or nowhere."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, inside or entry.namespace == "admin")
        elif inside and entry.name:
            yield entry.name, entry


def _parts(name: str, pattern: URLPattern, portal: Portal) -> dict[str, Any]:
    of_one = {
        "view_on_site": {
            "content_type_id": ContentType.objects.get_for_model(Code).pk,
            "object_id": Code.objects.get(code="J3490").pk,
        },
        "guidance_still_right": {"pk": portal.guidance.pk},
        "guidance_revoke_link": {"pk": portal.link.pk},
        "guidance_batch": {"pk": portal.batch.pk},
        "guidance_batch_undo": {"pk": portal.batch.pk},
        "codes_release_publish": {"pk": portal.release.pk},
        "codes_release_discard": {"pk": portal.release.pk},
        "codes_release_change": {"object_id": portal.release.pk},
        "codes_contactrequest_step": {"pk": portal.contact.pk, "step": "take"},
        "codes_contactrequest_assign": {"pk": portal.contact.pk},
        "codes_contactrequest_note": {"pk": portal.contact.pk},
        "codes_contactrequest_erase": {"pk": portal.contact.pk},
        "codes_contactrequest_change": {"object_id": portal.contact.pk},
        "guidance_revision_change": {"object_id": portal.draft.pk},
        "auth_user_roles": {"pk": portal.account.pk},
        "auth_user_link": {"pk": portal.account.pk},
        "auth_user_deed": {"pk": portal.account.pk, "deed": "deactivate"},
        "auth_user_change": {"object_id": portal.account.pk},
    }
    of_any = {
        "app_label": "guidance",
        "key": "J3490",
        "name": "waiting",
        "newer": portal.draft.pk,
        "order": "submit",
        "older": portal.published.pk,
        "pk": portal.draft.pk,
        "scope": "code",
        "step": "submit",
        "vocabulary": "source",
    }
    named = pattern.pattern.regex.groupindex
    return {part: (of_one.get(name, {}) | of_any | _row(name, named))[part] for part in named} | (
        of_one.get(name, {})
    )


def _row(name: str, named: Any) -> dict[str, Any]:
    """A row of the model that a page of the stock admin is about; 0 where there is none."""
    app, _, rest = name.partition("_")
    if "object_id" not in named or name == "view_on_site":
        return {}
    model: Any = apps.get_model(app, rest.rpartition("_")[0])
    first = model._default_manager.first()
    return {"object_id": first.pk if first else 0}
