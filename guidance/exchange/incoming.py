"""Guidance from files: a folder, a zip, one YAML file or one sheet, checked before anything is kept.

What a file refers to must be in the portal's own vocabularies.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from guidance.exchange import sheet
from guidance.models import CptReference, DenialCategory, Source, Specialty, names_in
from guidance.models.revision import KEY_FIELD, subject_model
from guidance.pack import (
    BadPack,
    GuidanceFile,
    Names,
    PackGuidance,
    guidance_in,
    parsed,
)

MEGABYTE = 1024 * 1024
LARGEST = 64 * MEGABYTE  # of all files together
MOST_FILES = 20_000
# What a pack has beside its guidance.
_OTHER_FOLDERS = {"vocabulary", "facts"}
_OTHER_FILES = {"relations.yaml", "search_terms.csv"}

# A file: its name, and its bytes.
Content = tuple[str, bytes]


def read_path(path: Path) -> list[PackGuidance]:
    """The guidance in a file or a folder, in the order of its files. Raises BadPack, OSError."""
    if not path.is_dir():
        return read_upload(path.name, path.read_bytes())
    inside = sorted(one for one in path.rglob("*") if one.is_file())
    names = [(str(one.relative_to(path)), one) for one in inside]
    return _read(path.name, ((name, one.read_bytes()) for name, one in names if _is_guidance(name)))


def read_upload(name: str, content: bytes) -> list[PackGuidance]:
    """The guidance in one file: yaml, csv, or a zip of them. Raises BadPack."""
    if name.lower().endswith(".zip"):
        return _read(name, _unzipped(name, content))
    return _read(name, [(name, content)])


def _read(whole: str, files: Iterable[Content]) -> list[PackGuidance]:
    names, subjects = _names(), _subjects()
    found: dict[tuple[str, str], PackGuidance] = {}
    for name, content in files:
        for file in _parsed(name, content):
            item = guidance_in(file, names)
            if item.key not in subjects[item.scope]:
                raise file.refuse(f"There is no {item.scope} {item.key}.")
            if (item.scope, item.key) in found:
                raise file.refuse(f"Another file speaks of {item.scope} {item.key} too.")
            found[item.scope, item.key] = item
    if not found:
        raise BadPack(f"{whole}: There is no guidance in it; write yaml or csv files, or zip them.")
    return list(found.values())


def _parsed(name: str, content: bytes) -> Iterable[GuidanceFile]:
    kind = PurePosixPath(name).suffix.lower()
    if kind == ".csv":
        return sheet.read(name, content)
    if kind in {".yaml", ".yml"}:
        return [parsed(name, content)]
    raise BadPack(f"{name}: A guidance file is yaml or csv, or a zip of them.")


def _unzipped(whole: str, content: bytes) -> Iterator[Content]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if _is_guidance(one.filename)]
            size = sum(one.file_size for one in members)
            if size > LARGEST or len(members) > MOST_FILES:
                raise BadPack(f"{whole}: Unpacked it is too large; import it in parts.")
            for member in members:
                with archive.open(member) as file:
                    # The size that a zip states need not be true.
                    yield member.filename, file.read(member.file_size)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadPack(f"{whole}: This zip cannot be read: {error}.") from error


def _is_guidance(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.suffix.lower() not in {".yaml", ".yml", ".csv"} or path.name in _OTHER_FILES:
        return False
    return _OTHER_FOLDERS.isdisjoint(path.parts)


def _names() -> Names:
    return Names(
        sources=names_in(Source),
        denials=names_in(DenialCategory),
        specialties=names_in(Specialty),
        cpt=names_in(CptReference),
    )


def _subjects() -> dict[str, set[str]]:
    return {
        scope: set(subject_model(scope).objects.values_list(key, flat=True))
        for scope, key in KEY_FIELD.items()
    }
