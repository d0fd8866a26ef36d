"""What a page says of itself to search engines and to those who share its address."""

import json
from collections.abc import Mapping

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# A script's text ends at the first "</script", wherever that stands.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
GUIDANCE_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@register.filter
def as_title(text: SafeString) -> SafeString:
    """The page's title, for its window and for those who share it."""
    return format_html('<title>{0}</title>\n<meta property="og:title" content="{0}">', text)


@register.filter
def as_description(text: SafeString) -> SafeString:
    return format_html(
        '<meta name="description" content="{0}">\n<meta property="og:description" content="{0}">',
        text,
    )


@register.simple_tag(takes_context=True)
def canonical(context: Context) -> SafeString:
    """The one address of this page: a date of service or a filter is another view of the same."""
    address = context["request"].build_absolute_uri(context["request"].path)
    page = context.get("page")
    if page and page.number > 1:
        address += f"?page={page.number}"
    return format_html(
        '<link rel="canonical" href="{0}">\n<meta property="og:url" content="{0}">', address
    )


@register.simple_tag(takes_context=True)
def breadcrumb_data(context: Context) -> SafeString | str:
    """schema.org's BreadcrumbList of what components/breadcrumb.html shows."""
    if "request" not in context or context.get("draft"):
        return ""
    steps = [(reverse("codes:home"), "Home")]
    steps += [(context.get(f"url{n}"), context.get(f"title{n}")) for n in (1, 2)]
    steps += [(context["request"].path, context["here"])]
    absolute = context["request"].build_absolute_uri
    items = [
        {"@type": "ListItem", "position": position, "name": str(name), "item": absolute(url)}
        for position, (url, name) in enumerate(filter(all, steps), start=1)
    ]
    return _script({"@type": "BreadcrumbList", "itemListElement": items})


@register.simple_tag(takes_context=True)
def code_data(context: Context) -> SafeString | str:
    """schema.org's MedicalWebPage about the MedicalCode that the page describes."""
    if "request" not in context or context.get("draft"):
        return ""
    data = context["data"]
    page = {
        "@type": "MedicalWebPage",
        "url": context["request"].build_absolute_uri(context["request"].path),
        "name": f"{data['code']}: {data['title']}",
        "inLanguage": "en-US",
        "license": GUIDANCE_LICENCE,
        "about": {
            "@type": "MedicalCode",
            "codeValue": data["code"],
            "codingSystem": "HCPCS Level II",
            "name": data["descriptors"]["short"],
            "description": data["descriptors"]["long"],
        },
    }
    return _script(page | _review(data))


@register.simple_tag(takes_context=True)
def dataset_data(context: Context) -> SafeString:
    """schema.org's Dataset: the codes and the guidance as the API gives them."""
    absolute = context["request"].build_absolute_uri
    dataset = {
        "@type": "Dataset",
        "name": "HCPCS Level II codes with billing guidance",
        "description": "Every HCPCS Level II code as CMS publishes it, by date of service, with "
        "sourced guidance on units, documentation, modifiers and denials.",
        "url": absolute(context["request"].path),
        "license": GUIDANCE_LICENCE,
        "isBasedOn": "https://www.cms.gov/medicare/coding-billing/"
        "healthcare-common-procedure-system/quarterly-update",
        "distribution": {
            "@type": "DataDownload",
            "contentUrl": absolute(reverse("api:code-list")),
            "encodingFormat": "application/json",
        },
    }
    if release := context.get("release"):
        dataset |= {"version": release.key, "dateModified": release.published_at.isoformat()}
    return _script(dataset)


def _review(data: Mapping) -> dict[str, str]:
    reviewed = data["review"]["reviewed_on"]
    return {"lastReviewed": reviewed} if reviewed else {}


def _script(thing: Mapping) -> SafeString:
    text = json.dumps({"@context": "https://schema.org"} | dict(thing), ensure_ascii=False)
    # A block of data, which no browser runs; nothing in it can end it.
    return mark_safe(f'<script type="application/ld+json">{text.translate(ESCAPES)}</script>')  # noqa: S308
