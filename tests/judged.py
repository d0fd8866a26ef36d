"""The judged queries of tests/data/queries.yaml, and how well a portal answers them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from codes.search import search

FILE = Path(__file__).with_name("data") / "queries.yaml"


@dataclass(frozen=True)
class Query:
    """What was typed, and the codes any of which is wanted."""

    text: str
    want: tuple[str, ...]
    kind: str

    @property
    def first(self) -> int:
        """Among how many of the first codes found a wanted one belongs."""
        return 1 if self.kind == "exact" else 3


@dataclass
class Score:
    right: int = 0
    missed: list[Query] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.right + len(self.missed)

    @property
    def share(self) -> float:
        return self.right / self.total if self.total else 1.0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.missed + other.missed)


def read_queries() -> list[Query]:
    rows = yaml.safe_load(FILE.read_text("utf-8"))
    return [Query(str(row["q"]), tuple(row["want"]), row["kind"]) for row in rows]


def score(queries: Iterable[Query], on: date) -> dict[str, Score]:
    """The score of each kind of query, and under `all` that of all."""
    found: dict[str, Score] = defaultdict(Score)
    for query in queries:
        hit = not set(query.want).isdisjoint(search(query.text, on)[: query.first])
        for kind in (query.kind, "all"):
            found[kind] += Score(right=1) if hit else Score(missed=[query])
    return dict(found)
