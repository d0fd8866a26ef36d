import hashlib
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codes.importer.archive import read_path, read_release
from codes.importer.records import BadFile
from tests.cms_files import (
    PREAMBLE,
    code,
    modifier,
    release_csv,
    release_text,
    release_xlsx,
    release_zip,
    zip_bytes,
)
from tests.codes.importer.strategies import PATIENT
from tests.hostile_files import HOSTILE, UNDATED

RECORDS = [modifier("KX"), code("J3490", long="Unclassified drugs"), code("V5364")]
OTHERS = [code("A0021")]
NAME = "HCPC2025_OCT_ANWEB"


@pytest.mark.parametrize("build", [release_text, release_csv, release_xlsx, release_zip])
def test_the_content_tells_the_kind_of_file_not_its_name(build):
    assert read_release(f"{NAME}.dat", build(RECORDS)).records == RECORDS


def test_a_zip_gives_its_record_file_the_text_before_the_spreadsheet():
    found = read_release("october-2025-alpha-numeric-hcpcs-file.zip", release_zip(RECORDS))

    assert found.records == RECORDS
    assert found.name == "october-2025-alpha-numeric-hcpcs-file.zip"
    assert found.record_count == 3


@pytest.mark.parametrize(
    "members",
    [
        {f"{NAME}.xlsx": release_xlsx(RECORDS), "NOC codes_OCT2025.xlsx": release_xlsx(OTHERS)},
        {f"{NAME}.txt": release_text(RECORDS), f"{NAME}.xlsx": release_xlsx(OTHERS)},
        {"HCPC2025_OCT_TRANS_ALPHA.xlsx": b"", f"in/a/folder/{NAME}.txt": release_text(RECORDS)},
        {f"{NAME}_v2.txt": release_text(OTHERS), f"{NAME}_v10.txt": release_text(RECORDS)},
        {
            f"{NAME}_12082025.txt": release_text(OTHERS),
            f"{NAME}_01122026.txt": release_text(RECORDS),
        },
        {"a read-me.txt": b"Hello", "records.txt": release_text(RECORDS, preamble=PREAMBLE)},
        {f"__MACOSX/._{NAME}.txt": release_text(OTHERS), f"{NAME}.txt": release_text(RECORDS)},
    ],
    ids=["sheet only", "both", "folder", "v-numbers", "dated", "unnamed", "mac's own"],
)
def test_the_record_file_is_found_among_the_others(members):
    assert read_release("october-2025.zip", zip_bytes(members)).records == RECORDS


def test_the_digest_is_of_the_bytes_given():
    content = release_zip(RECORDS)

    assert read_release(f"{NAME}.zip", content).sha256 == hashlib.sha256(content).hexdigest()


def test_any_day_of_the_quarter_names_it():
    found = read_release("anything.txt", UNDATED, date(2025, 11, 23))

    assert found.quarter == date(2025, 10, 1)


def test_a_file_that_says_no_quarter_is_refused_with_the_way_out():
    with pytest.raises(BadFile, match=r"anything.txt: .*Name the quarter, such as 2025-10"):
        read_release("anything.txt", UNDATED)


def test_a_file_on_disk_is_read(tmp_path):
    path = tmp_path / f"{NAME}.txt"
    path.write_bytes(release_text(RECORDS))

    assert read_release(path.name, read_path(path)).quarter == date(2025, 10, 1)


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadFile, match=r"absent.txt: It cannot be read \(No such file"):
        read_path(tmp_path / "absent.txt")


@pytest.mark.parametrize("path", ["/dev/zero", "."])
def test_what_is_no_file_is_refused_unread(path):
    with pytest.raises(BadFile, match="it is no file. Check the path"):
        read_path(Path(path))


@pytest.mark.parametrize("name", ["\udcff 2025-10.txt", "n" * 300])
def test_a_name_that_cannot_be_kept_is_refused(name):
    with pytest.raises(BadFile, match="Rename the file") as refusal:
        read_release(name, release_text(RECORDS))

    assert len(str(refusal.value).encode()) < 200


def test_a_path_to_more_than_a_release_can_be_is_refused_unread(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as large:
        large.truncate(65 << 20)

    with pytest.raises(BadFile, match=r"large.txt: It is larger than 64 MB"):
        read_path(path)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_cannot_be_imported_is_refused_in_plain_words(name):
    make, says = HOSTILE[name]
    content = make()

    began = time.perf_counter()
    with pytest.raises(BadFile, match=says) as refusal:
        read_release(name, content)

    assert name in str(refusal.value)
    assert time.perf_counter() - began < 2
    assert str(refusal.value).endswith((".", ")"))


CHANGES = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=4)


def changed(content: bytes, changes: list[tuple[float, bytes]]) -> bytes:
    """The content with some places overwritten."""
    mutated = bytearray(content)
    for place, written in changes:
        begin = int(place * len(mutated))
        mutated[begin : begin + len(written)] = written
    return bytes(mutated)


@pytest.mark.parametrize("build", [release_text, release_csv, release_zip])
@settings(PATIENT, max_examples=60)
@given(changes=CHANGES)
def test_damage_is_refused_as_a_bad_file_or_reads_as_records(build, changes):
    try:
        found = read_release(f"{NAME}.zip", changed(build(RECORDS), changes))
    except BadFile as refusal:
        assert str(refusal)
    else:
        assert found.records


@settings(PATIENT, max_examples=15)
@given(changes=CHANGES)
@example(changes=[(0.5, b"")])
def test_a_damaged_workbook_is_refused_as_a_bad_file_or_reads_as_records(changes):
    try:
        found = read_release(f"{NAME}.xlsx", changed(release_xlsx(RECORDS), changes))
    except BadFile as refusal:
        assert str(refusal)
    else:
        assert found.records


@settings(PATIENT, max_examples=100)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_as_a_bad_file(content):
    with pytest.raises(BadFile):
        read_release(f"{NAME}.txt", content)
