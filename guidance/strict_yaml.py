"""YAML without its tricks: no anchors, aliases, tags, merged or duplicate keys; dates stay text."""

import re
from dataclasses import dataclass
from typing import Any

import yaml

DEEPEST = 20  # collections within one another: libyaml takes minutes for a hundred thousand
MERGE = "tag:yaml.org,2002:merge"
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class BadYaml(ValueError):
    """What is wrong, and the line (from 1) on which it stands."""

    problem: str
    line: int

    def __str__(self) -> str:
        return f"line {self.line}: {self.problem}"


class _Loader(yaml.CSafeLoader):
    """SafeLoader that leaves dates as they are written."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True)
class Document:
    """A YAML document and where its parts stand."""

    value: Any
    _node: yaml.Node | None

    def line(self, path: tuple[str | int, ...]) -> int:
        """The line of the part that a path of keys and positions leads to, or of its parent."""
        node = self._node
        for step in path:
            child = _child(node, step)
            if child is None:
                break
            node = child
        return node.start_mark.line + 1 if node else 1


def load(text: str) -> Document:
    """The document in `text`. Raises BadYaml."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            _refuse_tricks(event)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise BadYaml("Too many lists within lists.", event.start_mark.line + 1)
        loader = _Loader(text)
        node = loader.get_single_node()
        _refuse_bad_keys(node)
        return Document(value=loader.construct_document(node) if node else None, _node=node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadYaml(f"This is not YAML: {error.problem}.", line) from error
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        raise BadYaml(f"This is not YAML: {error.reason}.", line) from error
    except BadYaml:
        raise
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a number of thousands of digits
        raise BadYaml(f"This is not YAML: {error}.", 1) from error


def _refuse_tricks(event: yaml.Event) -> None:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise BadYaml("Anchors and aliases are not used here; write the text out.", line)
    if getattr(event, "tag", None):
        raise BadYaml(f"The tag {event.tag} is not used here; write a plain value.", line)
    if isinstance(event, yaml.ScalarEvent) and UNPRINTABLE.search(event.value):
        raise BadYaml("There is a control character in the text.", line)


def _refuse_bad_keys(node: yaml.Node | None) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise BadYaml("A key is a plain text.", key.start_mark.line + 1)
            if key.tag == MERGE:
                raise BadYaml("Keys are not merged here; write them out.", key.start_mark.line + 1)
            if key.value in seen:
                raise BadYaml(f"{key.value!r} stands twice.", key.start_mark.line + 1)
            seen.add(key.value)
            _refuse_bad_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_bad_keys(item)


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None
