"""YAML without tricks."""

import pytest

from guidance.strict_yaml import BadYaml, load


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("a: 1\nb: &x 2", "Anchors", 2),
        ("a: &x 1\nb: *x", "Anchors", 1),
        ("a: 1\nb: !!python/object:os.system x", "tag", 2),
        ("a: 1\nb: 2\na: 3", "'a' stands twice", 3),
        ("rows:\n- a: 1\n  a: 2", "'a' stands twice", 3),
        ("a: 1\n<<: {b: 2}\nb: 3", "not merged", 2),
        ("a: [1, 2", "not YAML", 2),
        ("a: 'x", "not YAML", 1),
        ("a: 1\n\tb: 2", "not YAML", 2),
        ("a: \x00", "not YAML", 1),
        ("a: é\nb: \x00", "not YAML", 2),
        ('a: 1\nb: "\\0"', "control character", 2),
        ('a: "\\ud800"', "", 1),
        ("[" * 5000, "lists within lists", 1),
        ("- " * 5000, "lists within lists", 1),
        ("? [a]\n: b", "A key is a plain text", 1),
        ("a: " + "9" * 5000, "not YAML", 1),
    ],
)
def test_tricks_are_refused_with_their_line(text, problem, line):
    with pytest.raises(BadYaml) as refused:
        load(text)

    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.line == line


def test_dates_stay_text():
    assert load("valid_from: 2020-01-01").value == {"valid_from": "2020-01-01"}


def test_the_line_of_a_part_is_known():
    document = load("a: 1\nrows:\n- b: 2\n- c: 3\n")

    assert document.line(("rows", 1, "c")) == 4
    assert document.line(("rows", 1, "missing")) == 4
    assert document.line(()) == 1


def test_an_empty_file_is_nothing():
    assert load("").value is None
