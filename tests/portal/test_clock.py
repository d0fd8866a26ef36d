"""What falls due by the clock: beat hands it to the worker, run_due does it where there is none."""

import inspect
import logging
from datetime import timedelta
from io import StringIO

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.core.management import call_command

from codes import tasks
from codes.models import Code, Entry
from codes.publication import read_entry
from guidance import actions
from guidance.models import Revision
from guidance.workflow import Role
from hcpcs_portal.celery import app
from tests.cms_files import code
from tests.factories import make_account, make_release

SCHEDULE = settings.CELERY_BEAT_SCHEDULE


def our_tasks() -> dict:
    app.loader.import_default_modules()
    ours = ("codes.", "guidance.", "hcpcs_portal.")
    return {name: task for name, task in app.tasks.items() if name.startswith(ours)}


def test_beat_is_told_of_every_task_that_is_told_nothing():
    asks_nothing = [
        name
        for name, task in our_tasks().items()
        if not any(
            p.kind == p.KEYWORD_ONLY for p in inspect.signature(task.run).parameters.values()
        )
    ]

    assert sorted(row["task"] for row in SCHEDULE.values()) == sorted(asks_nothing)


def test_beat_knows_the_schedule_and_what_is_due_is_looked_for_every_minute():
    by_task = {row["task"]: row["schedule"] for row in app.conf.beat_schedule.values()}

    assert by_task["codes.tasks.publish_due_entries"] == crontab()
    assert by_task["guidance.tasks.publish_scheduled_guidance"] == crontab()


@pytest.fixture
def scheduled(db, on) -> Revision:
    """A revision for J3490, signed, to be published today."""
    make_release(["J3490"], on=on)
    editor = make_account("editor", Role.EDITOR)
    reviewer = make_account("reviewer", Role.REVIEWER)
    subject = Code.objects.get(code="J3490")
    draft = actions.start_draft(subject=subject, by=editor, valid_from=on)
    draft = actions.save_draft(
        revision=draft, values={"unit": "One dose."}, topics={}, edition=draft.edition, by=editor
    )
    submitted = actions.submit(revision=draft, by=editor, on=on)
    return actions.schedule(revision=submitted, by=reviewer, publish_on=on, on=on)


def run_due() -> str:
    output = StringIO()
    call_command("run_due", stdout=output)
    return output.getvalue()


@pytest.mark.django_db
def test_run_due_publishes_what_is_scheduled(scheduled, on):
    assert run_due() == "1 revisions and 0 due entries published.\n"

    assert read_entry("code", "J3490", on).data["unit"]["text"] == "One dose."
    assert run_due() == "0 revisions and 0 due entries published.\n"


@pytest.mark.django_db
def test_the_worker_publishes_what_is_scheduled(scheduled, on):
    task = our_tasks()["guidance.tasks.publish_scheduled_guidance"]

    assert (task(), task()) == (1, 0)


@pytest.mark.django_db
def test_run_due_stores_anew_the_entry_of_a_code_that_has_ended(on):
    yesterday = on - timedelta(days=1)
    make_release([code("J3490", terminated=yesterday)], on=yesterday)
    stored = Entry.objects.get(key="J3490")
    assert (stored.until, stored.data["status"]) == (on, "active")

    assert run_due() == "0 revisions and 1 due entries published.\n"

    assert Entry.objects.get(key="J3490").data["status"] == "ended"


@pytest.mark.django_db
def test_a_stale_entry_is_named_in_the_log(on, caplog):
    make_release(["J3490"], on=on)
    assert tasks.report_stale_entries() == 0
    Entry.objects.filter(key="J3490").update(digest="0" * 64)

    with caplog.at_level(logging.ERROR):
        assert tasks.report_stale_entries() == 1

    assert "1 stored entries are not what is composed today: code J3490" in caplog.text
