"""Two texts told apart, word by word: what is the same, what is less, what is more.

marked(["One", "vial."], ["One", "dose."]) -> [("same", "One"), ("less", "vial."), ("more", "dose.")]
"""

import difflib

Marked = list[tuple[str, str]]  # (same | less | more, words)


def sides(before: list[str], after: list[str]) -> tuple[Marked, Marked]:
    """Both, each with the words marked that the other lacks."""
    words = marked(before, after)
    return (
        [part for part in words if part[0] != "more"],
        [part for part in words if part[0] != "less"],
    )


def marked(before: list[str], after: list[str]) -> Marked:
    """The words in order, those that the two share once."""
    found = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            found.append(("same", " ".join(before[a1:a2])))
            continue
        found += [("less", " ".join(before[a1:a2]))] if a2 > a1 else []
        found += [("more", " ".join(after[b1:b2]))] if b2 > b1 else []
    return found
