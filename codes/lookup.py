"""Finding the codes that were asked for, and saying why one is not here; for pages and REST."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from codes.converters import canonical_code, folded
from codes.models import CodeVersion, Release
from codes.querysets import VersionQuerySet
from codes.search import nearest

LONGEST_SHOWN = 40
WITHOUT_NEIGHBOURS = ("cpt", "cdt", "ndc", "not_loaded")
OTHER_SYSTEMS_KINDS = ("cpt", "cdt", "ndc")
LENGTHS_OF_A_SLIP = (4, 5, 6)


@dataclass(frozen=True)
class Unknown:
    """A code that has no entry: what it looks like, why, and the codes within a slip of it.

    `kind` is one of cpt, cdt, ndc, no_letter, no_such_letter, unlisted, not_loaded and
    malformed.
    """

    asked: str
    kind: str
    reason: str
    nearest: list[CodeVersion]


# The first pattern that fits gives the kind and the reason.
OTHER_SYSTEMS = (
    (
        r"\d{5}|\d{4}[FTUM]",
        "cpt",
        "This looks like a CPT code. CPT is a registered trademark of the American Medical "
        "Association, which owns and licenses its texts; they are not shown here.",
    ),
    (
        r"D\d{4}",
        "cdt",
        "This looks like a dental (CDT) code. The American Dental Association owns and licenses "
        "those; CMS's public file leaves them out, and so do we.",
    ),
    (
        r"\d{10,11}",
        "ndc",
        "This looks like a national drug code (NDC), not a HCPCS Level II code.",
    ),
    (
        r"\d{4}",
        "no_letter",
        "A HCPCS Level II code begins with a letter. Which one was meant?",
    ),
    (
        r"[INOW-Z]\d{4}",
        "no_such_letter",
        "No HCPCS Level II code begins with this letter; they run from A to V, without D, I, N "
        "and O.",
    ),
)
UNLISTED = "It has the right form, but none of the releases imported here has ever listed it."
NOT_LOADED = (
    "It has the right form and may well exist: only the starter pack’s codes are loaded here. A "
    "release of CMS brings them all."
)
MALFORMED = "A HCPCS Level II code is one letter from A to V and four digits, such as J3490."


def of_another_system(text: str) -> str:
    """What is to be said of a text that looks like another system's code; "" of any other."""
    kind, reason = _reason(text)
    return reason if kind in OTHER_SYSTEMS_KINDS else ""


def in_order(versions: VersionQuerySet, codes: Iterable[str]) -> list[CodeVersion]:
    """The versions of the codes, in the order of the codes, with all that a list shows."""
    wanted = list(codes)
    found = versions.filter(code__code__in=wanted)
    found = found.select_related("code__section", "code__family", "period")
    by_code = {version.code.code: version for version in found}
    return [by_code[code] for code in wanted if code in by_code]


def explain(text: str, on: date) -> Unknown:
    """Why there is no entry for what was asked, and what may have been meant."""
    code = canonical_code(text)
    kind, reason = _reason(text)
    newest = Release.objects.newest()
    if kind == "unlisted" and newest and newest.is_excerpt:
        kind, reason = "not_loaded", NOT_LOADED
    is_slip = kind not in WITHOUT_NEIGHBOURS and len(folded(text)) in LENGTHS_OF_A_SLIP
    return Unknown(
        asked=(code or text.strip())[:LONGEST_SHOWN],
        kind=kind,
        reason=reason,
        nearest=in_order(CodeVersion.objects.read_on(on), nearest(text)) if is_slip else [],
    )


def _reason(text: str) -> tuple[str, str]:
    spelled = folded(text)
    for pattern, kind, reason in OTHER_SYSTEMS:
        if re.fullmatch(pattern, spelled, re.ASCII):
            return kind, reason
    return ("unlisted", UNLISTED) if canonical_code(text) else ("malformed", MALFORMED)
