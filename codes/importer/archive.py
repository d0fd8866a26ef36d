"""A release file of whatever kind, told by its content: text, comma-separated, workbook, zip."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePosixPath

from codes.importer import fixed_width, spreadsheet
from codes.importer.assembly import Contents, assemble
from codes.importer.quarter import find_quarter, issue, named_quarter, quarter_of
from codes.importer.records import BadFile, ReleaseFile

MAX_SIZE = 64 << 20  # bytes, of a file and of all that a zip unpacks to
MAX_ENTRIES = 200
LONGEST_NAME = 200  # characters
MAX_RATIO = 100  # of a zip that unpacks to more than HARMLESS bytes
HARMLESS = 8 << 20
PEEK = 100_000  # bytes in which a record file shows itself

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK_PART = "xl/workbook.xml"
_ADVICE = "Give CMS's alpha-numeric record file (its name has ANWEB in it) or its zip."
_REPORTS = ("trans", "change", "correction", "proc_note", "noc", "layout", "readme", "read_me")
_SPREADSHEETS = (".xlsx", ".xls")
_TEXTS = (".txt", ".csv")


def read_path(path: Path) -> bytes:
    """What the file on disk holds; BadFile where it cannot be read or is no file, or too large."""
    try:
        if path.exists() and not path.is_file():  # a device or a pipe may never end
            raise BadFile("It cannot be read: it is no file.", "Check the path.", file=str(path))
        if path.stat().st_size > MAX_SIZE:
            raise _too_large(path.name)
        return path.read_bytes()
    except OSError as error:
        problem = f"It cannot be read ({error.strerror or 'unknown error'})."
        raise BadFile(problem, "Check the path.", file=str(path)) from None


def read_release(name: str, content: bytes, quarter: date | None = None) -> ReleaseFile:
    """One release from CMS's text, its spreadsheet (also comma-separated), or a zip with either.

    `quarter` is any day of the quarter; without it the name says it, else the latest actions in
    the file. BadFile, naming the file, where it is damaged, not CMS's record file, or too large.
    """
    if len(content) > MAX_SIZE:
        raise _too_large(name)
    _check_name(name)
    names = [name]
    try:
        if _is_archive(content):
            member, content_read = _record_member(content)
            names = [PurePosixPath(member).name, name]
        else:
            content_read = content
        contents = _read(content_read)
        found = quarter_of(quarter) if quarter else find_quarter(names, contents.records)
    except BadFile as error:
        error.file = " in ".join(names)
        raise
    return _release_file(names, content, found, contents)


def read_table(content: bytes) -> list[list[str]]:
    """All rows of a workbook or of comma-separated text; BadFile where it can be neither."""
    if len(content) > MAX_SIZE:
        raise BadFile("The file is larger than any of CMS's.")
    if content.startswith((_OLD_WORKBOOK, *_ZIP)):
        if _is_archive(content):
            raise BadFile("It is a zip.", "Unpack it and give the CSV or xlsx file in it.")
        return spreadsheet.read_workbook(_checked_workbook(content))
    _check_text(content)
    return spreadsheet.read_csv(fixed_width.decode(content))


def _release_file(
    names: list[str], content: bytes, quarter: date, contents: Contents
) -> ReleaseFile:
    sha256 = hashlib.sha256(content).hexdigest()
    label, rank = issue(names, sha256)
    return ReleaseFile(
        name=names[-1],
        sha256=sha256,
        quarter=quarter,
        label=label,
        rank=rank,
        records=contents.records,
        record_count=contents.line_count,
        unknown_values=contents.unknown_values,
        notes=contents.notes,
    )


def _read(content: bytes) -> Contents:
    if content.startswith((_OLD_WORKBOOK, *_ZIP)):
        rows = spreadsheet.read_workbook(_checked_workbook(content))
        return assemble(spreadsheet.read_rows(rows))
    _check_text(content)
    text = fixed_width.decode(content)
    if _is_csv(text):
        return assemble(spreadsheet.read_rows(spreadsheet.read_csv(text)))
    return assemble(fixed_width.read_lines(text))


def _check_name(name: str) -> None:
    """BadFile for a name that cannot be kept with the release."""
    text = name.encode(errors="replace").decode()
    if text != name or len(name) > LONGEST_NAME:
        raise BadFile(
            f"Its name is longer than {LONGEST_NAME} characters, or holds what is no text.",
            "Rename the file.",
            file=text[:40],
        )


def _is_csv(text: str) -> bool:
    lines = text.split("\n", spreadsheet.HEADINGS_WITHIN)[: spreadsheet.HEADINGS_WITHIN]
    return spreadsheet.has_headings([line.replace('"', "").split(",") for line in lines])


def _check_text(content: bytes) -> None:
    """BadFile for what is plainly something else, in words that say what."""
    beginning = content[:1024].lstrip().lower()
    if not content.strip():
        raise BadFile("The file is empty.")
    if beginning.startswith(b"%pdf"):
        raise BadFile("It is a PDF document.", _ADVICE)
    if beginning.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        raise BadFile(
            "It is a web page, perhaps an error page or a sign-in page.",
            "Download the file from CMS again and look at it before importing it.",
        )
    if b"\0" in content and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise BadFile("It is neither text nor a spreadsheet nor a zip.", _ADVICE)


def _is_archive(content: bytes) -> bool:
    """Whether it is a zip of files, rather than the zip that every workbook is."""
    return content.startswith(_ZIP) and _WORKBOOK_PART not in _open(content).namelist()


def _checked_workbook(content: bytes) -> bytes:
    if content.startswith(_ZIP):
        archive = _open(content)
        if _WORKBOOK_PART not in archive.namelist():
            raise BadFile("It is a zip within the zip.", "Unpack it and give what is inside.")
        _check_entries(archive)
    return content


def _open(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise BadFile("The zip or workbook is damaged or cut off.") from None


def _check_entries(archive: zipfile.ZipFile) -> None:
    """BadFile for zips made to harm: too many entries, too much inside, names that climb."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise BadFile(f"The zip has {len(entries)} entries, more than any of CMS's.", _ADVICE)
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MAX_SIZE or unpacked > max(HARMLESS, MAX_RATIO * packed):
        raise BadFile(f"The zip unpacks to {unpacked:,} bytes, more than any of CMS's.", _ADVICE)
    for entry in entries:
        path = entry.filename.replace("\\", "/")
        if path.startswith("/") or ":" in path or ".." in path.split("/"):
            raise BadFile(f"The zip has an entry that points outside it: {path[:80]}.", _ADVICE)
        if entry.flag_bits & 1:
            raise BadFile("The zip is locked with a password.", "Give it unlocked.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadFile("The zip is packed in a way that CMS does not use.", _ADVICE)


def _record_member(content: bytes) -> tuple[str, bytes]:
    """Name and content of the record file inside a zip; BadFile where there is none."""
    archive = _open(content)
    _check_entries(archive)
    candidates = list(_candidates(archive))
    _check_one_quarter(candidates)
    for entry in candidates:
        inside = _unpack(archive, entry)
        if inside.startswith((_OLD_WORKBOOK, *_ZIP)) or _has_records(inside):
            return entry.filename, inside
    raise BadFile("The zip holds no HCPCS record file.", _ADVICE)


def _candidates(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The members that may be the record file, the likeliest first; text before spreadsheet.

    Of several re-issues in one zip the latest comes first.
    """
    entries = [entry for entry in archive.infolist() if _may_be_records(entry.filename.lower())]
    entries.sort(key=lambda entry: entry.filename)
    entries.sort(key=lambda entry: issue([entry.filename], "")[1], reverse=True)
    entries.sort(key=lambda entry: _likeliness(entry.filename.lower()))
    yield from entries


def _check_one_quarter(entries: list[zipfile.ZipInfo]) -> None:
    quarters = {
        quarter: entry.filename for entry in entries if (quarter := named_quarter(entry.filename))
    }
    if len(quarters) > 1:
        first, second, *_ = (name[:80] for name in quarters.values())
        raise BadFile(
            f"The zip holds files of different quarters: {first} and {second}.",
            "Give each quarter's file by itself.",
        )


def _may_be_records(path: str) -> bool:
    name = PurePosixPath(path).name
    return (
        path.endswith(_TEXTS + _SPREADSHEETS)
        and not name.startswith((".", "~"))
        and not any(word in name for word in _REPORTS)
    )


def _likeliness(path: str) -> tuple[bool, bool, bool]:
    return "anweb" not in path, path.endswith(_SPREADSHEETS), path.endswith(".csv")


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(entry) as file:
            # No more than it says of itself: what it unpacks to may be another matter.
            return file.read(entry.file_size)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError):
        raise BadFile(f"{entry.filename} in the zip is damaged.") from None


def _has_records(content: bytes) -> bool:
    text = content[:PEEK].decode("cp1252", errors="replace")
    return _is_csv(text) or fixed_width.has_records(text)


def _too_large(name: str) -> BadFile:
    return BadFile(f"It is larger than {MAX_SIZE >> 20} MB.", _ADVICE, file=name)
