"""The starter pack: YAML files read and checked, before anything is written.

guidance/starter/README.md describes the files; `pack_schema.yaml` is that description for the
machine. What refers to something is checked here: ids, keys, codes.
"""

import csv
import hashlib
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import jsonschema

from guidance import strict_yaml
from guidance.checks import Knowledge, Subject
from guidance.checks.citations import lacks_a_citation
from guidance.checks.finding import Sheet
from guidance.content import CITED_LISTS, LISTS, TEXTS
from guidance.prose import CPT
from guidance.strict_yaml import UNPRINTABLE

HERE = Path(__file__).resolve().parent
STARTER = HERE / "starter"
NOTHING_KNOWN = Knowledge(sources={}, cpt=frozenset(), codes={}, modifiers={}, is_complete=False)
TERM_COLUMNS = ["term", "kind", "codes", "source"]
TERM_KINDS = ("brand", "generic", "lay")
LONGEST_TERM = 120  # characters, and as many of its source
CODE_OR_FAMILY = re.compile(r"[A-V][0-9]{4}|[a-z][a-z0-9-]{1,39}")
SCOPES = {"sections": "section", "families": "family", "traits": "trait", "codes": "code"}
FOLDERS = {scope: folder for folder, scope in SCOPES.items()}


class BadPack(ValueError):
    """A pack that cannot be loaded; str() names file, line and rule."""


@dataclass(frozen=True)
class PackRevision:
    """One edition: `topics` as the file writes them, those of earlier editions carried over."""

    valid_from: str
    note: str
    topics: dict[str, Any]


@dataclass(frozen=True)
class PackGuidance:
    scope: str
    key: str
    digest: str
    revisions: tuple[PackRevision, ...]


@dataclass(frozen=True)
class Pack:
    """A whole pack, checked. The vocabularies are lists of mappings, as written."""

    digest: str
    sources: list[dict]
    denials: list[dict]
    specialties: list[dict]
    cpt: list[dict]
    call_to_action: dict
    relations: list[dict]
    guidance: list[PackGuidance]
    search_terms: list[dict]
    facts: list[Path]


@dataclass(frozen=True)
class Names:
    """What guidance files may refer to."""

    sources: Collection[str] = ()
    denials: Collection[str] = ()
    specialties: Collection[str] = ()
    cpt: Collection[str] = ()


class Written(Protocol):
    """What a file says, and the line on which each part of it stands."""

    @property
    def value(self) -> Any: ...

    def line(self, path: tuple[str | int, ...]) -> int: ...


@dataclass(frozen=True)
class GuidanceFile:
    """One file of a pack. `name` is for messages."""

    name: str
    document: Written

    def refuse(self, problem: str, path: tuple = ()) -> BadPack:
        return BadPack(f"{self.name}, line {self.document.line(path)}: {problem}")


def companions(topics: dict[str, Any]) -> set[str]:
    """The HCPCS codes that topics name as companions."""
    return {row["code"] for row in topics.get("companions", ()) if "code" in row}


def pack_digest(folder: Path = STARTER) -> str:
    """sha256 over the names and contents of all files of a pack."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".yaml", ".csv"}):
        total.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def read_pack(folder: Path = STARTER) -> Pack:
    """The pack in a folder. Raises BadPack at the first thing that is wrong."""
    vocabulary = folder / "vocabulary"
    sources = _vocabulary(folder, sorted((vocabulary / "sources").glob("*.yaml")), "source", "id")
    denials = _vocabulary(folder, [vocabulary / "denials.yaml"], "denial", "key")
    specialties = _vocabulary(folder, [vocabulary / "specialties.yaml"], "specialty", "slug")
    cpt = _vocabulary(folder, [vocabulary / "cpt.yaml"], "cpt", "number")
    names = Names(sources.keys(), denials.keys(), specialties.keys(), cpt.keys())
    _check_denial_sources(folder, names)
    return Pack(
        digest=pack_digest(folder),
        sources=list(sources.values()),
        denials=list(denials.values()),
        specialties=list(specialties.values()),
        cpt=list(cpt.values()),
        call_to_action=_checked(
            _read(vocabulary / "call_to_action.yaml", folder), "call_to_action"
        ),
        relations=_relations(folder, names),
        guidance=list(_guidance(folder, names)),
        search_terms=list(_search_terms(folder)),
        facts=sorted((folder / "facts").glob("*.csv")),
    )


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    schema = strict_yaml.load((HERE / "pack_schema.yaml").read_text("utf-8")).value
    return jsonschema.Draft202012Validator(
        schema | {"$ref": f"#/$defs/{name}"},
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


def _read(path: Path, folder: Path) -> GuidanceFile:
    name = str(path.relative_to(folder))
    try:
        return parsed(name, path.read_bytes())
    except OSError as error:
        raise BadPack(f"{name}: cannot be read ({error}).") from error


def parsed(name: str, content: bytes) -> GuidanceFile:
    """The YAML file of that name. Raises BadPack."""
    try:
        return GuidanceFile(name, strict_yaml.load(content.decode()))
    except strict_yaml.BadYaml as error:
        raise BadPack(f"{name}, {error}") from error
    except UnicodeDecodeError as error:
        raise _no_utf8(name, error) from error


def _no_utf8(name: str, error: UnicodeDecodeError) -> BadPack:
    line = error.object[: error.start].count(b"\n") + 1
    return BadPack(f"{name}, line {line}: It cannot be read: this is not UTF-8.")


def _checked(file: GuidanceFile, name: str) -> Any:
    """The file's value, if it has the shape that the schema gives under `name`."""
    error = jsonschema.exceptions.best_match(_validator(name).iter_errors(file.document.value))
    if error:
        where = ".".join(str(step) for step in error.absolute_path) or "the file"
        raise file.refuse(f"{where}: {error.message[:300]}", tuple(error.absolute_path))
    return file.document.value


def _vocabulary(folder: Path, paths: list[Path], name: str, key: str) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for path in paths:
        file = _read(path, folder)
        for position, row in enumerate(_checked(file, f"{name}_list")):
            if row[key] in found:
                raise file.refuse(f"{row[key]} is defined twice.", (position,))
            found[row[key]] = row
    return found


def _check_denial_sources(folder: Path, names: Names) -> None:
    file = _read(folder / "vocabulary" / "denials.yaml", folder)
    for position, row in enumerate(file.document.value):
        _check_sources(file, row, (position,), names)
        _check_prose(file, row, (position,), names)


def _relations(folder: Path, names: Names) -> list[dict]:
    file = _read(folder / "relations.yaml", folder)
    rows = _checked(file, "relation_list")
    for position, row in enumerate(rows):
        if row["source"] not in names.sources:
            raise file.refuse(f"There is no source {row['source']}.", (position,))
        if row["code"] == row["to"]:
            raise file.refuse("A relation is to another code.", (position,))
    return rows


def _search_terms(folder: Path) -> Iterator[dict]:
    """The rows of search_terms.csv; a pack need not have it. `codes` are codes or families."""
    path = folder / "search_terms.csv"
    if not path.exists():
        return
    try:
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8"), newline=""), strict=True)
        if rows.fieldnames != TERM_COLUMNS:
            raise BadPack(f"{path.name}, line 1: The columns are {', '.join(TERM_COLUMNS)}.")
        seen: set[str] = set()
        for row in rows:
            if problem := _wrong_term(row, seen):
                raise BadPack(f"{path.name}, line {rows.line_num}: {problem}")
            seen.add(row["term"].casefold())
            yield row | {"codes": row["codes"].split()}
    except UnicodeDecodeError as error:
        raise _no_utf8(path.name, error) from error
    except (OSError, csv.Error) as error:
        raise BadPack(f"{path.name}: cannot be read ({error}).") from error


def _wrong_term(row: dict, seen: Collection[str]) -> str:
    """What is wrong with a row of search_terms.csv; "" where nothing is."""
    if None in row or None in row.values():
        return f"A row has {len(TERM_COLUMNS)} cells."
    if any(map(UNPRINTABLE.search, row.values())):
        return "There is a control character in the text."
    if not all(0 < len(row[name].strip()) <= LONGEST_TERM for name in ("term", "source")):
        return f"A term and its source have 1 to {LONGEST_TERM} characters."
    if row["term"].casefold() in seen:
        return f"The term {row['term']} stands twice."
    if row["kind"] not in TERM_KINDS:
        return f"The kind is one of {', '.join(TERM_KINDS)}."
    targets = row["codes"].split()
    if not targets or not all(map(CODE_OR_FAMILY.fullmatch, targets)):
        return "A term leads to codes, such as E0143, or families, such as t-incont."
    if len(set(targets)) < len(targets):
        return "A term leads to each code or family once."
    return ""


def _guidance(folder: Path, names: Names) -> Iterator[PackGuidance]:
    for directory, scope in SCOPES.items():
        for path in sorted((folder / directory).glob("*")):
            if path.suffix != ".yaml":
                # Passed over, it would look as if the pack no longer had its subject.
                raise BadPack(f"{directory}/{path.name}: A file of guidance is named KEY.yaml.")
            file = _read(path, folder)
            item = guidance_in(file, names, hashlib.sha256(path.read_bytes()).hexdigest())
            if (item.scope, item.key) != (scope, path.stem):
                raise file.refuse(f"A file in {directory}/ is for `{scope}: {path.stem}`.")
            # A pack is published as it is loaded; what an editor brings in is a draft, checked later.
            for position, row in enumerate(file.document.value["revisions"]):
                _check_citations(file, row, ("revisions", position))
            yield item


def guidance_in(file: GuidanceFile, names: Names, digest: str = "") -> PackGuidance:
    """What a guidance file says of its one subject. Raises BadPack."""
    value = _checked(file, "guidance")
    subjects = [scope for scope in SCOPES.values() if scope in value]
    if len(subjects) != 1:
        raise file.refuse("A file is for one subject: a section, family, trait or code.")
    revisions = tuple(_revisions(file, value["revisions"], names))
    return PackGuidance(subjects[0], value[subjects[0]], digest, revisions)


def _revisions(file: GuidanceFile, rows: list[dict], names: Names) -> Iterator[PackRevision]:
    topics: dict[str, Any] = {}
    newest = ""
    for position, row in enumerate(rows):
        if row["valid_from"] <= newest:
            raise file.refuse(
                "Revisions stand in the order of valid_from, one a day.", ("revisions", position)
            )
        newest = row["valid_from"]
        _check_revision(file, row, ("revisions", position), names)
        topics = topics | {t: row[t] for t in (*TEXTS, *LISTS, "suppress") if t in row}
        topics = {topic: value for topic, value in topics.items() if value is not None}
        yield PackRevision(valid_from=newest, note=row["note"], topics=topics)


def _check_revision(file: GuidanceFile, row: dict, path: tuple, names: Names) -> None:
    _check_prose(file, row, path, names)
    for topic in TEXTS:
        if row.get(topic):
            _check_sources(file, row[topic], (*path, topic), names)
    for topic in CITED_LISTS:
        for position, item in enumerate(row.get(topic, ())):
            _check_sources(file, item, (*path, topic, position), names)
    for position, item in enumerate(row.get("denials", ())):
        _check_known(file, item["category"], names.denials, (*path, "denials", position))
    for position, slug in enumerate(row.get("specialties", ())):
        _check_known(file, slug, names.specialties, (*path, "specialties", position))
    for position, item in enumerate(row.get("companions", ())):
        if "cpt" in item:
            _check_known(file, item["cpt"], names.cpt, (*path, "companions", position))
    for position, item in enumerate(row.get("modifiers", ())):
        if item.get("from") and item.get("until") and item["until"] < item["from"]:
            raise file.refuse("A rule ends after it begins.", (*path, "modifiers", position))
    for topic in LISTS:
        _refuse_repeated(file, row.get(topic, ()), (*path, topic))


def _check_sources(file: GuidanceFile, row: dict, path: tuple, names: Names) -> None:
    for cited in row.get("sources", ()):
        slug = cited if isinstance(cited, str) else cited["id"]
        if slug not in names.sources:
            raise file.refuse(f"There is no source {slug}.", (*path, "sources"))


def _check_citations(file: GuidanceFile, row: dict, path: tuple) -> None:
    """A text that states a date, a limit, a list or a rule names its source."""
    content: dict = {topic: _cited(row[topic]) for topic in TEXTS if row.get(topic)}
    content |= {topic: [_cited(one) for one in row.get(topic) or ()] for topic in CITED_LISTS}
    day = date.fromisoformat(row["valid_from"])
    sheet = Sheet(content, Subject("pack", file.name, day, day), NOTHING_KNOWN)
    for problem in lacks_a_citation(sheet):
        place = (problem.topic,) if problem.row is None else (problem.topic, problem.row)
        raise file.refuse(problem.message, (*path, *place))


def _cited(row: dict) -> dict:
    return row | {"citations": row.get("sources", ())}


def _check_known(file: GuidanceFile, name: str, known: set[str], path: tuple) -> None:
    if name not in known:
        raise file.refuse(f"{name} is not in the vocabulary.", path)


def _check_prose(file: GuidanceFile, value: Any, path: tuple, names: Names) -> None:
    """Every `{cpt:…}` anywhere below names a number of the vocabulary."""
    if isinstance(value, dict):
        for key, item in value.items():
            _check_prose(file, item, (*path, key), names)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            _check_prose(file, item, (*path, position), names)
    elif isinstance(value, str):
        for number in CPT.findall(value):
            _check_known(file, number, names.cpt, path)
        if re.search(r"\{(?!cpt:\w+\})", value):
            raise file.refuse("A brace stands only in {cpt:…}.", path)


def _refuse_repeated(file: GuidanceFile, rows: list, path: tuple) -> None:
    seen = set()
    for position, row in enumerate(rows):
        key = row if isinstance(row, str) else _row_key(path[-1], row)
        if key in seen:
            raise file.refuse("Two rows of one list say the same key.", (*path, position))
        seen.add(key)


def _row_key(topic: str, row: dict) -> tuple:
    return {
        "coverage": lambda: (row["payer_class"],),
        "denials": lambda: (row["category"], row.get("payer_class", "any")),
        "modifiers": lambda: (row["code"], row["relation"], row.get("context", "")),
        "companions": lambda: (row.get("cpt"), row.get("code")),
        "faqs": lambda: (row["question"],),
    }[topic]()
