"""Every write to the guidance tables."""

from guidance.actions.bulk import (
    Outcome,
    items_of,
    may_undo,
    preview_batch,
    run_batch,
    undo_batch,
)
from guidance.actions.drafts_from_files import Proposal, compare_files, make_drafts
from guidance.actions.findings import refresh_findings
from guidance.actions.form import RowChanges, save_form, set_review_due
from guidance.actions.links import make_link, revoke_link
from guidance.actions.orders import ORDERS, Wish
from guidance.actions.pack import PackOutcome, load_starter
from guidance.actions.staleness import still_right
from guidance.actions.typing import drop_typing, keep_typing, note_presence
from guidance.actions.vocabulary import save_call_to_action
from guidance.actions.workflow import (
    NotAllowed,
    StaleEdit,
    Unsound,
    approve,
    countersign,
    discard,
    note_writing,
    publish_at_once,
    publish_scheduled,
    recall,
    restore,
    return_to_author,
    roles_of,
    save_draft,
    schedule,
    start_draft,
    submit,
    unschedule,
    withdraw,
)

__all__ = [
    "NotAllowed",
    "ORDERS",
    "Outcome",
    "PackOutcome",
    "Proposal",
    "RowChanges",
    "StaleEdit",
    "Unsound",
    "Wish",
    "approve",
    "compare_files",
    "countersign",
    "discard",
    "drop_typing",
    "items_of",
    "keep_typing",
    "load_starter",
    "make_drafts",
    "make_link",
    "may_undo",
    "note_presence",
    "note_writing",
    "preview_batch",
    "publish_at_once",
    "publish_scheduled",
    "recall",
    "refresh_findings",
    "restore",
    "return_to_author",
    "revoke_link",
    "roles_of",
    "run_batch",
    "save_call_to_action",
    "save_draft",
    "save_form",
    "schedule",
    "set_review_due",
    "start_draft",
    "still_right",
    "submit",
    "undo_batch",
    "unschedule",
    "withdraw",
]
