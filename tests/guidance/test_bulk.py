"""Many at once: looked at first, done together as a batch, undone together."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from codes.models import Code, Publication
from codes.publication import read_entry, stale_entries
from guidance import actions
from guidance.actions import Wish
from guidance.models import AuditEvent, Batch, BatchItem, Guidance, PublishedGuidance, Revision
from guidance.workflow import Role, Status
from tests.factories import make_account, make_release

pytestmark = pytest.mark.django_db

CODES = ["J3490", "J3590", "J9999"]


@pytest.fixture
def portal(on):
    make_release(CODES, on=on)


@pytest.fixture
def drafts(portal, editor):
    return [write(name, editor) for name in CODES]


@pytest.fixture
def submitted(drafts, editor, on):
    return [actions.submit(revision=draft, by=editor, on=on) for draft in drafts]


def write(name, by, words="One unit.", valid_from=date(2024, 1, 1)):
    """A draft about a code."""
    code = Code.objects.get(code=name)
    draft = actions.start_draft(subject=code, by=by, valid_from=valid_from)
    return actions.save_draft(
        revision=draft, values={"unit": words}, topics={}, edition=draft.edition, by=by
    )


def look(order, by, on, items, **more):
    wish = Wish(order=order, by=by, on=on, **more)
    return wish, actions.preview_batch(wish=wish, ids=[item.pk for item in items])


def do(order, by, on, items, **more):
    """Look at them and do it: the batch and the outcomes."""
    wish, looked = look(order, by, on, items, **more)
    editions = {outcome.item.pk: outcome.edition for outcome in looked}
    return actions.run_batch(wish=wish, editions=editions)


def refusals(outcomes):
    return [outcome.refused for outcome in outcomes]


def statuses():
    return list(Revision.objects.order_by("guidance__code__code").values_list("status", flat=True))


def unit_of(key, on):
    unit = read_entry("code", key, on).data["unit"]
    return unit and unit["text"]


# Looked at first


def test_a_preview_changes_nothing(submitted, reviewer, on):
    events = AuditEvent.objects.count()

    _, outcomes = look("approve", reviewer, on, submitted)

    assert refusals(outcomes) == ["", "", ""]
    assert statuses() == [Status.IN_REVIEW] * 3
    assert AuditEvent.objects.count() == events
    assert not Batch.objects.exists()


def test_a_preview_says_of_each_item_why_not(drafts, editor, reviewer, on):
    actions.submit(revision=drafts[0], by=editor, on=on)
    actions.save_draft(revision=drafts[2], values={}, topics={}, edition=2, by=reviewer)
    actions.submit(revision=drafts[2], by=editor, on=on)

    _, outcomes = look("approve", reviewer, on, drafts)

    first, second, third = refusals(outcomes)
    assert first == ""
    assert "may not approve a revision that is draft" in second
    assert "someone who has not written in it" in third


def test_what_the_checks_call_wrong_is_not_approved(portal, editor, reviewer, on):
    wrong, right = write("J3490", editor), write("J3590", editor)
    waiting = [actions.submit(revision=one, by=editor, on=on) for one in (wrong, right)]
    # As by a check that is newer than the text.
    Revision.objects.filter(pk=wrong.pk).update(unit="Medicare always pays $100 for it.")

    batch, outcomes = do("approve", reviewer, on, waiting)

    assert "The checks find" in outcomes[0].refused
    assert [item.revision for item in batch.items.all()] == [right]


def test_what_changed_since_the_preview_is_left_and_the_rest_is_done(
    submitted, editor, reviewer, on
):
    wish, looked = look("approve", reviewer, on, submitted)
    actions.recall(revision=submitted[0], by=editor)
    actions.submit(revision=submitted[0], by=editor, on=on)

    batch, outcomes = actions.run_batch(
        wish=wish, editions={one.item.pk: one.edition for one in looked}
    )

    assert refusals(outcomes) == ["It has changed since you looked at it. Look again.", "", ""]
    assert statuses() == [Status.IN_REVIEW, Status.PUBLISHED, Status.PUBLISHED]
    assert batch.items.count() == 2


def test_nothing_to_be_done_leaves_no_batch(drafts, reviewer, on):
    batch, outcomes = do("approve", reviewer, on, drafts)

    assert batch is None
    assert all(refusals(outcomes))
    assert not Batch.objects.exists()


# Who may


@pytest.mark.parametrize("order", actions.ORDERS)
@pytest.mark.parametrize("role", [Role.DATA_STEWARD, Role.PARTNER_MANAGER])
def test_other_roles_do_none_of_it(submitted, on, order, role):
    other = make_account("other", role)
    items = submitted if actions.ORDERS[order].of is Revision else [r.guidance for r in submitted]

    batch, outcomes = do(order, other, on, items, note="Why")

    assert batch is None
    assert all("may not" in refused for refused in refusals(outcomes))


def test_an_editor_does_not_approve(submitted, on):
    batch, outcomes = do("approve", make_account("second", Role.EDITOR), on, submitted)

    assert batch is None
    assert all("may not approve" in refused for refused in refusals(outcomes))


def test_what_the_checks_call_wrong_is_not_submitted(portal, editor, on):
    wrong = write("J3490", editor, words="Medicare always pays $100 for it.")
    right = write("J3590", editor)

    batch, outcomes = do("submit", editor, on, [wrong, right])

    assert "The checks find" in outcomes[0].refused
    assert [item.revision for item in batch.items.all()] == [right]


def test_nobody_approves_their_own_however_the_batch_is_mixed(portal, on):
    people = [make_account(f"person{n}", Role.EDITOR, Role.REVIEWER) for n in range(3)]
    dice = random.Random(7)
    for name in CODES:
        author, helper = dice.sample(people, 2)
        draft = write(name, author)
        actions.save_draft(revision=draft, values={}, topics={}, edition=draft.edition, by=helper)
        actions.submit(revision=draft, by=author, on=on)
    waiting = list(Revision.objects.all())

    for person in dice.sample(people, 3):
        do("approve", person, on, waiting)

    published = Revision.objects.filter(status=Status.PUBLISHED)
    assert published.count() == 3
    for one in published:
        assert one.reviewer not in {one.author, *one.written_by.all()}


# Done together


def test_a_batch_is_approved_in_one_publication(submitted, reviewer, on):
    before = Publication.objects.count()

    batch, _ = do("approve", reviewer, on, submitted)

    assert [unit_of(name, on) for name in CODES] == ["One unit."] * 3
    assert Publication.objects.count() == before + 1
    assert list(stale_entries(on)) == []
    assert AuditEvent.objects.filter(batch=batch.pk, action="approve").count() == 3


def test_drafts_are_submitted_together(drafts, editor, on):
    batch, _ = do("submit", editor, on, drafts)

    assert statuses() == [Status.IN_REVIEW] * 3
    assert batch.by == editor


def test_revisions_are_assigned_without_making_an_open_form_stale(drafts, editor, reviewer, on):
    do("assign", editor, on, drafts, person=reviewer)

    assert {r.assigned_to for r in Revision.objects.all()} == {reviewer}
    assert {r.edition for r in Revision.objects.all()} == {drafts[0].edition}


def test_a_day_of_review_is_set_for_many(drafts, editor, on):
    day = on + timedelta(days=90)

    do("review-by", editor, on, [draft.guidance for draft in drafts], day=day)

    assert {one.review_due for one in Guidance.objects.all()} == {day}


def test_withdrawing_many_takes_a_note_and_ends_what_they_say(submitted, reviewer, on):
    do("approve", reviewer, on, submitted)
    published = list(Revision.objects.all())

    batch, outcomes = do("withdraw", reviewer, on, published, note=" ")
    assert batch is None
    assert "takes a note" in outcomes[0].refused
    do("withdraw", reviewer, on, published, note="The rule has ended.")

    assert statuses() == [Status.WITHDRAWN] * 3
    assert [unit_of(name, on) for name in CODES] == [None] * 3


def test_more_than_a_batch_holds_is_refused(portal, editor, on):
    wish = Wish(order="submit", by=editor, on=on)

    with pytest.raises(actions.NotAllowed, match="500 at the most"):
        actions.preview_batch(wish=wish, ids=list(range(501)))


# Undone together


def test_an_undone_approval_is_withdrawn_and_the_earlier_text_speaks_again(
    submitted, editor, reviewer, on
):
    do("approve", reviewer, on, submitted)
    newer = actions.submit(revision=write("J3490", editor, "One unit again."), by=editor, on=on)
    batch, outcomes = do("approve", reviewer, on, [newer])
    assert refusals(outcomes) == [""]
    assert unit_of("J3490", on) == "One unit again."

    actions.undo_batch(batch=batch, by=reviewer, on=on)

    assert unit_of("J3490", on) == "One unit."
    newer.refresh_from_db()
    submitted[0].refresh_from_db()
    assert (newer.status, submitted[0].status) == (Status.WITHDRAWN, Status.PUBLISHED)
    assert list(stale_entries(on)) == []


def test_an_undone_withdrawal_speaks_again_as_before(submitted, reviewer, on):
    do("approve", reviewer, on, submitted)
    frozen = list(PublishedGuidance.objects.order_by("pk").values())
    documents = [read_entry("code", name, on).data for name in CODES]
    batch, _ = do("withdraw", reviewer, on, submitted, note="A mistake.")

    actions.undo_batch(batch=batch, by=reviewer, on=on)

    assert list(PublishedGuidance.objects.order_by("pk").values()) == frozen
    assert [read_entry("code", name, on).data for name in CODES] == documents
    assert set(Revision.objects.values_list("withdrawn_note", flat=True)) == {""}


def test_every_other_order_is_put_back(drafts, editor, reviewer, on):
    def state():
        columns = ("status", "assigned_to", "guidance__review_due")
        return list(Revision.objects.order_by("pk").values_list(*columns))

    before = state()
    subjects = [draft.guidance for draft in drafts]
    for order, items in (("assign", drafts), ("review-by", subjects), ("submit", drafts)):
        batch, _ = do(order, editor, on, items, person=reviewer, day=on)
        assert state() != before
        actions.undo_batch(batch=batch, by=editor, on=on)
        assert state() == before


def test_what_someone_has_worked_on_since_is_not_put_back(submitted, editor, reviewer, on):
    batch, _ = do("approve", reviewer, on, submitted)
    write("J3490", editor, "Newer.")

    outcomes = actions.undo_batch(batch=batch, by=reviewer, on=on)

    assert [bool(refused) for refused in refusals(outcomes)] == [True, False, False]
    assert "editor has worked on it since" in outcomes[0].refused
    assert unit_of("J3490", on) == "One unit."
    assert unit_of("J3590", on) is None


def test_undoing_is_a_batch_of_its_own_and_is_done_once(submitted, reviewer, on):
    batch, _ = do("approve", reviewer, on, submitted)
    actions.undo_batch(batch=batch, by=reviewer, on=on)

    undoing = Batch.objects.get(action="undo approve")
    assert AuditEvent.objects.filter(batch=undoing.pk, actor=reviewer).count() == 3
    batch.refresh_from_db()
    assert batch.undone_by == reviewer
    for one in (batch, undoing):
        with pytest.raises(actions.NotAllowed, match="nothing to undo"):
            actions.undo_batch(batch=one, by=reviewer, on=on)


def test_undoing_takes_the_role_that_doing_it_takes(submitted, editor, reviewer, on):
    batch, _ = do("approve", reviewer, on, submitted)

    with pytest.raises(actions.NotAllowed, match="may not undo"):
        actions.undo_batch(batch=batch, by=editor, on=on)

    assert statuses() == [Status.PUBLISHED] * 3


# The pages


@pytest.fixture
def as_reviewer(client, reviewer):
    client.force_login(reviewer)
    return client


def choose(client, order, items, model="revision"):
    """Tick rows of a list and choose an action: the preview."""
    sent = {"action": order, "_selected_action": [item.pk for item in items]}
    return client.post(reverse(f"admin:guidance_{model}_changelist"), sent)


def confirm(client, order, preview, **said):
    """Press "Do it" on a preview."""
    items = [f"{o.item.pk}:{o.edition}" for o in preview.context["outcomes"] if not o.refused]
    address = reverse("admin:guidance_bulk", args=[order])
    return client.post(address, {"item": items} | said, follow=True)


def test_rows_are_approved_from_the_list_and_the_batch_is_undone(as_reviewer, submitted, on):
    preview = choose(as_reviewer, "approve", submitted)
    assert "3 of 3 can be done" in preview.content.decode()
    assert statuses() == [Status.IN_REVIEW] * 3

    page = confirm(as_reviewer, "approve", preview)
    assert "Done: 3 of 3." in page.content.decode()
    assert unit_of("J3490", on) == "One unit."

    batch = Batch.objects.get()
    page = as_reviewer.post(reverse("admin:guidance_batch_undo", args=[batch.pk]), follow=True)
    assert "Undone: 3 of 3." in page.content.decode()
    assert unit_of("J3490", on) is None
    listing = as_reviewer.get(reverse("admin:guidance_batches")).content.decode()
    assert "undo approve" in listing


def test_a_day_that_has_passed_is_refused_at_its_field(as_reviewer, submitted):
    preview = choose(as_reviewer, "review-by", submitted)

    page = confirm(as_reviewer, "review-by", preview, day="2020-01-01")
    assert "This day has passed" in page.content.decode()
    confirm(as_reviewer, "review-by", page, day="2099-12-31")

    assert set(Guidance.objects.values_list("review_due", flat=True)) == {date(2099, 12, 31)}


def test_withdrawing_without_a_reason_asks_for_it(as_reviewer, submitted, reviewer, on):
    do("approve", reviewer, on, submitted)
    preview = choose(as_reviewer, "withdraw", submitted)

    page = confirm(as_reviewer, "withdraw", preview, note="")

    assert "This field is required" in page.content.decode()
    assert statuses() == [Status.PUBLISHED] * 3


def test_only_what_ones_role_may_do_is_offered(client, submitted, editor):
    client.force_login(editor)

    page = client.get(reverse("admin:guidance_revision_changelist")).content.decode()

    assert 'value="submit"' in page
    assert 'value="approve"' not in page
    assert 'value="delete_selected"' not in page


@pytest.mark.parametrize("item", ["", "x", "1:", "99999:1", "-1:2", "1:2:3"])
def test_items_that_are_none_change_nothing(as_reviewer, submitted, item):
    address = reverse("admin:guidance_bulk", args=["approve"])

    answer = as_reviewer.post(address, {"item": item}, follow=True)

    assert answer.status_code == 200
    assert statuses() == [Status.IN_REVIEW] * 3
    assert not BatchItem.objects.exists()


def test_a_batch_page_costs_the_same_for_one_item_and_for_many(
    as_reviewer, submitted, reviewer, on
):
    counted = []
    for items in (submitted[:1], submitted[1:]):
        do("approve", reviewer, on, items)
    for batch in Batch.objects.all():
        with CaptureQueriesContext(connection) as queries:
            as_reviewer.get(reverse("admin:guidance_batch", args=[batch.pk]))
        counted.append(len(queries))

    assert len(set(counted)) == 1
