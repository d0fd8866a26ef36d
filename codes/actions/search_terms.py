"""Writing what codes are also called. Terms are added and deleted, never changed in place: that is
how an index knows that they have moved on."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from operator import attrgetter

from django.db import transaction

from codes.importer.drug_names import DrugNames, read_drug_names
from codes.models import SearchTerm

BATCH = 1000
SOURCES = {
    "crosswalk": "CMS ASP NDC-HCPCS crosswalk",
    "pricing": "CMS ASP pricing file",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A term as `SearchTerm` keeps it; it leads to a code or to a family."""

    term: str
    kind: str
    code: str
    family: str
    place: int
    source: str


# What makes a term, and a row of SearchTerm, the same as another one of its glossary.
_key = attrgetter(*(field.name for field in fields(Term)))


@dataclass(frozen=True)
class TermsLoaded:
    """How many terms a glossary has now, and how many of them are new or gone."""

    glossary: str
    total: int
    added: int
    removed: int


def set_search_terms(*, glossary: str, terms: Iterable[Term]) -> TermsLoaded:
    """Make the terms of a glossary these and no others, all of them or nothing.

    What is there already stays as it is; where all is, nothing is written.
    """
    wanted = {_key(term): term for term in terms}
    with transaction.atomic():
        kept = {_key(row): row.pk for row in SearchTerm.objects.filter(glossary=glossary)}
        gone = [pk for key, pk in kept.items() if key not in wanted]
        for start in range(0, len(gone), BATCH):
            SearchTerm.objects.filter(pk__in=gone[start : start + BATCH]).delete()
        new = [
            SearchTerm(glossary=glossary, **asdict(term))
            for key, term in wanted.items()
            if key not in kept
        ]
        SearchTerm.objects.bulk_create(new, batch_size=BATCH)
    return TermsLoaded(glossary, total=len(wanted), added=len(new), removed=len(gone))


def load_drug_names(*, name: str, content: bytes) -> tuple[DrugNames, TermsLoaded]:
    """Load the names of CMS's file in the place of those that its like brought before.

    Raises BadFile, and then has written nothing.
    """
    found = read_drug_names(name, content)
    source = ", ".join(filter(None, (SOURCES[found.layout], found.quarter)))
    terms = [
        Term(
            term=one.name,
            kind=SearchTerm.Kind.BRAND if one.is_brand else SearchTerm.Kind.GENERIC,
            code=one.code,
            family="",
            place=one.place,
            source=source,
        )
        for one in found.names
    ]
    return found, set_search_terms(glossary=f"asp-{found.layout}", terms=terms)
