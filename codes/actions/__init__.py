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
from codes.actions.search_terms import Term, TermsLoaded, load_drug_names, set_search_terms

__all__ = [
    "CodesMissing",
    "Comparison",
    "Outcome",
    "Relation",
    "ReleaseRefused",
    "Term",
    "TermsLoaded",
    "add_counts",
    "compare_release",
    "discard_release",
    "forget_old_counts",
    "forget_old_requests",
    "keep_draft",
    "keep_request",
    "load_classification",
    "load_drug_names",
    "mail_requests",
    "name_codes",
    "name_modifiers",
    "publish_due_entries",
    "publish_release",
    "read_draft",
    "record_correction",
    "set_relations",
    "set_search_terms",
    "upload_release",
]
