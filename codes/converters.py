"""How codes, modifiers and quarters are spelled, in addresses and by people."""

import re
from datetime import date
from unicodedata import normalize

LONGEST = 200  # characters that are looked at: some grow eighteenfold when they are made plain
CODE = re.compile(r"[A-V][0-9]{4}")
MODIFIER = re.compile(r"[A-Z0-9]{2}")
# What people put around or into a code: spaces, hyphens, dots, quotation marks, brackets.
_SEPARATORS = re.compile(r"[\s\-‐-―._'\",:;()\[\]#*]+")
# A code as it stands on a claim: with modifiers after it, or its name before it.
_ON_A_CLAIM = re.compile(r"(?:HCPCS|CODE)?([A-V][0-9]{4})(?:[A-Z0-9]{2}){0,4}")


def folded(text: str) -> str:
    """The text as a code would be written: `j-3490 ` becomes `J3490`."""
    return _SEPARATORS.sub("", normalize("NFKC", text[:LONGEST])).upper()


def canonical_code(text: str) -> str | None:
    """The HCPCS Level II code that the text spells, in capitals; None where it spells none."""
    spelled = folded(text)
    return spelled if CODE.fullmatch(spelled) else None


def code_on_a_claim(text: str) -> str | None:
    """The code in what was typed or pasted: `J3490-JW`, `HCPCS J3490`, `J349O` with a letter O."""
    spelled = folded(text)
    if len(spelled) == 5:
        spelled = spelled[0] + spelled[1:].replace("O", "0").replace("I", "1").replace("L", "1")
    found = _ON_A_CLAIM.fullmatch(spelled)
    return found[1] if found else None


def canonical_modifier(text: str) -> str | None:
    """The modifier that the text spells, in capitals; None where it spells none."""
    spelled = folded(text)
    return spelled if MODIFIER.fullmatch(spelled) else None


class CodeConverter:
    """A code in its one right spelling."""

    regex = CODE.pattern

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ModifierConverter(CodeConverter):
    """A modifier in its one right spelling."""

    regex = MODIFIER.pattern


class QuarterConverter:
    """The first day of a quarter, written as its year and month: 2025-10."""

    regex = r"[0-9]{4}-(?:01|04|07|10)"

    def to_python(self, value: str) -> date:
        """Raises ValueError, which Django reads as "no such address", for the year 0000."""
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        return f"{value:%Y-%m}"
