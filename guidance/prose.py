"""Editors' Markdown made safe HTML, and CPT numbers in prose.

Rendered once, at publishing: the renderer is quadratic on hostile input, hence the length cap. The
forms of guidance.admin.revision hold it for editors, guidance/pack_schema.yaml for packs. CPT is
written `{cpt:96372}` and stays so until an entry is composed, since CPT_DISPLAY decides how it reads.
"""

import re
from collections.abc import Mapping

import nh3
from markdown_it import MarkdownIt

MAX_LENGTH = 20_000
CPT = re.compile(r"\{cpt:(\w+)\}")

_markdown = MarkdownIt("js-default").disable(
    ["image", "heading", "lheading", "table", "html_block"]
)
_TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "code", "br", "blockquote"}


def render(text: str) -> str:
    """Sanitised HTML of a Markdown text of at most MAX_LENGTH characters."""
    return nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https"},
        link_rel="noopener nofollow",
    ).strip()


def name_cpt(text: str, labels: Mapping[str, tuple[str, str]], display: str) -> str:
    """The text with each `{cpt:…}` in words.

    `labels` gives a number's own label and its group; `display` is the setting CPT_DISPLAY:
    `labels` says number and label, `numbers` the number alone, `off` only the group.
    """

    def words(match: re.Match) -> str:
        number = match[1]
        label, group = labels.get(number, ("", "a procedure outside HCPCS Level II"))
        if display == "off":
            return group
        return f"CPT {number} ({label})" if display == "labels" and label else f"CPT {number}"

    return CPT.sub(words, text)
