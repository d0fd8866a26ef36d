"""Every write to the guidance tables."""

from guidance.actions.pack import PackOutcome, load_starter
from guidance.actions.vocabulary import save_call_to_action
from guidance.actions.workflow import (
    NotAllowed,
    StaleEdit,
    approve,
    countersign,
    discard,
    note_writing,
    publish_at_once,
    publish_scheduled,
    recall,
    restore,
    return_to_author,
    save_draft,
    schedule,
    start_draft,
    still_right,
    submit,
    unschedule,
    withdraw,
)

__all__ = [
    "NotAllowed",
    "PackOutcome",
    "StaleEdit",
    "approve",
    "countersign",
    "discard",
    "load_starter",
    "note_writing",
    "publish_at_once",
    "publish_scheduled",
    "recall",
    "restore",
    "return_to_author",
    "save_call_to_action",
    "save_draft",
    "schedule",
    "start_draft",
    "still_right",
    "submit",
    "unschedule",
    "withdraw",
]
