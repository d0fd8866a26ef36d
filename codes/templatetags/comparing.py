"""Which codes to lay beside a code."""

from collections.abc import Mapping

from django import template

register = template.Library()

BESIDE = 4  # with the code itself, as many as are compared


@register.filter
def nearest(data: Mapping) -> list[str]:
    """Of the neighbours in a code's family those next to it, in the order of codes."""
    own = int(data["code"][1:])
    codes = [other["code"] for other in data["related"]]
    near = sorted(codes, key=lambda code: (code[0] != data["code"][0], abs(int(code[1:]) - own)))
    return sorted(near[:BESIDE])
