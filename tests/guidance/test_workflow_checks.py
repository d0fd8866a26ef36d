"""What stands between a draft and its publication: the checks, asked at every step that leads there."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codes.models import Code
from codes.publication import read_entry
from guidance import actions
from guidance.actions.writing import whole_revisions
from guidance.checks.drafts import findings_in
from guidance.models import AuditEvent, Revision
from guidance.workflow import Status
from tests.factories import make_release
from tests.packs import denial, write_pack

pytestmark = pytest.mark.django_db

WRONG = "Medicare always covers it."
UNCITED = "Send it within 30 days."


@pytest.fixture
def portal(tmp_path, on):
    make_release(["J3490", "J3590", "J0001"], on=on)
    actions.load_starter(on=on, folder=write_pack(tmp_path))


@pytest.fixture
def drafted(portal, editor):
    """A function that writes a draft for a code; and one that has it in review."""

    def draft(key="J3490", unit="One unit.", **topics):
        subject = Code.objects.get(code=key)
        revision = actions.start_draft(subject=subject, by=editor, valid_from=date(2024, 1, 1))
        return actions.save_draft(
            revision=revision, values={"unit": unit}, topics=topics, edition=1, by=editor
        )

    return draft


@pytest.fixture
def in_review(drafted, editor, on):
    return lambda *args, **topics: actions.submit(
        revision=drafted(*args, **topics), by=editor, on=on
    )


def spoil(revision):
    """The text is wrong by now, as after a change of the rules or of CMS's file."""
    Revision.objects.filter(pk=revision.pk).update(unit=WRONG)


def test_a_draft_may_be_wrong_and_is_not_submitted_so(drafted, editor, on):
    draft = drafted(unit=WRONG)

    with pytest.raises(actions.Unsound) as refused:
        actions.submit(revision=draft, by=editor, on=on)

    assert str(refused.value).startswith("code J3490 revision 1 is not ready. Put right:\nBilling")
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT
    assert not AuditEvent.objects.filter(action="submit").exists()


def test_what_rows_lack_is_asked_for_in_one_list(drafted, editor, on):
    rows = denial(causes="", remedy="", text="")
    draft = drafted(denials=[denial("CO-50"), rows], faqs=[{"question": "Why?", "answer": ""}])

    with pytest.raises(actions.Unsound) as refused:
        actions.submit(revision=draft, by=editor, on=on)

    assert str(refused.value).splitlines()[1:] == [
        "Denial advice, row 2: Write why the claim is denied here.",
        "Denial advice, row 2: Choose the remedy.",
        "Denial advice, row 2: Write what to do about the denial.",
        "Questions, row 1: Write the answer.",
    ]


def test_a_warning_is_for_the_reviewer_to_weigh(in_review, reviewer, on):
    long = "One unit is one vial, as the label of the drug says it. " * 20
    revision = in_review(unit=long)

    found = findings_in(whole_revisions([revision.pk]).get(), on)

    assert {finding.severity for finding in found} == {"warning"}
    assert actions.approve(revision=revision, by=reviewer, on=on).status == Status.PUBLISHED


@pytest.mark.parametrize("step", ["approve", "schedule", "publish-at-once"])
def test_no_step_leads_what_is_wrong_to_the_public(in_review, reviewer, on, step):
    revision = in_review()
    spoil(revision)
    take = {
        "approve": lambda: actions.approve(revision=revision, by=reviewer, on=on),
        "schedule": lambda: actions.schedule(revision=revision, by=reviewer, publish_on=on, on=on),
        "publish-at-once": lambda: actions.publish_at_once(
            revision=revision, by=reviewer, on=on, reason="Now."
        ),
    }[step]

    with pytest.raises(actions.Unsound, match="Billing unit"):
        take()

    revision.refresh_from_db()
    assert revision.status == Status.IN_REVIEW
    assert read_entry("code", "J3490", on).data["unit"] is None


def test_the_one_that_is_wrong_on_its_day_stops_no_other(in_review, reviewer, on):
    wrong, right = in_review("J3490"), in_review("J3590")
    for revision in (wrong, right):
        actions.schedule(revision=revision, by=reviewer, publish_on=on, on=on)
    spoil(wrong)

    published = [actions.publish_scheduled(on=on) for _ in range(3)]

    assert published == [1, 0, 0]
    assert read_entry("code", "J3590", on).data["unit"]["text"] == "One unit."
    wrong.refresh_from_db()
    assert wrong.status == Status.SCHEDULED
    told = AuditEvent.objects.get(action="not published as scheduled")
    assert "Billing unit" in told.note


def test_a_mended_one_is_published_the_next_minute(in_review, reviewer, on):
    revision = in_review()
    actions.schedule(revision=revision, by=reviewer, publish_on=on, on=on)
    spoil(revision)
    actions.publish_scheduled(on=on)

    Revision.objects.filter(pk=revision.pk).update(unit="One unit.")

    assert actions.publish_scheduled(on=on) == 1


def test_an_older_text_is_measured_on_the_days_it_speaks_for(in_review, drafted, reviewer, on):
    actions.approve(revision=in_review(), by=reviewer, on=on)
    older = drafted("J3490")
    Revision.objects.filter(pk=older.pk).update(valid_from=date(2023, 1, 1))
    make_release(["J3490", "J3590", "J0001"], quarter="2026-01", on=on + timedelta(days=1))

    assert findings_in(whole_revisions([older.pk]).get(), on) == []


@pytest.mark.parametrize("scope", ["code", "family", "section"])
def test_the_checks_read_what_the_subject_needs(
    portal, editor, on, scope, django_assert_max_num_queries
):
    code = Code.objects.get(code="J3490")
    subject = code if scope == "code" else getattr(code, scope)
    draft = actions.start_draft(subject=subject, by=editor, valid_from=on)
    actions.save_draft(revision=draft, values={"unit": UNCITED}, topics={}, edition=1, by=editor)
    whole = whole_revisions([draft.pk]).get()

    with django_assert_max_num_queries(10):  # vocabularies, codes, modifiers, traits, the next one
        found = findings_in(whole, on)

    assert [finding.rule for finding in found] == ["missing-citation"]


def test_what_the_checks_know_is_read_once_to_approve(in_review, reviewer, on):
    revision = in_review(unit="One unit is one vial.")

    with CaptureQueriesContext(connection) as queries:
        actions.approve(revision=revision, by=reviewer, on=on)

    read = [one for one in queries if 'FROM "codes_trait" LEFT OUTER JOIN' in one["sql"]]
    assert len(read) == 1
