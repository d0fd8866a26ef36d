"""CMS's drug files of a quarter: which names of drugs go with which codes.

Two are read, comma-separated or as a workbook, with whatever lines stand above the headings: the
crosswalk from NDC to HCPCS (a row a package, with the name on its label) and the payment limits
(a row a code). Rows of codes that are not HCPCS Level II are passed over.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from codes.importer.archive import read_table
from codes.importer.records import BadFile

HEADINGS_WITHIN = 40  # rows
LONGEST_NAME = 120  # characters
CODE = re.compile(r"[A-V]\d{4}")
OF_ANOTHER_SYSTEM = re.compile(r"\d{5}|\d{4}[A-Z]|D\d{4}")
QUARTER = re.compile(r"\b(January|April|July|October)\s+(20\d\d)\b", re.IGNORECASE)
MONTHS = {"01": "January", "04": "April", "07": "July", "10": "October"}
DOSE = re.compile(
    r"\b(?:per )?[\d.,/]+ ?(?:mg|mcg|gm?|ml|cc|iu|i\.u\.|units?|meq|mci|mil|billion|millicurie|mm|%)\b"
)
FORM = re.compile(r"\b(?:injection|inj|infusion|per|nos|not otherwise specified|unit|dose|im|iv)\b")
SHORTEST_NAME = 4  # letters that a code's short text must leave to be a name


@dataclass(frozen=True)
class DrugName:
    """A name and a code; `place` orders the codes of one name by how many packages bear both."""

    name: str
    is_brand: bool
    code: str
    place: int


@dataclass(frozen=True)
class DrugNames:
    """What a file says: `layout` is crosswalk or pricing, `quarter` such as January 2026."""

    layout: str
    quarter: str
    names: list[DrugName]
    passed_over: int  # rows of codes that are not HCPCS Level II


@dataclass(frozen=True)
class _Row:
    line: int
    code: str
    name: str
    text: str


def read_drug_names(name: str, content: bytes) -> DrugNames:
    """The names in CMS's file; BadFile, naming file, line and rule, where it is not such a file."""
    try:
        return _read(name, read_table(content))
    except BadFile as error:
        error.file = name
        raise


def _read(name: str, table: list[list[str]]) -> DrugNames:
    header = _header(table)
    headings = [_heading(cell) for cell in table[header]]
    layout = "crosswalk" if "DRUGNAME" in headings else "pricing"
    rows, passed_over = _rows(table, header, headings, layout)
    if not rows:
        raise BadFile("Below its headings there is no row of a HCPCS code.")
    found = _named_by_label(rows) if layout == "crosswalk" else _named_by_text(rows)
    return DrugNames(layout, _quarter(name, table[:header]), list(found), passed_over)


def _heading(cell: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", cell.upper())


def _is_code_heading(heading: str) -> bool:
    return heading == "HCPCSCODE" or re.fullmatch(r"(20\d\d)?CODE", heading) is not None


def _header(table: list[list[str]]) -> int:
    for place, row in enumerate(table[:HEADINGS_WITHIN]):
        headings = {_heading(cell) for cell in row}
        is_one = any(map(_is_code_heading, headings)) and "SHORTDESCRIPTION" in headings
        if is_one and headings & {"DRUGNAME", "PAYMENTLIMIT"}:
            return place
    raise BadFile(
        "None of its first rows has the headings of CMS's drug files: the code, Short Description, "
        "and Drug Name (crosswalk) or Payment Limit (pricing).",
        "Give CMS's ASP NDC-HCPCS crosswalk or its ASP pricing file, as CSV or xlsx.",
    )


def _rows(
    table: list[list[str]], header: int, headings: Sequence[str], layout: str
) -> tuple[list[_Row], int]:
    place_of_code = next(i for i, heading in enumerate(headings) if _is_code_heading(heading))
    place_of_text = headings.index("SHORTDESCRIPTION")
    place_of_name = headings.index("DRUGNAME") if layout == "crosswalk" else place_of_text
    rows, passed_over = [], 0
    for line, cells in enumerate(table[header + 1 :], header + 2):
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) < 2:  # blank, or a note below the table
            continue
        if len(cells) <= max(place_of_code, place_of_text, place_of_name):
            raise BadFile("The row has fewer cells than there are columns.", line=line)
        code = cells[place_of_code].strip().upper()
        if OF_ANOTHER_SYSTEM.fullmatch(code):
            passed_over += 1
            continue
        if not CODE.fullmatch(code):
            raise BadFile(f"{code[:20]!r} is no HCPCS code.", line=line)
        rows.append(_Row(line, code, _name(cells[place_of_name], line), cells[place_of_text]))
    return rows, passed_over


def _name(cell: str, line: int) -> str:
    """The name without what marks it as a trade mark; what a wrong decoding left at its end goes
    too."""
    name = re.sub(r"[^\w)%]+$", "", " ".join(cell.split()), flags=re.ASCII)
    if not name:
        raise BadFile("The row names no drug.", line=line)
    if len(name) > LONGEST_NAME:
        raise BadFile(f"The name of the drug is longer than {LONGEST_NAME} characters.", line=line)
    return name


def _named_by_label(rows: Iterable[_Row]) -> Iterator[DrugName]:
    """Each name on a label with its codes, the code of most packages first."""
    packages: dict[str, Counter[str]] = defaultdict(Counter)
    spelled: dict[str, _Row] = {}
    for row in rows:
        packages[row.name.casefold()][row.code] += 1
        spelled.setdefault(row.name.casefold(), row)
    for folded, codes in packages.items():
        row = spelled[folded]
        by_number = sorted(codes, key=lambda code: (-codes[code], code))
        for place, code in enumerate(by_number, start=1):
            yield DrugName(row.name, _is_brand(row), code, place)


def _is_brand(row: _Row) -> bool:
    """Whether the label says something else than the code's text: that names the substance."""
    first = re.split(r"[^a-z]+", row.name.casefold())[0]
    return first[:6] not in row.text.casefold()


def _named_by_text(rows: Iterable[_Row]) -> Iterator[DrugName]:
    """What is left of each code's short text without its dose and form."""
    for row in rows:
        name = FORM.sub(" ", DOSE.sub(" ", row.text.casefold()))
        name = " ".join(re.sub(r"[^a-z0-9\-/]+", " ", name).split())
        if sum(letter.isalpha() for letter in name) >= SHORTEST_NAME:
            yield DrugName(name, False, row.code, 1)


def _quarter(name: str, above: Iterable[Sequence[str]]) -> str:
    """The quarter that the lines above the headings name, else the file's name; else nothing."""
    if said := QUARTER.search(" ".join(cell for row in above for cell in row)):
        return f"{said[1].capitalize()} {said[2]}"
    named = re.search(r"(20\d\d)[-_](01|04|07|10)\b", name)
    return f"{MONTHS[named[2]]} {named[1]}" if named else ""
