"""Codes that were probably meant where no such code is listed."""

from codes.converters import canonical_code, folded
from codes.models import Code


def nearest(code: str, limit: int = 5) -> list[str]:
    """Listed codes that are one slip away from a code that is not: one character wrong, two
    swapped, one missing or one too many."""
    return list(
        Code.objects.listed()
        .filter(code__in=_one_slip_away(folded(code)))
        .values_list("code", flat=True)[:limit]
    )


def _one_slip_away(code: str) -> set[str]:
    """Everything of a code's shape that one slip makes of `code`."""
    code = code[:8]
    characters = "ABCDEFGHIJKLMNOPQRSTUV0123456789"
    cuts = [(code[:place], code[place:]) for place in range(len(code) + 1)]
    spelled = {head + tail[1:] for head, tail in cuts if tail}
    spelled |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    spelled |= {head + c + tail[1:] for head, tail in cuts if tail for c in characters}
    spelled |= {head + c + tail for head, tail in cuts for c in characters}
    return {one for one in spelled if canonical_code(one) == one and one != code}
