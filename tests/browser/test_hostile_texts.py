"""Hostile words in every text that staff can write, read on every page: nothing of them runs."""

from urllib.parse import quote

import pytest
from django.db import transaction
from django.utils import timezone

from guidance import actions
from guidance.actions.publishing import publish_all
from guidance.content import TEXTS
from guidance.models import Revision
from guidance.workflow import Status
from tests.admin_addresses import addresses
from tests.factories import make_account
from tests.packs import denial

# What a browser makes of a page is the same whatever the page was read from.
pytestmark = pytest.mark.sqlite

RUN = "alert(1)"
TAGS = (
    "img src=x onerror",
    "svg onload",
    "body onload",
    "input autofocus onfocus",
    "video onerror",
)
WRAPS = (
    "{}",
    '">{}',
    "'>{}",
    "</textarea>{}",
    "</title>{}",
    "</script>{}",
    "-->{}",
    "`{}`",
    "&lt;{}",
)
SCHEMES = ("javascript:", "JaVaScRiPt:", "java\tscript:", "&#106;avascript:", "data:text/html,")
LINKS = ("[x]({}alert(1))", "<{}alert(1)>", "[x][1]\n\n[1]: {}alert(1)", "![x]({}alert(1))")
PAYLOADS = [wrap.format(f"<{tag}={RUN}>") for wrap in WRAPS for tag in TAGS]
PAYLOADS += [wrap.format(f"<script>{RUN}</script>") for wrap in WRAPS]
PAYLOADS += [link.format(scheme) for link in LINKS for scheme in SCHEMES]
PAYLOADS += ["{% debug %}", "\u202e<b>\u2066", '[a](https://x.example/"onclick=alert(1))']
HOSTILE = "\n\n".join(PAYLOADS)
SHORT = '"><img src=x onerror=alert(1)>'

PUBLIC = ["/codes/J3490/", "/faqs/", "/denials/CO-16/", "/modifiers/JZ/", "/about/corrections/"]

# What a page must not have, whoever wrote what is on it.
LIVE = """() => [...document.querySelectorAll('*')].filter(one =>
  (one.tagName === 'SCRIPT' && !one.src && !/^application\\/(ld\\+)?json$/.test(one.type)) ||
  ['IFRAME', 'OBJECT', 'EMBED', 'VIDEO'].includes(one.tagName) ||
  (one.tagName === 'IMG' && one.getAttribute('src') === 'x') ||
  [...one.attributes].some(a => a.name.startsWith('on') ||
    /^\\s*(javascript|data|vbscript):/i.test(a.value) && ['href', 'src', 'action'].includes(a.name))
).map(one => one.outerHTML.slice(0, 200))"""


@pytest.fixture
def portal(staffed_portal, live_server):
    portal = staffed_portal
    writer = portal.account
    rows = {
        "coverage": [{"payer_class": "medicare", "text": HOSTILE}],
        "denials": [denial("CO-16", causes=HOSTILE, text=HOSTILE, deadline=SHORT)],
        "faqs": [{"question": SHORT, "answer": HOSTILE}],
        "modifiers": [{"code": "JZ", "relation": "required", "context": SHORT, "text": HOSTILE}],
    }
    portal.draft.refresh_from_db()
    portal.draft = actions.save_draft(
        revision=portal.draft,
        values=dict.fromkeys(TEXTS, HOSTILE) | {"note": SHORT},
        topics=rows,
        edition=portal.draft.edition,
        by=writer,
    )
    return portal


@pytest.fixture
def reader(portal, signed_in):
    """The page of someone who may see all, and whose own name is hostile."""
    return signed_in(make_account(SHORT, is_superuser=True))


def run_on(page, url, pages):
    """What of the hostile words came alive, by address."""
    found = {}

    def note(dialog):
        found[page.url] = dialog.message
        dialog.dismiss()

    page.on("dialog", note)
    for address in pages:
        page.goto(url + address)
        if live := page.evaluate(LIVE):
            found[address] = live
    return found


def test_hostile_words_run_on_no_page_of_the_admin(portal, reader, client, live_server):
    found = addresses(portal)
    del found["logout"]
    pages = [address for address in found.values() if client.get(address).status_code == 200]

    assert run_on(reader, live_server.url, pages) == {}


def test_hostile_words_run_on_no_public_page(portal, reader, live_server, on):
    signed = {"reviewer": make_account("kim"), "reviewed_at": timezone.now()}
    Revision.objects.filter(pk=portal.draft.pk).update(status=Status.PUBLISHED, **signed)
    with transaction.atomic():
        publish_all([portal.draft], on, reason=SHORT)

    assert run_on(reader, live_server.url, [*PUBLIC, "/codes/?q=" + quote(SHORT)]) == {}
    assert "alert(1)" in reader.goto(f"{live_server.url}/codes/J3490/").text()
