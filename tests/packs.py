"""Small starter packs, written as files: `write_pack(folder, [text_of("code", "J3490", ...)])`.

The vocabularies hold one or two of each: source `test-source`, denial categories CO-16, CO-50 and
CO-151, specialties rheumatology and urology, CPT 96365 and 96372.
"""

from pathlib import Path
from typing import Any

import yaml

FOLDERS = {"section": "sections", "family": "families", "trait": "traits", "code": "codes"}
VOCABULARY: dict[str, Any] = {
    "vocabulary/sources/general.yaml": [
        {
            "id": "test-source",
            "issuer": "A contractor",
            "kind": "mac_note",
            "title": "A note",
            "version": "2025-08",
        }
    ],
    "vocabulary/denials.yaml": [
        {
            "key": key,
            "title": f"Title of {key}",
            "gloss": "What it means.",
            "causes": "Why it happens.",
            "remedy": "corrected_claim",
            "remedy_text": "What to do.",
            "sources": ["test-source"],
        }
        for key in ("CO-16", "CO-50", "CO-151")
    ],
    "vocabulary/specialties.yaml": [
        {"slug": "rheumatology", "name": "Rheumatology", "cms_code": "66"},
        {"slug": "urology", "name": "Urology"},
    ],
    "vocabulary/cpt.yaml": [
        {"number": "96365", "label": "Drug given by vein, first hour", "group": "drug infusion"},
        {"number": "96372", "label": "Injection under the skin", "group": "drug injection"},
    ],
    "vocabulary/call_to_action.yaml": {
        "title": "Talk to us",
        "text": "About a claim.",
        "button": "Write",
        "points": ["No promises"],
    },
    "relations.yaml": [],
}


def text_of(scope: str, key: str, *, valid_from: str = "2020-01-01", **topics: Any) -> dict:
    """A guidance file of one revision; `later=[{valid_from, …}]` adds more."""
    later = topics.pop("later", [])
    first = {"valid_from": valid_from, "note": "First edition.", **topics}
    return {scope: key, "revisions": [first, *({"note": "Changed."} | row for row in later)]}


def denial(category: str = "CO-16", **values: Any) -> dict:
    return {
        "category": category,
        "causes": "Why.",
        "remedy": "corrected_claim",
        "text": f"What to do about {category}.",
    } | values


def write_pack(folder: Path, guidance: list[dict] = (), **files: Any) -> Path:
    """A pack in `folder`; `files` replaces a vocabulary by its name (`relations=[…]`)."""
    for name, value in VOCABULARY.items():
        write_yaml(folder / name, files.get(Path(name).stem, value))
    for item in guidance:
        scope = next(iter(item))
        write_yaml(folder / FOLDERS[scope] / f"{item[scope]}.yaml", item)
    return folder


def write_yaml(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(value, sort_keys=False), "utf-8")
