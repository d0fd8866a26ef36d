"""Which quarter a file is for, and which re-issue of that quarter it is."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from codes.importer.records import BadFile, Record

_MONTHS = {"jan": 1, "apr": 4, "jul": 7, "oct": 10}
_MONTH = r"(?P<month>jan|apr|jul|oct)(?:uary|il|y|ober)?(?![a-z])"
_YEAR = r"(?P<year>20[0-9]{2})(?![0-9])"
_NAMED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}[ _.-]*{_MONTH}",
        rf"(?<![a-z]){_MONTH}[ _.-]*{_YEAR}",
        r"(?<![0-9])(?P<year>20[0-9]{2})[_-](?P<month>01|04|07|10)(?![0-9])",
    )
)
_VERSION = re.compile(r"(?<![a-z0-9])v([0-9]{1,2})(?![a-z0-9])", re.IGNORECASE)
_DATED = re.compile(r"(?<![0-9])([0-9]{8})(?![0-9])")


def quarter_of(day: date) -> date:
    """The first day of the quarter this day is in."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def find_quarter(names: Iterable[str], records: list[Record]) -> date:
    """The quarter the first telling name gives, else that of the latest actions in the file.

    BadFile where neither says it.
    """
    for name in names:
        quarter = named_quarter(name)
        if quarter:
            return quarter
    return _acted_quarter(records)


def named_quarter(name: str) -> date | None:
    """2025-10-01 for HCPC2025_OCT_ANWEB_v3.txt, october-2025-….zip or hcpcs-2025-10.csv."""
    for pattern in _NAMED:
        found = pattern.search(name)
        if found:
            month = found["month"].lower()
            return date(int(found["year"]), _MONTHS.get(month) or int(month), 1)
    return None


def _acted_quarter(records: list[Record]) -> date:
    """The latest quarter with actions in it; in a whole file a few stray dates do not count."""
    acted = (record.action_date or record.added for record in records)
    quarters = Counter(quarter_of(day) for day in acted if day)
    enough = max(1, len(records) // 2000)
    told = [quarter for quarter, actions in quarters.items() if actions >= enough]
    if not told:
        raise BadFile(
            "Neither its name nor a date in it says which quarter it is for.",
            "Name the quarter, such as 2025-10.",
        )
    return max(told)


def issue(names: Iterable[str], sha256: str) -> tuple[str, str]:
    """The label and the rank of a re-issue: "v3", "20260112", "" as its name tells.

    Ranks compare as text: by v-number, then by date. Content decides between equals, so that the
    same files rank alike wherever and whenever they are imported.
    """
    version, dated = 0, ""
    for name in reversed(list(names)):
        version = _version(name) or version
        dated = _dated(name) or dated
    label = "-".join(part for part in (f"v{version}" if version else "", dated) if part)
    return label, f"{version:02d}.{dated or '00000000'}.{sha256[:12]}"


def _version(name: str) -> int:
    found = _VERSION.search(name)
    return int(found[1]) if found else 0


def _dated(name: str) -> str:
    """CMS's MMDDYYYY suffix as YYYYMMDD; "" where there is none."""
    for digits in _DATED.findall(name):
        try:
            return f"{datetime.strptime(digits, '%m%d%Y'):%Y%m%d}"
        except ValueError:
            continue
    return ""
