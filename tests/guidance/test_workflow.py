"""A revision on its way: every state, step and role."""

from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from codes.calendar import EASTERN
from codes.models import Code, CodeChange, Correction
from codes.publication import read_entry
from guidance import actions
from guidance.actions.workflow import roles_of
from guidance.models import AuditEvent, Guidance, PublishedGuidance, Revision
from guidance.workflow import STEPS, Role, Status, may, steps_open_to
from tests.cms_files import code
from tests.factories import make_account, make_release
from tests.packs import denial, text_of, write_pack

pytestmark = pytest.mark.django_db

UNIT = {"unit": "One unit."}


@pytest.fixture
def j3490(on):
    make_release(["J3490", "J3590"], on=on)
    return Code.objects.get(code="J3490")


@pytest.fixture
def draft(j3490, editor, on):
    revision = actions.start_draft(subject=j3490, by=editor, valid_from=date(2024, 1, 1))
    return actions.save_draft(revision=revision, values=UNIT, topics={}, edition=1, by=editor)


@pytest.fixture
def submitted(draft, editor, on):
    return actions.submit(revision=draft, by=editor, on=on)


def unit_of(key, on):
    unit = read_entry("code", key, on).data["unit"]
    return unit and unit["text"]


def test_the_migration_makes_every_role():
    migration = import_module("guidance.migrations.0003_roles")

    assert migration.ROLES.keys() == set(Role.values)


# Every cell of state by step that someone may take: E editors, R reviewers, A administrators.
TABLE = """
             draft  in_review  returned  scheduled  published  superseded  withdrawn
write        ERA    -          ERA       -          -          -           -
submit       ERA    -          ERA       -          -          -           -
recall       -      ERA        -         -          -          -           -
discard      ERA    -          ERA       -          -          -           -
return       -      RA         -         -          -          -           -
approve      -      RA         -         -          -          -           -
schedule     -      RA         -         -          -          -           -
unschedule   -      -          -         RA         -          -           -
publish-at-once  RA RA       RA        -          -          -           -
countersign  -      -          -         -          RA         -           -
withdraw     -      -          -         -          RA         -           -
"""
LETTERS = {"E": Role.EDITOR, "R": Role.REVIEWER, "A": Role.ADMINISTRATOR}


def test_the_table_decides_who_may_do_what_in_which_state():
    heading, *lines = TABLE.strip().splitlines()
    statuses = heading.split()
    steps = {line.split()[0]: line.split()[1:] for line in lines}
    assert steps.keys() == STEPS.keys()
    assert set(statuses) == set(Status)

    for step, cells in steps.items():
        for status, role in product(statuses, Role):
            allowed = {LETTERS[letter] for letter in cells[statuses.index(status)].strip("-")}
            assert may(step, status, [role]) is (role in allowed), (step, status, role)
            assert (step in steps_open_to(status, [role])) is (role in allowed)


def test_a_draft_becomes_public_when_someone_else_approves(submitted, reviewer, on):
    assert unit_of("J3490", on) is None

    actions.approve(revision=submitted, by=reviewer, on=on)

    assert unit_of("J3490", on) == "One unit."
    assert unit_of("J3590", on) is None
    assert read_entry("code", "J3490", on).data["review"]["reviewed_on"] == on.isoformat()


def test_what_was_approved_in_the_evening_was_reviewed_on_that_day(submitted, reviewer, on):
    actions.schedule(revision=submitted, by=reviewer, publish_on=on + timedelta(days=1), on=on)
    late = datetime(2026, 11, 24, 23, 59, tzinfo=EASTERN)
    Revision.objects.filter(pk=submitted.pk).update(reviewed_at=late)

    actions.publish_scheduled(on=on + timedelta(days=1))

    assert PublishedGuidance.objects.get().reviewed_on == date(2026, 11, 24)


def test_nobody_approves_what_they_wrote(j3490, on):
    both = make_account("both", Role.EDITOR, Role.REVIEWER)
    revision = actions.start_draft(subject=j3490, by=both, valid_from=on)
    Revision.objects.filter(pk=revision.pk).update(unit="One unit.")
    actions.submit(revision=revision, by=both, on=on)

    with pytest.raises(actions.NotAllowed, match="someone who has not written"):
        actions.approve(revision=revision, by=both, on=on)


def test_nobody_approves_what_they_wrote_in(draft, editor, on):
    helper = make_account("helper", Role.REVIEWER)
    actions.save_draft(revision=draft, values=UNIT, topics={}, edition=2, by=helper)
    actions.submit(revision=draft, by=editor, on=on)

    with pytest.raises(actions.NotAllowed, match="someone who has not written"):
        actions.approve(revision=draft, by=helper, on=on)


def test_the_database_itself_refuses_a_self_approval(draft, editor):
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=draft.pk).update(
            reviewer=editor, reviewed_at="2026-01-01T00:00Z"
        )


def test_the_database_refuses_to_publish_what_nobody_signed(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=draft.pk).update(status=Status.PUBLISHED)


def test_a_subject_has_one_open_revision(draft, reviewer, j3490, on):
    assert actions.start_draft(subject=j3490, by=reviewer, valid_from=on) == draft
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(guidance=draft.guidance, number=9, valid_from=on, author=reviewer)


def test_a_save_over_a_newer_one_is_refused_with_the_newer_text(draft, editor, reviewer):
    actions.save_draft(revision=draft, values={"unit": "Newer."}, topics={}, edition=2, by=reviewer)

    with pytest.raises(actions.StaleEdit) as refused:
        actions.save_draft(
            revision=draft, values={"unit": "Older."}, topics={}, edition=2, by=editor
        )

    assert refused.value.current.unit == "Newer."


def test_a_draft_begins_with_what_is_published(tmp_path, j3490, editor, on):
    pack = [
        text_of(
            "code", "J3490", unit={"text": "Ours."}, denials=[denial()], specialties=["urology"]
        )
    ]
    actions.load_starter(on=on, folder=write_pack(tmp_path, pack))

    revision = actions.start_draft(subject=j3490, by=editor, valid_from=on)

    assert (revision.number, revision.unit) == (2, "Ours.")
    assert revision.denials.get().category.key == "CO-16"
    assert revision.specialties.get().slug == "urology"


def test_topics_are_written_as_a_pack_writes_them(tmp_path, draft, editor, on):
    actions.load_starter(on=on, folder=write_pack(tmp_path))
    topics = {"denials": [denial(sources=["test-source"])], "specialties": ["urology"]}

    saved = actions.save_draft(revision=draft, values={}, topics=topics, edition=2, by=editor)

    assert saved.denials.get().category.key == "CO-16"
    assert saved.citations.get().source.slug == "test-source"


def test_a_returned_revision_says_what_is_asked_for(submitted, reviewer, editor, on):
    returned = actions.return_to_author(revision=submitted, by=reviewer, note="Cite the LCD.")

    assert returned.status == Status.RETURNED
    assert returned.return_note == "Cite the LCD."
    assert list(Revision.objects.returned_to(editor)) == [returned]
    assert actions.submit(revision=returned, by=editor, on=on).status == Status.IN_REVIEW


def test_returning_takes_a_note(submitted, reviewer):
    with pytest.raises(actions.NotAllowed, match="note that says why"):
        actions.return_to_author(revision=submitted, by=reviewer, note=" ")


def test_a_scheduled_revision_is_published_on_its_day(submitted, reviewer, on):
    tomorrow = on + timedelta(days=1)
    actions.schedule(revision=submitted, by=reviewer, publish_on=tomorrow, on=on)

    assert actions.publish_scheduled(on=on) == 0
    assert unit_of("J3490", on) is None
    assert actions.publish_scheduled(on=tomorrow) == 1
    assert unit_of("J3490", on) == "One unit."


def test_what_is_scheduled_can_be_taken_back(submitted, reviewer, on):
    actions.schedule(revision=submitted, by=reviewer, publish_on=on, on=on)

    back = actions.unschedule(revision=submitted, by=reviewer)

    assert (back.status, back.reviewer) == (Status.IN_REVIEW, None)


def test_an_emergency_is_public_at_once_and_flagged_until_signed(j3490, reviewer, on):
    author = make_account("author", Role.REVIEWER)
    revision = actions.start_draft(subject=j3490, by=author, valid_from=date(2024, 1, 1))
    actions.save_draft(revision=revision, values=UNIT, topics={}, edition=1, by=author)

    actions.publish_at_once(revision=revision, by=author, on=on, reason="The old text is wrong.")

    assert unit_of("J3490", on) == "One unit."
    assert list(Revision.objects.unsigned()) == [revision]
    with pytest.raises(actions.NotAllowed, match="not written in it"):
        actions.countersign(revision=revision, by=author, on=on)
    actions.countersign(revision=revision, by=reviewer, on=on)
    assert not Revision.objects.unsigned().exists()
    with pytest.raises(actions.NotAllowed, match="two signatures"):
        actions.countersign(revision=revision, by=reviewer, on=on)


def test_what_is_withdrawn_as_wrong_speaks_for_no_date(submitted, reviewer, on):
    actions.approve(revision=submitted, by=reviewer, on=on)

    actions.withdraw(
        revision=submitted, by=reviewer, on=on, note="The limit was wrong.", as_wrong=True
    )

    assert unit_of("J3490", on) is None
    assert unit_of("J3490", date(2024, 6, 1)) is None
    assert Correction.objects.get().note == "The limit was wrong."


def test_a_superseded_revision_keeps_the_dates_it_spoke_for(submitted, reviewer, editor, j3490, on):
    actions.approve(revision=submitted, by=reviewer, on=on)
    newer = actions.start_draft(subject=j3490, by=editor, valid_from=date(2025, 1, 1))
    actions.save_draft(revision=newer, values={"unit": "Two."}, topics={}, edition=1, by=editor)
    actions.submit(revision=newer, by=editor, on=on)
    actions.approve(revision=newer, by=reviewer, on=on)

    assert unit_of("J3490", date(2024, 12, 31)) == "One unit."
    assert unit_of("J3490", date(2025, 1, 1)) == "Two."


def test_an_old_revision_is_restored_as_a_new_draft(submitted, reviewer, editor, on):
    actions.approve(revision=submitted, by=reviewer, on=on)

    draft = actions.restore(revision=submitted, by=editor)

    assert (draft.status, draft.number, draft.unit) == (Status.DRAFT, 2, "One unit.")
    with pytest.raises(actions.NotAllowed, match="is open"):
        actions.restore(revision=submitted, by=editor)


def test_a_discarded_draft_leaves_its_audit_rows(draft, editor, on):
    actions.discard(revision=draft, by=editor)

    assert not Revision.objects.exists()
    assert AuditEvent.objects.filter(action="discard", actor=editor).exists()
    with pytest.raises(actions.NotAllowed, match="no longer there"):
        actions.submit(revision=draft, by=editor, on=on)


def test_every_step_leaves_an_audit_row(submitted, reviewer, on):
    actions.approve(revision=submitted, by=reviewer, on=on)

    steps = AuditEvent.objects.order_by("pk").values_list("action", "actor__username")

    assert list(steps) == [
        ("start", "editor"),
        ("write", "editor"),
        ("submit", "editor"),
        ("approve", "reviewer"),
    ]


@pytest.mark.parametrize("role", [Role.DATA_STEWARD, Role.PARTNER_MANAGER])
def test_other_roles_do_not_write(j3490, role, on):
    with pytest.raises(actions.NotAllowed):
        actions.start_draft(subject=j3490, by=make_account("other", role), valid_from=on)


def test_a_deactivated_account_has_no_role(editor, django_user_model):
    editor.is_active = False
    assert roles_of(editor) == frozenset()
    assert roles_of(django_user_model(is_superuser=True, pk=editor.pk)) >= {Role.ADMINISTRATOR}


def test_a_family_text_reaches_its_codes_and_no_others(j3490, editor, reviewer, on):
    revision = actions.start_draft(subject=j3490.family, by=editor, valid_from=date(2024, 1, 1))
    actions.save_draft(revision=revision, values=UNIT, topics={}, edition=1, by=editor)
    actions.submit(revision=revision, by=editor, on=on)

    actions.approve(revision=revision, by=reviewer, on=on)

    assert unit_of("J3490", on) == unit_of("J3590", on) == "One unit."


def test_what_a_release_changes_is_to_be_looked_at_until_someone_says_it_is_right(
    submitted, reviewer, editor, on
):
    actions.approve(revision=submitted, by=reviewer, on=on)
    assert not Guidance.objects.changed_by_cms().exists()

    make_release([code("J3490", long="Changed"), "J3590"], quarter="2026-01", on=on)

    assert CodeChange.objects.filter(field="long").exists()
    assert [g.key for g in Guidance.objects.changed_by_cms()] == ["J3490"]
    actions.still_right(guidance=submitted.guidance, by=editor, on=on)
    assert not Guidance.objects.changed_by_cms().exists()


def test_withdrawing_takes_a_note(submitted, reviewer, on):
    actions.approve(revision=submitted, by=reviewer, on=on)

    with pytest.raises(actions.NotAllowed, match="note"):
        actions.withdraw(revision=submitted, by=reviewer, on=on, note="", as_wrong=True)

    assert PublishedGuidance.objects.exists()
