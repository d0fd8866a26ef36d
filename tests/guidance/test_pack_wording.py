"""The texts of the pack that ships: written one by one, cited, and about the code that they stand under."""

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import combinations

import pytest

from guidance.checks import packs
from guidance.checks.reading import passages
from guidance.pack import STARTER, Pack, read_pack

CROSSWALK = "specialty/cms_taxonomy_specialty_crosswalk_2025-10.csv"
CODE = "MEDICARE SPECIALTY CODE"
SPECIALTY = "MEDICARE PROVIDER/SUPPLIER TYPE DESCRIPTION"
MOST_IN_COMMON = 0.6  # of the five-word runs of the shorter text

# The codes that most deserve guidance of their own, by rank.
IN_PERSON = frozenset(
    [
        "J3490",
        "A4239",
        "E1390",
        "E1399",
        "E0601",
        "J3590",
        "A0428",
        "L0650",
        "G2211",
        "C9399",
        "J9999",
        "Q4186",
        "A0425",
        "E2103",
        "J1745",
        "K0823",
        "L1852",
        "L0651",
        "T1019",
        "A4351",
        "J9271",
        "J0897",
        "A7030",
        "L1833",
        "A6212",
        "A4253",
        "Q4100",
        "A5500",
        "E0470",
        "J3301",
        "J0585",
        "J1439",
        "H0038",
        "E0260",
        "G0463",
        "A0427",
        "A0429",
        "L4361",
        "L5856",
        "B4150",
        "J2778",
        "J3357",
        "J0178",
        "J2506",
        "Q5103",
        "V2020",
        "E0784",
        "E0466",
        "K0001",
        "A7034",
        "A4353",
        "J7325",
        "J0885",
        "Q4081",
        "J1010",
        "J7999",
        "E0431",
        "G0439",
        "G0480",
        "H0015",
        "S9500",
        "L1851",
        "L0648",
        "K0856",
        "E2402",
        "B4035",
        "J7613",
        "J3262",
        "L1932",
        "L3908",
        "J1599",
        "A0426",
        "J0881",
        "Q0138",
        "J3380",
        "J0129",
        "J2350",
        "J9035",
        "J9355",
        "J9312",
        "J7626",
        "J7507",
        "J0174",
        "Q2042",
        "J7298",
        "A4352",
        "A5512",
        "A5514",
        "A6196",
        "A6549",
        "A6550",
        "B4154",
        "B4185",
        "A4222",
        "J7799",
        "L1846",
        "L5981",
        "L5673",
        "K0004",
        "K0005",
        "K0108",
        "E0277",
        "E0143",
        "E0570",
        "E0748",
        "E0651",
        "E0781",
        "E0766",
        "G0378",
        "G0008",
        "G0121",
        "G0277",
        "G0180",
        "G0299",
        "G0556",
        "Q3014",
        "H2019",
        "T1015",
        "T4522",
        "S9083",
        "V5261",
        "P9016",
        "P9603",
        "R0075",
        "Q4010",
        "M0201",
        "C1713",
        "C1889",
        "P3001",
        "U0002",
    ]
)
# Codes on which a text of their family or section would be wrong.
AGAINST_THEIR_FAMILY = frozenset(
    [
        "J0885",
        "J7298",
        "J7613",
        "K0738",
        "A4239",
        "E0466",
        "V2787",
        "V2788",
        "S3620",
        "L8680",
        "P7001",
        "A9270",
        "A0888",
        "G2211",
        "C9399",
        "Q4186",
    ]
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(STARTER)


def last_topics(pack: Pack, scope: str) -> dict[str, dict]:
    """What each subject of a scope says last, by key."""
    return {item.key: item.revisions[-1].topics for item in pack.guidance if item.scope == scope}


def runs(text: str) -> set[tuple[str, ...]]:
    """Its runs of five words."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return set(zip(*(words[start:] for start in range(5)), strict=False))


def alike(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, float]]:
    """Names of texts of different subjects that are nearly one text, with the share in common."""
    known = [(name, runs(text)) for name, text in texts]
    for (one, mine), (other, yours) in combinations(known, 2):
        common = len(mine & yours) / max(1, min(len(mine), len(yours)))
        if common > MOST_IN_COMMON and one.split()[0] != other.split()[0]:
            yield one, other, common


def test_no_two_families_share_their_documentation(pack):
    families = last_topics(pack, "family")

    assert len(families) == 114
    assert list(alike((key, said["documentation"]["text"]) for key, said in families.items())) == []


def test_no_two_families_share_their_summary(pack):
    families = last_topics(pack, "family")

    assert list(alike((key, said["summary"]["text"]) for key, said in families.items())) == []


def test_no_two_codes_share_their_documentation(pack):
    codes = last_topics(pack, "code")

    texts = [
        (key, said["documentation"]["text"])
        for key, said in codes.items()
        if "documentation" in said
    ]
    assert list(alike(texts)) == []


def test_each_code_has_questions_of_its_own(pack):
    codes = last_topics(pack, "code")
    questions = [
        (f"{key} {row['question']}", f"{row['question']} {row['answer']}")
        for key, said in codes.items()
        for row in said["faqs"]
    ]

    assert list(alike(questions)) == []


def test_two_nearly_equal_texts_are_found():
    one = "Keep the order, the visit note and the proof of delivery for seven years."
    other = "Keep the order, the visit note and the proof of delivery for ten years."

    assert [found[:2] for found in alike([("a", one), ("b", other)])] == [("a", "b")]


def test_the_codes_that_most_deserve_it_have_guidance_in_person(pack):
    codes = last_topics(pack, "code")

    assert len(IN_PERSON) == 130
    assert codes.keys() >= IN_PERSON | AGAINST_THEIR_FAMILY
    assert [key for key in sorted(IN_PERSON) if len(codes[key]["faqs"]) < 2] == []


def test_every_section_and_trait_speaks(pack):
    assert len(last_topics(pack, "section")) == 17
    assert len(last_topics(pack, "trait")) == 25


def test_every_denial_says_by_when(pack):
    silent = [
        (key, row["category"])
        for _, key, _, content in packs.editions(pack)
        for row in content.get("denials", ())
        if not row["deadline"]
    ]

    assert silent == []


# Sources


def test_every_source_names_issuer_title_and_version_or_date(pack):
    assert [
        row["id"]
        for row in pack.sources
        if not (
            row["issuer"] and row["title"] and (row.get("version") or row.get("effective_from"))
        )
    ] == []


def test_every_policy_that_a_text_names_is_among_its_citations(pack):
    documents = {row["id"]: row.get("document") or "" for row in pack.sources}
    assert list(uncited_policies(pack, documents)) == []


def uncited_policies(pack: Pack, documents: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for scope, key, _, content in packs.editions(pack):
        for passage in passages(content):
            named = set(re.findall(r"\b[LA]\d{5}\b", passage.text))
            place = content.get(passage.topic)
            row = place if passage.row is None else place[passage.row]
            cited = {documents[one["source"]] for one in row.get("citations", ())}
            for document in named - cited:
                yield scope, key, f"{passage.topic}: {document}"


# Vocabularies


def test_denial_categories_are_complete(pack):
    reasons = {row["key"].partition("-")[2] for row in pack.denials}

    assert len(reasons) >= 25
    assert {row["key"].partition("-")[0] for row in pack.denials} <= {"CO", "PR", "OA", "PI"}
    assert all(row["gloss"] and row["causes"] and row["remedy_text"] for row in pack.denials)


def test_a_category_without_a_clock_is_one_that_medicare_does_not_appeal(pack):
    without = {
        row["key"] for row in pack.denials if not row.get("deadline") and row["remedy"] == "appeal"
    }

    assert without == set()


def test_specialties_have_the_names_of_cms(pack, shared_data):
    with (shared_data / CROSSWALK).open(encoding="utf-8-sig", newline="") as lines:
        known = {(plain(row[CODE]), plain(row[SPECIALTY])) for row in csv.DictReader(lines)}
    ours = {
        (row["cms_code"].lower(), plain(row["name"]))
        for row in pack.specialties
        if "cms_code" in row
    }

    assert ours - known - {("a0", "hospital")} == set()  # CMS lists kinds of hospital only


def plain(name: str) -> str:
    """A name of the crosswalk without its footnotes, odd spaces and "Physician/"."""
    name = re.sub(r"\[\d+\]|(?<=/) ", "", name).strip().lower()
    return name.removeprefix("physician/")


def test_relations_hold_successors_twins_biosimilars_and_pairs(pack):
    kinds = {(row["code"], row["kind"], row["to"]) for row in pack.relations}

    assert {
        ("K0553", "replaced_by", "A4239"),
        ("K0554", "replaced_by", "E2103"),
        ("J1030", "replaced_by", "J1010"),
        ("J1040", "replaced_by", "J1010"),
        ("K0903", "replaced_by", "A5514"),
        ("J0881", "esrd_twin_of", "J0882"),
        ("J0885", "esrd_twin_of", "Q4081"),
        ("Q0138", "esrd_twin_of", "Q0139"),
        ("Q5103", "biosimilar_of", "J1745"),
        ("L1832", "fabrication_pair_of", "L1833"),
        ("L4360", "fabrication_pair_of", "L4361"),
        ("L0631", "fabrication_pair_of", "L0648"),
    } <= kinds
