"""What to tell a reader whose code is not here: which kind of mistake it is."""

import re
from dataclasses import dataclass
from datetime import date

from codes.converters import canonical_code, folded
from codes.models import CodeVersion
from codes.pages.listing import in_order
from codes.search import nearest

LONGEST_SHOWN = 40  # characters
LENGTHS_OF_A_SLIP = (4, 5, 6)


@dataclass(frozen=True)
class Unknown:
    """A code that has no page: what it looks like, why, and the codes within a slip of it."""

    asked: str
    reason: str
    is_other_system: bool
    nearest: list[CodeVersion]


# The first pattern that fits gives the reason.
OTHER_SYSTEMS = (
    (
        r"\d{5}|\d{4}[FTUM]",
        "This looks like a CPT code. CPT is a registered trademark of the American Medical "
        "Association, which owns and licenses its texts; they are not shown here.",
    ),
    (
        r"D\d{4}",
        "This looks like a dental (CDT) code. The American Dental Association owns and licenses "
        "those; CMS's public file leaves them out, and so do we.",
    ),
    (r"\d{10,11}", "This looks like a national drug code (NDC), not a HCPCS Level II code."),
)
SLIPS = (
    (r"\d{4}", "A HCPCS Level II code begins with a letter. Which one was meant?"),
    (
        r"[INOW-Z]\d{4}",
        "No HCPCS Level II code begins with this letter: they run from A to V, "
        "and the letters I, N and O are not used.",
    ),
    (r"[A-V]\d{4}", "It has the right form, but no release imported here has ever listed it."),
)
MALFORMED = "A HCPCS Level II code is one letter from A to V and four digits, such as J3490."


def explain(text: str, on: date) -> Unknown:
    """Why there is no page for what was asked, and what may have been meant."""
    spelled = folded(text)
    other_system = _first_fit(OTHER_SYSTEMS, spelled)
    is_close = not other_system and len(spelled) in LENGTHS_OF_A_SLIP
    meant = nearest(spelled) if is_close else []
    return Unknown(
        asked=(canonical_code(text) or text.strip())[:LONGEST_SHOWN],
        reason=other_system or _first_fit(SLIPS, spelled) or MALFORMED,
        is_other_system=bool(other_system),
        nearest=in_order(CodeVersion.objects.read_on(on), meant),
    )


def _first_fit(reasons: tuple[tuple[str, str], ...], spelled: str) -> str:
    fits = (why for pattern, why in reasons if re.fullmatch(pattern, spelled, re.ASCII))
    return next(fits, "")
