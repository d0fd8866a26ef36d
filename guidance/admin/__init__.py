"""The editors' workbench, within the stock admin."""

from guidance.admin import contact, desk, people, revision, vocabulary

__all__ = ["contact", "desk", "people", "revision", "vocabulary"]
