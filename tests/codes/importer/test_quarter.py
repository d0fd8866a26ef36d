from datetime import date

import pytest

from codes.importer.quarter import find_quarter, issue, named_quarter
from codes.importer.records import BadFile
from tests.cms_files import code


@pytest.mark.parametrize(
    ("name", "quarter"),
    [
        ("HCPC2025_OCT_ANWEB_v3.txt", date(2025, 10, 1)),
        ("HCPC2025_OCT_ANWEB_v3.reassembled.csv", date(2025, 10, 1)),
        ("HCPC2026_JAN_ANWEB_12082025.txt", date(2026, 1, 1)),
        ("october-2026-alpha-numeric-hcpcs-file.zip", date(2026, 10, 1)),
        ("july-2024-alpha-numeric-hcpcs-files.zip", date(2024, 7, 1)),
        ("April 2020 Alpha-Numeric HCPCS File.xlsx", date(2020, 4, 1)),
        ("hcpcs-2025-10.csv", date(2025, 10, 1)),
        ("HCPC2020_ANWEB_w_disclaimer.txt", None),
        ("2020-Alpha-Numeric-HCPCS-File.zip", None),
        ("anweb.xlsx", None),
        ("HCPC2025_FEB_ANWEB.txt", None),
    ],
)
def test_a_name_tells_its_quarter_or_nothing(name, quarter):
    assert named_quarter(name) == quarter


def test_the_member_of_a_zip_is_asked_before_the_zip():
    names = ["HCPC2025_OCT_ANWEB.txt", "july-2025-alpha-numeric-hcpcs-file.zip"]

    assert find_quarter(names, []) == date(2025, 10, 1)


def test_without_a_name_the_latest_actions_tell():
    records = [
        code("A0021", action_date=date(2019, 1, 1)),
        code("J3490", action_date=date(2020, 8, 15)),
    ]

    assert find_quarter(["anweb.xlsx"], records) == date(2020, 7, 1)


def test_stray_dates_in_a_whole_file_do_not_tell():
    records = [code(f"A{number:04}", action_date=date(2020, 4, 1)) for number in range(9000)]
    records += [code(f"V000{number}", action_date=date(2050, 1, 1)) for number in range(3)]

    assert find_quarter([], records) == date(2020, 4, 1)


def test_no_name_and_no_date_is_refused():
    with pytest.raises(BadFile, match="Name the quarter"):
        find_quarter(["anweb.xlsx"], [code("J3490", added=None, action_date=None)])


def test_re_issues_rank_by_version_then_date_never_by_order():
    names = [
        "HCPC2026_JAN_ANWEB_99999999.txt",
        "HCPC2026_JAN_ANWEB_12082025.txt",
        "HCPC2026_JAN_ANWEB_01122026.txt",
        "HCPC2026_JAN_ANWEB_v2.txt",
        "HCPC2026_JAN_ANWEB_v2_01122026.txt",
        "HCPC2026_JAN_ANWEB_v10.txt",
    ]
    labels, ranks = zip(*(issue([name], "f" * 64) for name in names), strict=True)

    assert labels == ("", "20251208", "20260112", "v2", "v2-20260112", "v10")
    assert list(ranks) == sorted(ranks)


def test_content_decides_between_equal_names():
    _, first = issue(["HCPC2026_JAN_ANWEB.txt"], "a" * 64)
    _, second = issue(["HCPC2026_JAN_ANWEB.txt"], "b" * 64)

    assert first < second


def test_the_zip_tells_what_its_member_does_not():
    assert issue(["HCPC2026_JAN_ANWEB.txt", "january-2026_v2.zip"], "a" * 64)[0] == "v2"
    assert issue(["HCPC2026_JAN_ANWEB_v3.txt", "january-2026_v2.zip"], "a" * 64)[0] == "v3"
