"""The editors' workbench, within the stock admin."""

from guidance.admin import desk, revision, vocabulary

__all__ = ["desk", "revision", "vocabulary"]
