"""What is not published reaches nobody outside: a marker in every topic, and a walk of all that
the public can ask for."""

import secrets
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from codes import publication
from codes.models import Code, Family, Section, Trait
from codes.search import forget_index
from guidance import actions
from guidance.admin.links import address_of
from guidance.content import TEXTS
from guidance.workflow import Role
from tests.factories import make_account
from tests.full_portal import make_full_portal
from tests.packs import denial

# What a page shows is the same whatever it was read from.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

MARKER = f"canary{secrets.token_hex(8)}"
CITED = [{"id": "test-source", "locator": MARKER, "quote": MARKER}]
TOPICS = {
    **{name: {"text": MARKER, "sources": CITED} for name in TEXTS},
    "coverage": [{"payer_class": "medicaid", "text": MARKER, "sources": CITED}],
    "denials": [
        denial("CO-151", causes=MARKER, text=MARKER, deadline=MARKER, rarcs=[MARKER], sources=CITED)
    ],
    "modifiers": [
        {"code": "KX", "relation": "required", "context": MARKER, "text": MARKER, "sources": CITED}
    ],
    "companions": [{"cpt": "96365", "relation": "administered_by", "context": MARKER}],
    "faqs": [{"question": f"{MARKER}?", "answer": MARKER, "sources": CITED}],
    "specialties": ["urology"],
}
# What stands in the variable parts of an address, for each address that has them.
PARTS = {
    "codes:code": [{"code": name} for name in ("J3490", "J3590", "E0601", "K0553")],
    "codes:code_spelling": [{"spelling": "j-3490"}, {"spelling": "nothing"}],
    "codes:modifier": [{"code": "KX"}, {"code": "ZZ"}],
    "codes:modifier_spelling": [{"spelling": "kx"}, {"spelling": "nothing"}],
    "codes:section": [{"key": "J"}, {"key": "E"}],
    "codes:family": [{"key": "j-noc"}, {"key": "nothing"}],
    "codes:trait": [{"key": "capped-rental"}, {"key": "drug"}],
    "codes:specialty": [{"key": "rheumatology"}, {"key": "urology"}],
    "codes:denial_category": [{"key": "CO-16"}, {"key": "CO-151"}],
    "codes:release": [{"quarter": date(2025, 10, 1)}, {"quarter": date(2024, 10, 1)}],
    "codes:sitemap": [{"section": "code"}, {"section": "nothing"}],
    "password_reset_confirm": [{"uidb64": "MQ", "token": "nothing"}],
    "api:code-detail": [{"code": name} for name in ("J3490", "J3590", "E0601", "nothing")],
    "api:section-detail": [{"key": "J"}, {"key": "nothing"}],
    "api:family-detail": [{"key": "j-noc"}, {"key": "nothing"}],
    "api:trait-detail": [{"key": "capped-rental"}, {"key": "nothing"}],
    "api:specialty-detail": [{"key": "urology"}, {"key": "nothing"}],
    "api:denial-category-detail": [{"key": "CO-151"}, {"key": "nothing"}],
    # A link that was made shows its draft, and must: only whoever was given it knows the address.
    "preview": [{"token": "1"}, {"token": "nothing"}],
}
ERRORS = ["/nowhere/", "/codes/J3490/?as_of=never", "/api/v1/codes/?section=none"]


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address outside the staff's pages: its name, and its pattern."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield namespace + (entry.name or ""), entry
        elif entry.namespace != "admin":
            yield from patterns(entry, f"{entry.namespace}:" if entry.namespace else namespace)


def addresses() -> list[str]:
    names = [name for name, _ in patterns(get_resolver())]
    return [reverse(name, kwargs=parts) for name in names for parts in PARTS.get(name, [{}])]


def leaks(client, on) -> set[str]:
    """The addresses whose answer holds the marker, on today and on other dates of service."""
    days = ["", "?as_of=2024-05-01", f"?as_of={on}", f"?as_of={on + timedelta(days=1)}"]
    found = set()
    for address in [*(one + day for one in addresses() for day in days), *ERRORS]:
        answer = client.get(address)
        assert answer.status_code < 500, address
        if MARKER in f"{answer.headers}{answer.content.decode()}":
            found.add(address)
    return found


@pytest.fixture
def people(db):
    """An editor and a reviewer."""
    return [make_account("ed", Role.EDITOR), make_account("rev", Role.REVIEWER)]


@pytest.fixture
def drafts(tmp_path, on, people):
    """A section's, a family's, a trait's and a code's draft, with the marker in every topic."""
    forget_index()
    make_full_portal(tmp_path, on)
    editor, _ = people
    subjects = [
        Section.objects.get(letter="J"),
        Family.objects.get(slug="j-noc"),
        Trait.objects.get(slug="capped-rental"),
        Code.objects.get(code="J3490"),
    ]
    found = [actions.start_draft(subject=one, by=editor, valid_from=on) for one in subjects]
    values = dict.fromkeys((*TEXTS, "note"), MARKER)
    return [
        actions.save_draft(
            revision=one, values=values, topics=TOPICS, edition=one.edition, by=editor
        )
        for one in found
    ]


def publish_everything(on):
    with transaction.atomic():
        publication.publish(publication.EVERYTHING, on=on, reason="All anew")


def test_every_address_of_the_public_is_walked():
    with_parts = {name for name, one in patterns(get_resolver()) if one.pattern.regex.groupindex}

    assert with_parts == PARTS.keys()
    assert {
        "/",
        "/robots.txt",
        "/sitemap.xml",
        "/releases/feed/",
        "/readyz",
        "/api/v1/schema/",
    } <= set(addresses())


def test_a_draft_reaches_nobody(client, drafts, on):
    publish_everything(on)

    assert leaks(client, on) == set()


def test_what_is_in_review_returned_or_scheduled_reaches_nobody(client, drafts, people, on):
    editor, reviewer = people
    for one in drafts[1:]:
        actions.submit(revision=one, by=editor, on=on)
    actions.return_to_author(revision=drafts[2], by=reviewer, note=MARKER)
    actions.schedule(revision=drafts[3], by=reviewer, publish_on=on + timedelta(days=1), on=on)

    publish_everything(on)

    assert leaks(client, on) == set()


def test_a_link_shows_its_draft_and_no_other_address_does(client, drafts, people, on):
    editor, _ = people
    links = [actions.make_link(revision=one, by=editor, at=timezone.now()) for one in drafts]
    publish_everything(on)

    assert leaks(client, on) == set()
    assert all(MARKER in client.get(address_of(link)).content.decode() for link in links)
    for link in links:
        actions.revoke_link(link=link, by=editor, at=timezone.now())
        assert MARKER not in client.get(address_of(link)).content.decode()


def test_the_walk_finds_what_is_published(client, drafts, people, on):
    editor, reviewer = people
    for one in drafts:
        actions.submit(revision=one, by=editor, on=on)
        actions.approve(revision=one, by=reviewer, on=on)

    found = leaks(client, on)

    shown = {"/codes/J3490/", "/codes/J3590/", "/codes/E0601/", "/faqs/", "/sections/J/"}
    assert shown | {"/api/v1/codes/J3490/", "/api/v1/faqs/", "/api/v1/families/j-noc/"} <= found


def test_its_writer_sees_a_draft(client, drafts, people):
    editor, _ = people
    client.force_login(editor)

    page = client.get(reverse("admin:guidance_revision_change", args=[drafts[0].pk]))

    assert MARKER in page.content.decode()


@pytest.mark.parametrize("address", ["/api/v1/faqs/", "/api/v1/codes/"])
def test_a_draft_is_not_found_by_its_words(client, drafts, on, address):
    publish_everything(on)

    assert client.get(address, {"q": MARKER}).json()["count"] == 0
