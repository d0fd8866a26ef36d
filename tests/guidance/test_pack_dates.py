"""The pack that ships, read for the day before and the first day of each change that billers know."""

from datetime import date, timedelta

import pytest

from codes.calendar import today
from guidance.entry import compose
from tests.whole_portals import load_shipped_pack

pytestmark = pytest.mark.django_db

ONE_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def portal(module_keeper) -> None:
    load_shipped_pack(module_keeper, today())


def read(code: str, on: date) -> dict:
    [(own, guidance)] = compose("code", [code], on)
    return own | guidance


def facts(entry: dict) -> set[str]:
    """Status, traits, modifier rules and relations of an entry, in words."""
    return (
        {entry["status"]}
        | {trait["slug"] for trait in entry["traits"]}
        | {f"{row['code']} {row['relation']}" for row in entry["modifiers"]}
        | {f"{row['kind']} {row['code']}" for row in entry["relations"]}
    )


# The code, the first day of the change, and what holds on one side of it alone: before, after.
CHANGES = [
    ("K0553", "2023-01-01", {"active"}, {"ended", "replaced_by A4239"}),
    ("K0554", "2023-01-01", {"active"}, {"ended", "replaced_by E2103"}),
    ("A4239", "2023-01-01", {"future"}, {"active"}),
    ("E2103", "2023-01-01", {"future"}, {"active"}),
    ("E1390", "2023-04-01", set(), {"N1 one_of", "N2 one_of", "N3 one_of", "KX forbidden"}),
    ("E0431", "2023-04-01", set(), {"N1 one_of", "N2 one_of", "N3 one_of", "KX forbidden"}),
    ("K0738", "2023-04-01", set(), {"N1 one_of", "N2 one_of", "N3 one_of", "KX forbidden"}),
    ("U0003", "2023-05-12", {"active"}, {"ended"}),
    ("J9271", "2023-07-01", set(), {"JZ required"}),
    ("Q5103", "2023-07-01", set(), {"JZ required"}),
    ("J7613", "2024-01-01", set(), {"JZ required"}),
    ("J1030", "2024-04-01", {"active"}, {"ended", "replaced_by J1010"}),
    ("J1040", "2024-04-01", {"active"}, {"ended", "replaced_by J1010"}),
    ("J1010", "2024-04-01", {"future"}, {"active"}),
    ("J0135", "2025-01-01", {"active"}, {"ended", "replaced_by J0139"}),
    ("J2796", "2025-01-01", {"active"}, {"ended", "replaced_by J2802"}),
    ("G2012", "2025-01-01", {"active"}, {"ended"}),
    ("J1745", "2025-01-01", set(), {"TB allowed"}),
    ("G2211", "2025-01-01", set(), {"25 allowed"}),
    ("J1300", "2025-04-01", {"active"}, {"ended", "replaced_by J1299"}),
    ("J1940", "2025-04-01", {"active"}, {"ended", "replaced_by J1938"}),
    ("Q4186", "2026-01-01", {"JZ required", "JW required"}, {"JZ forbidden", "JW forbidden"}),
    ("Q4100", "2026-01-01", {"JZ required", "JW required"}, {"JZ forbidden", "JW forbidden"}),
    ("E1390", "2026-04-13", set(), {"face-to-face-order"}),
    ("E0431", "2026-04-13", set(), {"face-to-face-order"}),
    ("L0651", "2026-04-13", set(), {"prior-authorization"}),
    ("L1844", "2026-04-13", set(), {"prior-authorization"}),
    ("L1846", "2026-04-13", set(), {"prior-authorization"}),
    ("L1852", "2026-04-13", set(), {"prior-authorization"}),
    ("L1932", "2026-04-13", set(), {"prior-authorization"}),
]


@pytest.mark.parametrize(("code", "day", "before", "after"), CHANGES)
def test_a_change_holds_from_its_day(portal, code, day, before, after):
    first = date.fromisoformat(day)
    earlier, later = facts(read(code, first - ONE_DAY)), facts(read(code, first))

    assert before <= earlier
    assert after <= later
    assert after.isdisjoint(earlier)
    assert before.isdisjoint(later)


# The code, the first day, the topic, and the words on one side of it alone: before, after.
WORDS = [
    ("A6549", "2024-01-01", "coverage", "not covered by Medicare", "price group 40"),
    ("E0651", "2024-11-14", "coverage", "decide", "are retired"),
    ("G2211", "2025-01-01", "coverage", "no price", "preventive service"),
    ("L1932", "2025-04-01", "summary", "L1930", "L1933"),
    ("Q4186", "2026-01-01", "coverage", "as a drug", "as a supply"),
    (
        "E1390",
        "2026-04-13",
        "documentation",
        "certificate of medical necessity",
        "face-to-face visit",
    ),
    ("L1932", "2026-04-13", "claim_to", "", "prior authorization"),
]


def said(entry: dict, topic: str) -> str:
    value = entry[topic]
    rows = [value] if isinstance(value, dict) else value
    return " ".join(" ".join([row["text"], row.get("causes", "")]) for row in rows)


@pytest.mark.parametrize(("code", "day", "topic", "before", "after"), WORDS)
def test_a_text_changes_on_its_day(portal, code, day, topic, before, after):
    first = date.fromisoformat(day)
    earlier, later = said(read(code, first - ONE_DAY), topic), said(read(code, first), topic)

    assert before in earlier
    assert after in later
    assert after not in earlier


def test_jg_ends_the_day_before_tb_stands_alone(portal):
    from_tb = [row for row in read("J1745", date(2025, 1, 1))["modifiers"] if row["code"] == "TB"]

    assert "JG" in from_tb[0]["text"]
    assert from_tb[0]["from_date"] == "2025-01-01"


@pytest.mark.parametrize("code", ["A4253", "A4351", "B4150", "J7613"])
def test_the_refill_rule_is_named_with_its_day(portal, code):
    text = read(code, date(2024, 1, 1))["documentation"]["text"]

    assert "2024-01-01" in text


@pytest.mark.parametrize("code", ["E0784", "E2103", "L3908"])
def test_the_next_bidding_round_is_not_in_force(portal, code):
    entry = read(code, today())
    text = f"{said(entry, 'coverage')} {' '.join(row['answer'] for row in entry['faqs'])}"

    assert "2028-01-01" in text
