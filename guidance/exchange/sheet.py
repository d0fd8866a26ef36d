"""Guidance as a sheet: a row for each statement, for those who write in a spreadsheet.

Each edition stands whole: all rows of one scope, key and valid_from. UTF-8 with the mark by which
Excel knows it. A cell that a spreadsheet would take for a formula is written with an apostrophe
before it, which reading takes away again.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from guidance.content import TEXTS
from guidance.exchange.plain import clean
from guidance.pack import SCOPES, BadPack, GuidanceFile

COLUMNS = (
    "scope",
    "key",
    "valid_from",
    "topic",
    "name",
    "payer_class",
    "relation",
    "context",
    "text",
    "causes",
    "remedy",
    "deadline",
    "rarcs",
    "from",
    "until",
    "sources",
)
# The column `name` says what the row is about: the file's own name for it.
NAMED_BY = {"denials": "category", "modifiers": "code", "faqs": "question"}
LONGEST_CELL = 200_000
# A cell that Excel, LibreOffice or Google Sheets reads as a formula, in full width too, with any
# apostrophes that we or an author put before it.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")

# One edition: scope, key, valid_from, topics in the form of guidance.exchange.plain.
Edition = tuple[str, str, str, dict[str, Any]]


def inert(cell: str) -> str:
    """The cell as no spreadsheet computes it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """The cell as it was before `inert`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def written(editions: Iterable[Edition]) -> bytes:
    """The sheet of these editions."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for scope, key, valid_from, topics in editions:
        subject = {"scope": scope, "key": key, "valid_from": valid_from}
        for topic, value in topics.items():
            for row in _rows(topic, value):
                cells = subject | {"topic": topic} | row
                writer.writerow({name: inert(cell) for name, cell in cells.items()})
    return text.getvalue().encode("utf-8-sig")


def read(name: str, content: bytes) -> Iterator[GuidanceFile]:
    """The subjects of a sheet, each as a guidance file that knows its lines. Raises BadPack."""
    sheets: dict[tuple[str, str], _Sheet] = {}
    for line, row in _read_rows(name, content):
        scope, key = row["scope"].strip(), row["key"].strip()
        if scope not in SCOPES.values() or not key:
            raise BadPack(
                f"{name}, line {line}: Name a section, family, trait or code, and its key."
            )
        sheet = sheets.setdefault((scope, key), _Sheet(scope, key))
        try:
            sheet.add(row, line)
        except BadPack as error:
            raise BadPack(f"{name}, line {line}: {error}") from error
    return (GuidanceFile(name, sheet) for sheet in sheets.values())


def _read_rows(name: str, content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells of each row that says something."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadPack(f"{name}: Save it as CSV UTF-8; this is another encoding.") from error
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    if missing := set(COLUMNS) - set(reader.fieldnames or ()):
        raise BadPack(f"{name}, line 1: There is no column {', '.join(sorted(missing))}.")
    line = 2
    try:
        for row in reader:
            if None in row:
                raise BadPack(f"{name}, line {line}: There are more cells than columns.")
            cells = {column: clean(restored(row[column])) for column in COLUMNS}
            if any(cell.strip() for cell in cells.values()):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadPack(f"{name}, line {line}: This is not a sheet: {error}.") from error


@dataclass
class _Sheet:
    """What the rows say of one subject, as a guidance file would."""

    scope: str
    key: str
    _editions: dict[str, dict[str, Any]] = field(default_factory=dict)
    _lines: dict[tuple, int] = field(default_factory=dict)
    _first: int = 0

    @property
    def value(self) -> dict:
        revisions = [
            {"valid_from": day, "note": "From a sheet."} | _whole(self._editions[day])
            for day in sorted(self._editions)
        ]
        return {self.scope: self.key, "revisions": revisions}

    def line(self, path: tuple) -> int:
        """The line of the row that a path leads to, or of the first row of all."""
        if len(path) < 3 or path[0] != "revisions":
            return self._first
        day = sorted(self._editions)[path[1]]
        rest = (day, *path[2:])
        lengths = range(len(rest), 0, -1)
        return next(
            (self._lines[rest[:n]] for n in lengths if rest[:n] in self._lines), self._first
        )

    def add(self, cells: dict[str, str], line: int) -> None:
        self._first = self._first or line
        day, topic = _day(cells["valid_from"]), cells["topic"].strip()
        topics = self._editions.setdefault(day, {})
        if topic in TEXTS:
            if topic in topics:
                raise BadPack(f"The topic {topic} stands twice.")
            topics[topic] = {"text": cells["text"]} | _sources(cells)
            place: tuple = ()
        elif topic == "suppress":
            keys = topics.setdefault(topic, {}).setdefault(cells["context"], [])
            keys.append(cells["name"])
            place = (cells["context"], len(keys) - 1)
        elif topic in _READ:
            rows = topics.setdefault(topic, [])
            rows.append(_READ[topic](cells))
            place = (len(rows) - 1,)
        else:
            raise BadPack(f"There is no topic {topic!r}.")
        self._lines.setdefault((day,), line)
        self._lines.setdefault((day, topic), line)
        self._lines[day, topic, *place] = line


def _whole(topics: dict[str, Any]) -> dict[str, Any]:
    """An edition that carries nothing over from the one before it."""
    nothing: dict[str, Any] = dict.fromkeys(TEXTS)
    nothing |= {topic: [] for topic in _READ} | {"suppress": {}}
    return nothing | topics


def _day(cell: str) -> str:
    """The day as year-month-day. Excel in the United States writes 1/31/2026 when it saves."""
    try:
        return datetime.strptime(cell.strip(), "%m/%d/%Y").date().isoformat()
    except ValueError:
        return cell.strip()


def _rows(topic: str, value: Any) -> Iterator[dict[str, str]]:
    """The cells of each row of a topic, but for the subject's."""
    if topic in TEXTS:
        yield {"text": value["text"], "sources": _source_cell(value)}
    elif topic == "specialties":
        yield from ({"name": slug} for slug in value)
    elif topic == "suppress":
        for name, keys in value.items():
            yield from ({"name": key, "context": name} for key in keys)
    else:
        yield from (_row_cells(topic, row) for row in value)


def _row_cells(topic: str, row: dict) -> dict[str, str]:
    cells = {name: value for name, value in row.items() if name in COLUMNS}
    cells |= {"sources": _source_cell(row)}
    if topic == "companions":
        cells["name"] = f"CPT {row['cpt']}" if "cpt" in row else row["code"]
    elif topic in NAMED_BY:
        cells["name"] = row[NAMED_BY[topic]]
    if topic == "faqs":
        cells["text"] = row["answer"]
    if "rarcs" in row:
        cells["rarcs"] = " ".join(row["rarcs"])
    return cells


def _filled(cells: dict[str, str], *names: str) -> dict[str, str]:
    return {name: cells[name] for name in names if cells[name]}


def _coverage(cells: dict[str, str]) -> dict:
    return {"payer_class": cells["payer_class"], "text": cells["text"]} | _sources(cells)


def _denial(cells: dict[str, str]) -> dict:
    row = {"category": cells["name"]} | _filled(cells, "payer_class", "deadline")
    row |= {name: cells[name] for name in ("causes", "remedy", "text")}
    return row | {"rarcs": cells["rarcs"].split()} | _sources(cells)


def _modifier(cells: dict[str, str]) -> dict:
    row = {"code": cells["name"], "relation": cells["relation"]}
    dates = {name: _day(cells[name]) for name in ("from", "until") if cells[name].strip()}
    return row | _filled(cells, "context", "text") | dates | _sources(cells)


def _companion(cells: dict[str, str]) -> dict:
    system, _, number = cells["name"].rpartition(" ")
    partner = {"cpt": number} if system == "CPT" else {"code": cells["name"]}
    return partner | {"relation": cells["relation"]} | _filled(cells, "context")


def _faq(cells: dict[str, str]) -> dict:
    return {"question": cells["name"], "answer": cells["text"]} | _sources(cells)


_READ: dict[str, Any] = {
    "coverage": _coverage,
    "denials": _denial,
    "modifiers": _modifier,
    "companions": _companion,
    "faqs": _faq,
    "specialties": lambda cells: cells["name"],
}


# The column `sources`: one a line, id | locator | quote


def _source_cell(row: dict) -> str:
    return "\n".join(_source_line(one) for one in row.get("sources", ()))


def _source_line(one: str | dict) -> str:
    if isinstance(one, str):
        return one
    parts = [one["id"], one.get("locator", ""), one.get("quote", "")]
    return " | ".join(_escaped(part) for part in parts).removesuffix(" | ")


def _sources(cells: dict[str, str]) -> dict:
    found = [_source(line) for line in cells["sources"].split("\n") if line.strip()]
    return {"sources": found} if found else {}


def _source(line: str) -> dict:
    parts = [_unescaped(part) for part in re.split(r" \| ?", line)]
    if len(parts) > 3:
        raise BadPack("A source is written: id | locator | quote.")
    return dict(zip(("id", "locator", "quote"), parts, strict=False))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\p").replace("\n", "\\n")


def _unescaped(text: str) -> str:
    meant = {"\\\\": "\\", "\\p": "|", "\\n": "\n"}
    return re.sub(r"\\[\\pn]", lambda found: meant[found[0]], text)
