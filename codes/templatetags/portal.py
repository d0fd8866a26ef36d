"""How the pages put dates, origins, citations and releases into words."""

import re
from collections.abc import Mapping
from datetime import date
from html import unescape

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from codes.decoding import FIELDS
from codes.differences import Marked, marked
from codes.models import CodeChange, Release
from codes.models.code import Period
from codes.models.entry import PAGES

register = template.Library()

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
FIELD_LABELS = {name: label for name, label, _ in FIELDS} | {
    "short": "Short description",
    "long": "Description",
    "added": "Add date",
    "terminated": "Last day of use",
    "processing_note": "Processing note number",
}
# As the headings of a page call them.
TOPIC_TITLES = {
    "summary": "the summary",
    "unit": "what one unit is",
    "claim_to": "who gets the claim",
    "documentation": "documentation",
    "denials": "denials",
    "coverage": "coverage",
    "companions": "companion codes",
    "modifiers": "modifiers",
    "specialties": "specialties",
    "faqs": "questions",
}


@register.filter
def day(value: date | str | None) -> SafeString | str:
    """A date, or its ISO text, for people and machines; nothing for none."""
    if not value:
        return ""
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), format_date(on, "M j, Y"))


@register.filter
def first_sentence(html: str) -> str:
    """The first sentence of an HTML text, as plain text of at most 40 words."""
    text = " ".join(unescape(strip_tags(html)).split())
    return Truncator(SENTENCE_END.split(text, maxsplit=1)[0]).words(40)


@register.filter
def status_on(period: Period, on: date) -> str:
    """active, ended or future."""
    return period.status_on(on)


@register.filter
def age_on(release: Release, on: date) -> str:
    """How old the release is on a date: `two quarters old`."""
    quarters = (on.year - release.quarter.year) * 4 + _quarter(on) - _quarter(release.quarter)
    if quarters < 0:
        return "not yet in force"
    if quarters == 0:
        return "this quarter’s"
    count = NUMBERS[quarters] if quarters < len(NUMBERS) else str(quarters)
    return f"{count} quarter{'' if quarters == 1 else 's'} old"


@register.filter
def reaches(release: Release, on: date) -> bool:
    """Whether the release speaks for a date, and none after it could say otherwise."""
    return release.reaches(on)


@register.filter
def field_label(name: str) -> str:
    """What a field of CMS's file is called on the pages."""
    return FIELD_LABELS.get(name, name.replace("_", " ").capitalize())


@register.filter
def words_changed_to(before: str, after: str) -> Marked:
    """The words of both texts in order, each marked `same`, `less` or `more`."""
    return marked(before.split(), after.split())


@register.filter
def not_reviewed_part(data: Mapping) -> str:
    """The topics that were not reviewed here, in words; empty where that is all that is said."""
    # An entry that an older composer stored does not tell them apart.
    topics = data["review"].get("not_reviewed", TOPIC_TITLES)
    seen = [topic for topic in TOPIC_TITLES if topic not in topics and data[topic]]
    titles = [title for topic, title in TOPIC_TITLES.items() if topic in topics]
    return ", ".join(titles) if seen else ""


@register.filter
def change_label(kind: str) -> str:
    return CodeChange.Kind(kind).label


@register.filter
def in_words(ranges: str) -> str:
    """A family's ranges for people: `A0021, A0225–A0999`."""
    return ranges.replace(";", ", ").replace("-", "–")


@register.filter
def of_key(mapping: Mapping, key):
    """The mapping's value for a key; nothing where it has none."""
    return mapping.get(key, "")


@register.simple_tag(takes_context=True)
def dated(context: Context) -> str:
    """What keeps the date of service that was asked for in a link: `?as_of=2024-05-01`, or nothing."""
    as_of = context.get("as_of")
    return f"?as_of={as_of.isoformat()}" if as_of else ""


@register.simple_tag
def entry_url(kind: str, key: str) -> str:
    """The address of the page that shows an entry."""
    return reverse(PAGES[kind], args=[key])


@register.inclusion_tag("components/origin.html")
def origin(source: Mapping, page_kind: str) -> dict:
    """Says for which group of codes a block was written, where it is not for this page's own."""
    is_own = source["scope"] == page_kind
    return {"origin": None if is_own else source, "url": None if is_own else _url(source)}


@register.inclusion_tag("components/citations.html")
def citations(cited: list[Mapping], sources: list[Mapping]) -> dict:
    """The numbers under which a block's sources stand in the page's list of sources."""
    numbers = {source["id"]: (number, source) for number, source in enumerate(sources, start=1)}
    found = [(*numbers[one["source"]], one["locator"]) for one in cited if one["source"] in numbers]
    return {"found": found}


def _url(source: Mapping) -> str:
    return entry_url(source["scope"], source["key"])


def _quarter(on: date) -> int:
    return (on.month - 1) // 3
