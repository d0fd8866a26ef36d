"""Two texts told apart, word by word."""

import difflib


def marked(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """The words in order, as (mark, text) with mark same, less or more."""
    marked = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            marked.append(("same", " ".join(before[a1:a2])))
            continue
        marked += [("less", " ".join(before[a1:a2]))] if a2 > a1 else []
        marked += [("more", " ".join(after[b1:b2]))] if b2 > b1 else []
    return marked
