"""Published guidance as files: a pack that load_starter or import_guidance reads back the same."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import yaml
from django.db.models import Q, QuerySet

from codes.models import CodeRelation, SearchTerm
from guidance.content import TEXTS
from guidance.exchange import sheet
from guidance.exchange.plain import TOPICS, topics_of
from guidance.models import (
    CallToAction,
    CptReference,
    DenialCategory,
    PublishedGuidance,
    Source,
    Specialty,
)
from guidance.pack import FOLDERS, TERM_COLUMNS
from guidance.workflow import SYSTEM_ACCOUNT

LINE = 100

# A file of a pack: its path within the pack, and its text.
File = tuple[str, str]


def published(scope: str = "", keys: Iterable[str] = ()) -> QuerySet[PublishedGuidance]:
    """What is published: of everything, of one scope, or of the subjects with these keys."""
    wanted = Q(scope=scope) if scope else Q()
    keys = list(keys)
    return PublishedGuidance.objects.filter(wanted & Q(key__in=keys) if keys else wanted)


def editions_of(rows: QuerySet[PublishedGuidance]) -> Iterator[sheet.Edition]:
    """Each edition that speaks: of two from one day, the newer one."""
    for scope, key, editions in _subjects(rows):
        for row in editions:
            yield scope, key, row.valid_from.isoformat(), topics_of(row.content)


def guidance_files(rows: QuerySet[PublishedGuidance]) -> Iterator[File]:
    """A file for each subject."""
    for scope, key, editions in _subjects(rows):
        revisions = list(_revisions(editions))
        yield f"{FOLDERS[scope]}/{key}.yaml", as_yaml({scope: key, "revisions": revisions})


def vocabulary_files() -> Iterator[File]:
    """What a pack has beside its guidance files: what these refer to, and what codes are called."""
    sources = [_source(row) for row in Source.objects.all()]
    slugs = {str(row)[:200]: row.slug for row in Source.objects.all()}
    yield "vocabulary/sources/all.yaml", as_yaml(sources)
    categories = DenialCategory.objects.prefetch_related("sources")
    yield "vocabulary/denials.yaml", as_yaml([_category(row) for row in categories])
    specialties = Specialty.objects.values("slug", "name", "cms_code")
    yield "vocabulary/specialties.yaml", as_yaml([_filled(row) for row in specialties])
    cpt = CptReference.objects.values("number", "label", "group")
    yield "vocabulary/cpt.yaml", as_yaml(list(cpt))
    panel = CallToAction.objects.values("title", "text", "button", "points").first()
    if panel:
        yield "vocabulary/call_to_action.yaml", as_yaml(panel)
    relations = CodeRelation.objects.select_related("code", "other")
    yield "relations.yaml", as_yaml([_relation(row, slugs) for row in relations])
    yield "search_terms.csv", _search_terms()


def zipped(files: Iterable[File]) -> bytes:
    """The files in one zip, the same bytes for the same files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files:
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _subjects(
    rows: QuerySet[PublishedGuidance],
) -> Iterator[tuple[str, str, list[PublishedGuidance]]]:
    in_order = rows.select_related("revision").order_by("scope", "key", "valid_from", "number")
    for (scope, key), group in groupby(in_order, key=lambda row: (row.scope, row.key)):
        speaking = {row.valid_from: row for row in group}
        yield scope, key, list(speaking.values())


def _revisions(editions: list[PublishedGuidance]) -> Iterator[dict[str, Any]]:
    """Each edition by what it says otherwise than the one before."""
    before: dict[str, Any] = {}
    for row in editions:
        topics = topics_of(row.content)
        note = row.revision.note.strip() or f"Revision {row.number}."
        changed = {t: topics.get(t, _nothing(t)) for t in TOPICS if topics.get(t) != before.get(t)}
        yield {"valid_from": row.valid_from.isoformat(), "note": note} | changed
        before = topics


def _nothing(topic: str) -> Any:
    """How a file says that a topic is no longer spoken of."""
    if topic in TEXTS:
        return None
    return {} if topic == "suppress" else []


def _source(row: Source) -> dict:
    return {"id": row.slug, "issuer": row.issuer, "kind": row.kind} | _filled(
        {
            "document": row.document,
            "title": row.title,
            "version": row.version,
            "url": row.url,
            "effective_from": row.effective_from and row.effective_from.isoformat(),
            "retired_on": row.retired_on and row.retired_on.isoformat(),
        }
    )


def _category(row: DenialCategory) -> dict:
    names = ("key", "title", "gloss", "causes", "remedy", "remedy_text", "deadline")
    sources = [source.slug for source in row.sources.all()]
    return _filled({name: getattr(row, name) for name in names} | {"sources": sources})


def _relation(row: CodeRelation, slugs: dict[str, str]) -> dict:
    """A relation keeps its source by name; the file has it by id, or by name where it is gone."""
    return {
        "code": row.code.code,
        "kind": row.kind,
        "to": row.other.code,
        "from": row.from_date.isoformat(),
        "source": slugs.get(row.source, row.source),
    }


def _search_terms() -> str:
    """The terms that came with a pack; those of CMS's files are not a pack's to bring."""
    target = io.StringIO(newline="")
    out = csv.writer(target, lineterminator="\n")
    out.writerow(TERM_COLUMNS)
    terms = SearchTerm.objects.filter(glossary=SYSTEM_ACCOUNT).order_by(
        "term", "kind", "source", "place"
    )
    for (term, kind, source), rows in groupby(terms, key=lambda r: (r.term, r.kind, r.source)):
        out.writerow([term, kind, " ".join(row.code or row.family for row in rows), source])
    return target.getvalue()


def _filled(row: dict) -> dict:
    return {name: value for name, value in row.items() if value}


class _Dumper(yaml.CSafeDumper):
    """Long texts and texts of several lines stand as blocks, as people write them."""


def _text(dumper: yaml.CSafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else ">" if len(text) > LINE else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def as_yaml(value: Any) -> str:
    """The value as YAML that guidance.strict_yaml reads back."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=LINE)
