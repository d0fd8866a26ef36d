"""How the guidance of several scopes becomes one."""

from hypothesis import given
from hypothesis import strategies as st

from guidance.content import LISTS, TEXTS
from guidance.inheritance import Voice, inherit


def voice(scope, **content):
    return Voice(origin={"scope": scope}, content=content)


def text(words):
    return {"text": words, "html": words, "citations": []}


def denial(category, words="", payer="any"):
    return {"category": category, "payer_class": payer, "text": words}


def test_the_strongest_scope_gives_a_single_text_whole():
    topics = inherit([voice("code", unit=text("mine")), voice("section", unit=text("theirs"))])

    assert topics["unit"]["text"] == "mine"
    assert topics["unit"]["from"] == {"scope": "code"}


def test_a_text_that_no_scope_gives_is_none_and_a_list_empty():
    topics = inherit([])

    assert all(topics[name] is None for name in TEXTS)
    assert all(topics[name] == [] for name in LISTS)


def test_lists_merge_and_the_strongest_wins_a_key():
    topics = inherit(
        [
            voice("code", denials=[denial("CO-16", "mine")]),
            voice("family", denials=[denial("CO-16", "theirs"), denial("CO-50", "theirs")]),
        ]
    )

    assert [(row["category"], row["from"]["scope"]) for row in topics["denials"]] == [
        ("CO-16", "code"),
        ("CO-50", "family"),
    ]


def test_one_category_may_be_advised_for_each_payer_class():
    rows = [denial("CO-50"), denial("CO-50", payer="medicare")]

    assert len(inherit([voice("code", denials=rows)])["denials"]) == 2


def test_a_suppressed_row_is_not_taken_from_weaker_scopes():
    topics = inherit(
        [
            voice("code", suppress={"denials": ["CO-50"]}),
            voice("family", denials=[denial("CO-16"), denial("CO-50")]),
        ]
    )

    assert [row["category"] for row in topics["denials"]] == ["CO-16"]


def test_suppressing_does_not_reach_stronger_scopes():
    topics = inherit(
        [
            voice("code", denials=[denial("CO-50")]),
            voice("family", suppress={"denials": ["CO-50"]}),
        ]
    )

    assert [row["category"] for row in topics["denials"]] == ["CO-50"]


def test_a_silenced_topic_is_taken_from_no_weaker_scope():
    silent = voice("code", suppress={"topics": ["documentation", "faqs"]})
    family = voice("family", documentation=text("theirs"), faqs=[{"question": "Why?"}])

    topics = inherit([silent, family])

    assert topics["documentation"] is None
    assert topics["faqs"] == []


@given(st.lists(st.lists(st.sampled_from(["CO-16", "CO-50", "CO-97"]), unique=True), max_size=4))
def test_merging_keeps_every_key_once(scopes):
    voices = [voice(str(n), denials=[denial(c) for c in keys]) for n, keys in enumerate(scopes)]

    merged = [row["category"] for row in inherit(voices)["denials"]]

    assert len(merged) == len(set(merged))
    assert set(merged) == {key for keys in scopes for key in keys}
