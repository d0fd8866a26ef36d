"""The figures counted in CMS's own files, independently of this project."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pytest

from codes.importer.archive import read_path, read_release
from codes.importer.diff import difference
from codes.importer.history import history
from codes.importer.records import ReleaseFile, dump_records, load_records

FILES = {
    date(2020, 1, 1): "2020-01/2020-Alpha-Numeric-HCPCS-File.zip",
    date(2020, 4, 1): "2020-04/anweb.xlsx",
    date(2020, 7, 1): "2020-07/anweb.xlsx",
    date(2024, 10, 1): "2024-10/HCPC2024_OCT_ANWEB.case_restored.txt",
    date(2025, 10, 1): "2025-10/HCPC2025_OCT_ANWEB_v3.reassembled.txt",
}
JAN_2020, APR_2020, JUL_2020, OCT_2024, OCT_2025 = FILES


@dataclass(frozen=True)
class Stored:
    """A release as the portal keeps it: the records are unpacked when asked for."""

    id: date
    quarter: date
    rank: str
    stored: bytes

    @property
    def records(self):
        return load_records(self.stored)


def read(path) -> ReleaseFile:
    return read_release(path.name, read_path(path))


class Files:
    """The full files, each read once, in the order of their quarters."""

    def __init__(self, folder):
        self.read = {q: read(folder / path) for q, path in FILES.items()}

    def stored(self, quarters):
        for quarter in quarters:
            file = self.read[quarter]
            yield Stored(quarter, file.quarter, file.rank, dump_records(file.records))

    @cached_property
    def history(self):
        return history(self.stored(FILES))


@pytest.fixture(scope="session")
def files(shared_data) -> Files:
    return Files(shared_data / "hcpcs")


def codes_of(release: ReleaseFile):
    return [record for record in release.records if not record.is_modifier]


@pytest.mark.parametrize(
    ("quarter", "lines", "codes", "modifiers", "ended"),
    [
        (JAN_2020, 12_359, 6_710, 369, 605),
        (APR_2020, 7_098, 6_728, 369, None),
        (JUL_2020, 7_159, 6_789, 369, None),
        (OCT_2024, 15_129, 8_091, 383, 1_064),
        (OCT_2025, 16_006, 8_463, 383, 1_205),
    ],
)
def test_every_record_of_a_full_file_is_read(files, quarter, lines, codes, modifiers, ended):
    found = files.read[quarter]
    listed = codes_of(found)

    assert found.quarter == quarter
    assert found.record_count == lines
    assert len(listed) == codes
    assert len(found.records) - len(listed) == modifiers
    assert ended in (None, sum(record.terminated is not None for record in listed))
    assert found.unknown_values == []


def test_the_longest_text_is_read_whole(files):
    longest = max(files.read[OCT_2025].records, key=lambda r: len(" ".join(r.long.split())))

    assert longest.code == "G0556"
    assert len(" ".join(longest.long.split())) == 4_492


def test_text_and_comma_separated_copies_of_a_release_say_the_same(files, shared_data):
    folder = shared_data / "hcpcs" / "2025-10"
    copy = read(folder / "HCPC2025_OCT_ANWEB_v3.reassembled.csv")

    found = difference(files.read[OCT_2025].records, copy.records)

    assert (found.added, found.missing, found.ended) == ([], [], [])
    assert found.changed == []
    assert copy.label == "v3"


@pytest.mark.parametrize(
    ("before", "after", "added", "long", "short", "ended"),
    [
        (JAN_2020, APR_2020, 18, 13, 0, 1),
        (APR_2020, JUL_2020, 61, 3, 4, 9),
        (OCT_2024, OCT_2025, 372, 108, 58, 130),
    ],
)
def test_two_quarters_differ_as_counted(files, before, after, added, long, short, ended):
    found = difference(codes_of(files.read[before]), codes_of(files.read[after]))
    fields = Counter(change.field for change in found.changed)

    assert (len(found.added), len(found.missing), len(found.ended)) == (added, 0, ended)
    assert (fields["long"], fields["short"]) == (long, short)


@pytest.mark.parametrize(
    ("name", "added", "terminated", "known_from"),
    [
        ("K0553", date(2017, 7, 1), date(2022, 12, 31), JAN_2020),
        ("J0135", date(2005, 1, 1), date(2024, 12, 31), JAN_2020),
        ("J9380", date(2023, 7, 1), None, OCT_2024),
        ("C9058", date(2019, 11, 15), date(2020, 6, 30), APR_2020),
    ],
)
def test_codes_live_when_cms_says(files, name, added, terminated, known_from):
    assert files.history[name].periods == ((0, added, terminated, known_from),)


def test_no_code_vanished_between_the_full_files(files):
    fields = Counter(change.field for code in files.history.values() for change in code.changes)

    assert fields["missing"] == fields["returned"] == 0
    assert len(files.history) == 8_463 + 383


@pytest.mark.parametrize("places", [[4, 3, 2, 1, 0], [2, 4, 0, 3, 1], [1, 0, 3, 4, 2]])
def test_the_order_of_import_leaves_no_trace(files, places):
    quarters = [[*FILES][place] for place in places]

    assert history(files.stored(quarters)) == files.history


def test_one_release_alone_dates_every_code(files):
    alone = history(files.stored([OCT_2025])).values()

    ended = [code for code in alone if code.periods[0].terminated and not code.is_modifier]
    assert len(ended) == 1_205
    for code in alone:
        (period,), (version,) = code.periods, code.versions
        assert version.starts_on == period.added == version.record.added
