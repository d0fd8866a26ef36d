"""The content of a revision as one value: what a pack file says, what publishing freezes.

    {summary|documentation|unit|claim_to: {text, html, citations[]},
     coverage:    [{payer_class, text, citations[]}],
     denials:     [{category, payer_class, rarcs[], causes, remedy, deadline, text, citations[]}],
     modifiers:   [{code, relation, context, text, from_date, until_date, citations[]}],
     companions:  [{system: cpt|hcpcs, code, relation, context}],
     specialties: [slug],
     faqs:        [{question, answer, html, citations[]}],
     suppress:    {topic: [key], topics: [topic]}}

A citation is {source: slug, locator, quote}; dates are ISO. Empty topics are left out.
"""

from guidance.models import Citation, Revision
from guidance.prose import render

TEXTS = ("summary", "documentation", "unit", "claim_to")
LISTS = ("coverage", "denials", "modifiers", "companions", "specialties", "faqs")
TOPICS = TEXTS + LISTS
CITED_LISTS = ("coverage", "denials", "modifiers", "faqs")  # whose rows name their sources


def frozen(revision: Revision) -> dict:
    """The revision's content as it is published: its own rows, texts rendered."""
    cited = _citations(revision)
    content = {name: _text(revision, name, cited) for name in TEXTS if getattr(revision, name)}
    content |= {
        "coverage": _rows(revision, "coverage", _coverage, cited),
        "denials": _rows(revision, "denials", _denial, cited),
        "modifiers": _rows(revision, "modifiers", _modifier, cited),
        "companions": [_companion(row) for row in revision.companions.all()],
        "specialties": [specialty.slug for specialty in revision.specialties.all()],
        "faqs": _rows(revision, "faqs", _faq, cited),
        "suppress": revision.suppress,
    }
    return {topic: value for topic, value in content.items() if value}


def _citations(revision: Revision) -> dict[tuple, list[dict]]:
    cited: dict[tuple, list[dict]] = {}
    for citation in revision.citations.all():
        cited.setdefault((citation.topic, citation.row), []).append(_citation(citation))
    return cited


def _citation(citation: Citation) -> dict:
    return {
        "source": citation.source.slug,
        "locator": citation.locator,
        "quote": citation.quote,
    }


def _text(revision: Revision, topic: str, cited: dict) -> dict:
    text = getattr(revision, topic)
    return {"text": text, "html": render(text), "citations": cited.get((topic, None), [])}


def _rows(revision: Revision, topic: str, shape, cited: dict) -> list[dict]:
    return [
        shape(row) | {"citations": cited.get((topic, row.position), [])}
        for row in getattr(revision, topic).all()
    ]


def _coverage(row) -> dict:
    return {"payer_class": row.payer_class, "text": row.text}


def _denial(row) -> dict:
    return {
        "category": row.category.key,
        "payer_class": row.payer_class,
        "rarcs": row.rarcs,
        "causes": row.causes,
        "remedy": row.remedy,
        "deadline": row.deadline,
        "text": row.text,
    }


def _modifier(row) -> dict:
    return {
        "code": row.code,
        "relation": row.relation,
        "context": row.context,
        "text": row.text,
        "from_date": _iso(row.from_date),
        "until_date": _iso(row.until_date),
    }


def _companion(row) -> dict:
    partner = (
        {"system": "cpt", "code": row.cpt.number}
        if row.cpt
        else {
            "system": "hcpcs",
            "code": row.code.code,
        }
    )
    return partner | {"relation": row.relation, "context": row.context}


def _faq(row) -> dict:
    return {"question": row.question, "answer": row.answer, "html": render(row.answer)}


def _iso(day) -> str | None:
    return day.isoformat() if day else None
