"""Pictures beside figures, drawn on the server. What they show always stands in the text too."""

from collections.abc import Mapping
from datetime import date

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from codes.timeline import TEXTS, timeline, wordings

register = template.Library()


@register.simple_tag
def bar(count: int, largest: int) -> SafeString:
    """A bar as long as the count's share of the largest one; none for a count of nothing."""
    width = round(100 * count / largest, 1) if largest else 0
    return format_html(
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="4"/></svg>',
        width,
    )


@register.inclusion_tag("components/life.html")
def life(data: Mapping, on: date) -> dict:
    """The timeline of a code's entry document, with the date that the page speaks for."""
    return {"data": data, "on": on, "line": timeline(data["periods"], data["versions"], on)}


@register.inclusion_tag("components/history.html", takes_context=True)
def history(context: Context) -> dict:
    """What has happened to the code of a page: its life, its wordings, CMS's other changes."""
    data = context["data"]
    return {
        "data": data,
        "on": context["on"],
        "wordings": wordings(data["periods"], data["versions"]),
        "changes": [one for one in data["history"] if one["field"] not in TEXTS],
    }
