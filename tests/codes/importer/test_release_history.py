from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codes.importer.history import Change, history
from codes.importer.records import Record
from tests.cms_files import code, modifier
from tests.codes.importer.strategies import PATIENT
from tests.codes.importer.strategies import records as any_records

JAN, APR, JUL, OCT = (date(2025, month, 1) for month in (1, 4, 7, 10))


@dataclass(frozen=True)
class Release:
    """As history sees a release: its quarter, its rank, its records; named for the test."""

    id: str
    quarter: date
    records: list[Record]
    rank: str = ""


def told(*releases: tuple[date, list[Record]]):
    """The history of J3490 in releases of these quarters, each named by its month."""
    return history(Release(f"{quarter:%b}", quarter, list(listed)) for quarter, listed in releases)[
        "J3490"
    ]


def drug(long="Unclassified drugs", **fields) -> list[Record]:
    return [code("J3490", long=long, **{"added": date(1986, 1, 1)} | fields)]


def wordings(code_history):
    return [(version.starts_on, version.record.long) for version in code_history.versions]


def dates(code_history):
    return [(period.added, period.terminated) for period in code_history.periods]


def period_on(code_history, on):
    """The period of use that this day is in; the first and the last day are."""
    return next(
        (p for p in code_history.periods if p.added <= on <= (p.terminated or date.max)), None
    )


def version_on(code_history, on):
    """What the code says on a day of use; None on other days."""
    period = period_on(code_history, on)
    spoken = [v for v in code_history.versions if period and v.period == period.number]
    return max((v for v in spoken if v.starts_on <= on), key=lambda v: v.starts_on, default=None)


def test_a_code_first_seen_starts_on_its_add_date_and_its_text_is_known_since():
    found = told((OCT, drug()))

    assert dates(found) == [(date(1986, 1, 1), None)]
    assert wordings(found) == [(date(1986, 1, 1), "Unclassified drugs")]
    assert found.periods[0].text_known_from == OCT
    assert found.changes == ()


@pytest.mark.parametrize(
    ("acted", "starts_on"),
    [
        (date(2025, 8, 15), date(2025, 8, 15)),
        (OCT, OCT),
        (JUL, OCT),
        (date(2025, 10, 2), OCT),
        (None, OCT),
    ],
    ids=["between the releases", "on this one's day", "on the one before's", "later", "blank"],
)
def test_a_later_change_starts_on_the_action_date_between_the_releases(acted, starts_on):
    found = told((JUL, drug("Drugs")), (OCT, drug("Drugs, other", action_date=acted)))

    assert wordings(found)[1:] == [(starts_on, "Drugs, other")]
    assert found.changes == (Change("Oct", "long", "Drugs", "Drugs, other"),)


def test_an_end_and_a_corrected_add_date_open_no_version():
    ended = drug(added=date(1986, 7, 1), terminated=date(2025, 9, 30))

    found = told((JUL, drug()), (OCT, ended))

    assert dates(found) == [(date(1986, 7, 1), date(2025, 9, 30))]
    assert wordings(found) == [(date(1986, 7, 1), "Unclassified drugs")]
    assert {change.field for change in found.changes} == {"added", "terminated"}


def test_a_new_add_date_after_an_end_is_another_meaning_of_the_code():
    vincristine = drug("Vincristine, 5 mg", terminated=date(2010, 12, 31))
    teclistamab = drug("Teclistamab, 0.5 mg", added=date(2023, 7, 1))

    found = told((JUL, vincristine), (OCT, teclistamab))

    assert dates(found) == [
        (date(1986, 1, 1), date(2010, 12, 31)),
        (date(2023, 7, 1), None),
    ]
    assert version_on(found, date(2010, 12, 31)).record.long == "Vincristine, 5 mg"
    assert version_on(found, date(2011, 1, 1)) is None
    assert version_on(found, date(2023, 7, 1)).record.long == "Teclistamab, 0.5 mg"


def test_a_code_re_activated_goes_on_in_its_period():
    ended = drug(terminated=date(2025, 6, 30))

    found = told((APR, drug()), (JUL, ended), (OCT, drug(action="R")))

    assert dates(found) == [(date(1986, 1, 1), None)]
    assert [change.release for change in found.changes] == ["Jul", "Oct"]


def test_an_add_date_taken_back_closes_two_periods_into_one():
    first = drug("One", terminated=date(2025, 3, 31))
    reused = drug("Two", added=date(2025, 4, 1))

    found = told((JAN, first), (JUL, reused), (OCT, drug("Two", added=date(1986, 1, 1))))

    assert dates(found) == [(date(1986, 1, 1), None)]
    assert wordings(found) == [(date(1986, 1, 1), "One"), (JUL, "Two")]


def test_of_two_changes_that_start_on_one_day_the_newer_stands():
    ended = {"terminated": date(2025, 3, 31)}

    found = told(
        (APR, drug("One", **ended)), (JUL, drug("Two", **ended)), (OCT, drug("3", **ended))
    )

    assert wordings(found) == [(date(1986, 1, 1), "One"), (date(2025, 3, 31), "3")]


def test_a_change_before_the_add_date_starts_with_the_code():
    coming = {"added": date(2026, 1, 1)}

    found = told((JUL, drug("One", **coming)), (OCT, drug("Two", **coming)))

    assert wordings(found) == [(date(2026, 1, 1), "Two")]


def test_a_blank_add_date_starts_with_the_release_or_the_end():
    undated = told((JUL, drug(added=None)), (OCT, drug(added=None)))
    ended = told((JUL, drug(added=None, terminated=date(2020, 1, 1))))

    assert dates(undated) == [(JUL, None)]
    assert dates(ended) == [(date(2020, 1, 1), date(2020, 1, 1))]


def test_an_end_before_the_add_date_leaves_the_first_day():
    found = told((JUL, drug(added=date(2020, 1, 1), terminated=date(2019, 1, 1))))

    assert dates(found) == [(date(2020, 1, 1), date(2020, 1, 1))]


def test_an_impossible_end_is_not_taken_for_re_use():
    impossible = drug(added=date(2020, 1, 1), terminated=date(2019, 1, 1))

    found = told((JUL, impossible), (OCT, drug(added=date(2020, 1, 1))))

    assert dates(found) == [(date(2020, 1, 1), None)]


def test_a_code_no_longer_listed_is_reported_once_and_never_ended():
    found = told((JAN, drug()), (APR, []), (JUL, []), (OCT, drug()))

    assert dates(found) == [(date(1986, 1, 1), None)]
    assert found.changes == (Change("Apr", "missing", "", ""), Change("Oct", "returned", "", ""))
    assert found.last_release == "Oct"


def test_the_newest_release_that_lists_a_vanished_code_is_its_last():
    assert told((JAN, drug()), (APR, [])).last_release == "Jan"


def test_a_code_new_to_the_file_is_a_change_of_its_add_date():
    found = told((JUL, [code("A0021")]), (OCT, drug(added=OCT)))

    assert found.changes == (Change("Oct", "added", "", "2025-10-01"),)


def test_only_the_highest_re_issue_of_a_quarter_speaks():
    issues = [Release(rank, OCT, drug(rank), rank) for rank in ("03", "01", "02")]

    (found,) = history(issues).values()

    assert wordings(found) == [(date(1986, 1, 1), "03")]
    assert found.last_release == "03"


def test_codes_come_before_modifiers_each_in_order():
    listed = [modifier("A1"), code("V5364"), code("A0021")]

    assert list(history([Release("Oct", OCT, listed)])) == ["A0021", "V5364", "A1"]


RELEASES = st.lists(
    st.builds(
        Release,
        id=st.uuids().map(str),
        quarter=st.sampled_from([JAN, APR, JUL, OCT]),
        rank=st.uuids().map(str),
        records=st.lists(
            any_records(st.sampled_from(["J3490", "J9380"])),
            max_size=2,
            unique_by=lambda record: record.code,
        ),
    ),
    max_size=5,
)


@settings(PATIENT, max_examples=100)
@given(RELEASES, st.randoms())
def test_history_does_not_depend_on_the_order_of_import(releases, chance):
    shuffled = releases * 2
    chance.shuffle(shuffled)

    assert history(shuffled) == history(releases)


@settings(PATIENT, max_examples=100)
@given(RELEASES)
def test_every_day_of_use_has_one_wording_and_no_other_day_has_any(releases):
    for found in history(releases).values():
        starts = [version.starts_on for version in found.versions]
        assert starts == sorted(set(starts))
        for period, after in zip(found.periods, [*found.periods[1:], None], strict=True):
            assert version_on(found, period.added).starts_on == period.added
            assert after is None or period.terminated < after.added
        for version in found.versions:
            assert period_on(found, version.starts_on).number == version.period
