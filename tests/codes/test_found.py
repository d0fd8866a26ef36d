"""How others find the pages: addresses, sitemaps, feed, and what pages say of themselves."""

import json
import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from codes.calendar import today
from codes.models import Publication
from tests.cms_files import code
from tests.factories import make_release
from tests.full_portal import OCTOBER_2025, make_full_portal

pytestmark = pytest.mark.django_db

PLACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def portal(module_db, tmp_path_factory):
    make_full_portal(tmp_path_factory.mktemp("pack"), today())


def addresses(client, sitemap: str) -> dict[str, str | None]:
    """The paths in a sitemap, or in the index of them, with their last change."""
    document = ElementTree.fromstring(client.get(sitemap).content)
    return {
        one.findtext(f"{PLACE}loc").removeprefix("http://testserver"): one.findtext(
            f"{PLACE}lastmod"
        )
        for one in document
    }


def things(client, address: str) -> dict[str, dict]:
    """What the page says of itself in schema.org's words, by type."""
    page = client.get(address).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    found = [json.loads(block) for block in blocks]
    return {one["@type"]: one for one in found}


def test_every_address_in_the_sitemaps_is_its_own_canonical_page(client, portal):
    places = [
        place for part in addresses(client, "/sitemap.xml") for place in addresses(client, part)
    ]

    assert {"/", "/codes/J3490/", "/codes/K0553/", "/modifiers/KX/", "/releases/2025-10/"} <= set(
        places
    )
    for place in places:
        page = client.get(place)
        assert page.status_code == 200, place
        assert f'<link rel="canonical" href="http://testserver{place}">' in page.content.decode()


def test_a_page_changed_last_when_its_document_did(client, portal, on):
    Publication.objects.update(published_at=datetime(2025, 9, 1, 12, tzinfo=UTC))
    changed = code("J3490", short="Another text", long="Unclassified drugs")
    make_release([*OCTOBER_2025[:2], changed, *OCTOBER_2025[3:]], quarter="2026-01", on=on)

    last = addresses(client, "/sitemap-code.xml")

    assert last["/codes/J3490/"] == on.isoformat()
    assert last["/codes/E0601/"] == "2025-09-01"


@pytest.mark.parametrize("codes", [1, 120])
def test_a_sitemap_costs_the_same_for_few_and_many(
    client, portal, on, codes, django_assert_num_queries
):
    more = [f"J{number}" for number in range(1000, 1000 + codes)]
    make_release([*OCTOBER_2025, *more], quarter="2026-01", on=on)

    with django_assert_num_queries(2):  # last changes, keys
        assert len(addresses(client, "/sitemap-code.xml")) >= codes


def test_the_feed_tells_what_each_release_changed(client, portal):
    response = client.get("/releases/feed/")
    newest, *_ = ElementTree.fromstring(response.content).iter(f"{ATOM}entry")

    assert response["Content-Type"].startswith("application/atom+xml")
    assert newest.findtext(f"{ATOM}title") == "October 2025 release"
    assert newest.findtext(f"{ATOM}summary").startswith("5 codes; 1 added, 1 changed, 0 ended.")
    assert newest.find(f"{ATOM}link").get("href") == "http://testserver/releases/2025-10/"


def test_a_code_page_says_which_code_it_is_about(client, portal):
    found = things(client, "/codes/J3490/")

    assert found["MedicalWebPage"]["about"] == {
        "@type": "MedicalCode",
        "codeValue": "J3490",
        "codingSystem": "HCPCS Level II",
        "name": "Drugs unclassified injection",
        "description": "Unclassified drugs",
    }
    steps = [step["item"] for step in found["BreadcrumbList"]["itemListElement"]]
    assert steps[0] == "http://testserver/"
    assert steps[-1] == "http://testserver/codes/J3490/"


def test_the_data_page_describes_the_dataset(client, portal):
    dataset = things(client, "/about/data/")["Dataset"]

    assert dataset["version"] == "2025-10"
    assert client.get(dataset["distribution"]["contentUrl"]).status_code == 200


def test_what_a_page_says_of_itself_cannot_end_its_block(client, portal, on):
    hostile = code("J7799", short="</script><b>", long="a & b </script> <!--")
    make_release([*OCTOBER_2025, hostile], quarter="2026-01", on=on)

    page = client.get("/codes/J7799/").content.decode()

    assert "</script><b>" not in page
    assert things(client, "/codes/J7799/")["MedicalWebPage"]["about"]["name"] == "</script><b>"


def test_whoever_shares_a_page_shares_its_title_and_description(client, portal):
    page = client.get("/codes/J3490/?as_of=2024-05-01").content.decode()

    title = "J3490: Unclassified drugs · HCPCS Portal"
    assert f"<title>{title}</title>" in page
    assert f'<meta property="og:title" content="{title}">' in page
    assert '<meta property="og:url" content="http://testserver/codes/J3490/">' in page


def test_the_second_page_of_a_list_is_a_page_of_its_own(client, portal, on):
    more = [f"J{number}" for number in range(1000, 1060)]
    make_release([*OCTOBER_2025, *more], quarter="2026-01", on=on)

    page = client.get("/codes/?page=2").content.decode()

    assert '<link rel="canonical" href="http://testserver/codes/?page=2">' in page


def test_robots_and_language_models_are_told_where_everything_is(client, portal):
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()
    guide = client.get("/llms.txt").content.decode()
    for address in re.findall(r"http://testserver(/[^)]*)", guide):
        assert client.get(address).status_code == 200, address
