"""Editors' Markdown as safe HTML, and CPT numbers in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance.prose import name_cpt, render

LABELS = {"96372": ("Injection under the skin", "drug injection")}


def test_paragraphs_lists_and_bold_are_kept():
    assert render("One **two**\n\n- a\n- b") == (
        "<p>One <strong>two</strong></p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/p.png)",
        "<a href='data:text/html,x'>x</a>",
        "<svg/onload=alert(1)>",
    ],
)
def test_nothing_that_runs_or_loads_survives(hostile):
    html = render(hostile)

    assert "<script" not in html
    assert "<img" not in html
    assert "<svg" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_links_are_https_and_told_not_to_be_followed():
    assert render("[CMS](https://www.cms.gov/)") == (
        '<p><a href="https://www.cms.gov/" rel="noopener nofollow">CMS</a></p>'
    )


@given(st.text(max_size=300))
def test_only_the_allowed_tags_come_out(text):
    allowed = {"p", "ul", "ol", "li", "strong", "em", "a", "code", "br", "blockquote"}

    tags = {part.strip("/").split()[0].split(">")[0] for part in render(text).split("<")[1:]}

    assert tags <= allowed


@pytest.mark.parametrize(
    ("display", "expected"),
    [
        ("labels", "With CPT 96372 (Injection under the skin)."),
        ("numbers", "With CPT 96372."),
        ("off", "With drug injection."),
    ],
)
def test_cpt_reads_as_the_setting_wants(display, expected):
    assert name_cpt("With {cpt:96372}.", LABELS, display) == expected


def test_a_number_without_a_label_is_named_alone():
    assert name_cpt("{cpt:99999}", LABELS, "labels") == "CPT 99999"
