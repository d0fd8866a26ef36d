"""How the figures of the estimate are written; js/estimate.js writes them the same way."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from django import template

register = template.Library()
CENT = Decimal("0.01")
NOTHING_YET = "–"


@register.filter
def dollars(amount: Decimal | None) -> str:
    """`$1,234.50`; a dash while there is none."""
    return f"${_rounded(amount):,.2f}" if isinstance(amount, Decimal) else NOTHING_YET


@register.filter
def number(amount: Decimal | None) -> str:
    """`1,234` or `1,234.5`, with two decimals at most."""
    if not isinstance(amount, Decimal):
        return NOTHING_YET
    return f"{_rounded(amount):,.2f}".removesuffix("0").removesuffix(".0")


@register.filter
def figure(typed: Mapping[str, str], name: str) -> str:
    """What was typed in the field of this name."""
    return typed[name]


def _rounded(amount: Decimal) -> Decimal:
    return abs(amount).quantize(CENT, ROUND_HALF_UP)
