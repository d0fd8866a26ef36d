"""The editors' workbench, within the stock admin."""

from guidance.admin import desk, people, revision, vocabulary

__all__ = ["desk", "people", "revision", "vocabulary"]
