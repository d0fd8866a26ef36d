"""The role that deploy/public_role.sql makes serves every public page, and reads nothing else."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from codes import counting
from codes.models import ContactRequest, MonthlyCount
from guidance.models import Revision
from tests.codes.test_contact import TYPED, a_seal
from tests.full_portal import make_full_portal

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

GRANTS = Path(settings.BASE_DIR, "deploy", "public_role.sql").read_text()
# All of the app's own tables are public but for these.
PRIVATE = {"codes_contactnote", "codes_contactrequest"}
COMPOSED_OF = {
    "guidance_calltoaction",
    "guidance_cptreference",
    "guidance_denialcategory",
    "guidance_denialcategory_sources",
    "guidance_publishedguidance",
    "guidance_source",
    "guidance_specialty",
}
WRITTEN = {
    "codes_monthlycount": {"SELECT", "INSERT", "UPDATE"},
    "codes_contactrequest": {"INSERT"},
}
PAGES = [
    "/",
    "/codes/",
    "/codes/?q=drugs",
    "/codes/J3490/",
    "/codes/J3490/?as_of=2024-11-01",
    "/sections/J/",
    "/families/j-noc/",
    "/traits/capped-rental/",
    "/specialties/rheumatology/",
    "/denials/CO-16/",
    "/faqs/",
    "/modifiers/KX/",
    "/releases/2025-10/",
    "/about/corrections/",
    "/about/privacy/",
    "/contact/?about=J3490",
    "/api/v1/codes/",
    "/api/v1/codes/J3490/",
    "/api/v1/faqs/",
]


@pytest.fixture
def public(tmp_path, on):
    """Full portal, asked with the public's role; all of it is taken back."""
    make_full_portal(tmp_path, on)
    with connection.cursor() as cursor:
        cursor.execute(GRANTS)
        cursor.execute("SET LOCAL ROLE portal_public")
        yield
        cursor.execute("RESET ROLE")


def test_it_may_do_what_is_public_and_nothing_else(public):
    deeds = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, d FROM pg_class c CROSS JOIN unnest(%s::text[]) d WHERE relkind = 'r' AND "
            "relnamespace = 'public'::regnamespace AND has_table_privilege('portal_public', c.oid, d)",
            [deeds],
        )
        found = set(cursor.fetchall())
    ours = {t for t in connection.introspection.table_names() if t.startswith("codes_")}
    expected = {(table, "SELECT") for table in (ours - PRIVATE) | COMPOSED_OF}
    expected |= {(table, deed) for table, deeds in WRITTEN.items() for deed in deeds}

    assert found == expected


@pytest.mark.parametrize("address", PAGES)
def test_it_serves_the_page(public, client, address):
    assert client.get(address).status_code == 200


def test_it_takes_messages_that_it_cannot_read(public, client):
    assert client.post("/contact/", TYPED | {"seal": a_seal()}).status_code == 302

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ContactRequest.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert ContactRequest.objects.get().message == TYPED["message"]


def test_it_counts_readings(public, client):
    counting.forget_counts()
    client.get("/codes/J3490/")
    counting.write_counts()

    assert MonthlyCount.objects.get(kind="page").count == 1


def test_it_reads_no_draft(public):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Revision.objects.count()
