"""Every write to the code tables."""

from codes.actions.classification import (
    Relation,
    load_classification,
    name_codes,
    name_modifiers,
    set_relations,
)
from codes.actions.contact import forget_old_requests, keep_request, mail_requests
from codes.actions.corrections import record_correction
from codes.actions.counts import add_counts, forget_old_counts
from codes.actions.release import (
    CodesMissing,
    Comparison,
    Outcome,
    ReleaseRefused,
    compare_release,
    discard_release,
    keep_draft,
    publish_due_entries,
    publish_release,
    read_draft,
    upload_release,
)

__all__ = [
    "CodesMissing",
    "Comparison",
    "Outcome",
    "Relation",
    "ReleaseRefused",
    "add_counts",
    "compare_release",
    "discard_release",
    "forget_old_counts",
    "forget_old_requests",
    "keep_draft",
    "keep_request",
    "load_classification",
    "mail_requests",
    "name_codes",
    "name_modifiers",
    "publish_due_entries",
    "publish_release",
    "read_draft",
    "record_correction",
    "set_relations",
    "upload_release",
]
