"""A later pack leaves what editors have changed, and offers them what it says otherwise."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from codes.models import Code
from guidance import actions
from guidance.models import PublishedGuidance, Revision
from guidance.queues import queues
from guidance.workflow import Role, Status
from tests.factories import make_account, make_release
from tests.packs import text_of, write_pack

pytestmark = pytest.mark.django_db


def text(words):
    return {"text": words, "sources": ["test-source"]}


@pytest.fixture
def load(tmp_path):
    """`load(number, unit="Two.")` loads the pack of that number, and gives what is printed."""

    def load(number, summary="First.", unit="One.", others=(), **topics):
        ours = text_of("code", "J3590", summary=text(summary), unit=text(unit), **topics)
        out = StringIO()
        pack = write_pack(tmp_path / str(number), [ours, *others])
        call_command("load_starter", str(pack), stdout=out)
        return out.getvalue()

    return load


@pytest.fixture
def revised(load, editor, reviewer, on):
    """J3590, of which editors have published another summary than the first pack's."""
    make_release(["J3490", "J3590"], on=on)
    load(1)
    return publish_summary("J3590", "Ours.", editor, reviewer, on)


def publish_summary(key, words, editor, reviewer, on):
    draft = actions.start_draft(subject=Code.objects.get(code=key), by=editor, valid_from=on)
    topics = {"summary": text(words), "unit": text("One.")}
    values = {topic: said["text"] for topic, said in topics.items()}
    actions.save_draft(revision=draft, values=values, topics=topics, edition=1, by=editor)
    draft = actions.submit(revision=draft, by=editor, on=on)
    return actions.approve(revision=draft, by=reviewer, on=on).guidance


def offers():
    return Revision.objects.filter(status=Status.DRAFT)


def spoken(guidance):
    content = (
        PublishedGuidance.objects.filter(guidance=guidance).latest("valid_from", "number").content
    )
    return {topic: content[topic]["text"] for topic in ("summary", "unit")}


# What is offered


def test_what_the_pack_changed_is_offered_and_what_editors_wrote_stays(revised, load, on):
    printed = load(2, unit="Two.")

    offer = offers().get()
    assert (offer.guidance, offer.valid_from) == (revised, on)
    assert (offer.summary, offer.unit) == ("Ours.", "Two.")
    assert offer.note == "Offered by the starter pack. First edition."
    assert spoken(revised) == {"summary": "Ours.", "unit": "One."}
    assert f"Offered to the editors as a draft: code J3590 from {on}: unit\n" in printed


def test_what_the_pack_says_as_before_is_not_offered(revised, load):
    load(2, others=[text_of("code", "J3490", unit=text("One."))])

    assert not offers().exists()


def test_what_editors_say_alike_is_not_offered(revised, load):
    load(2, summary="Ours.")

    assert not offers().exists()


def test_an_offer_is_made_once_until_the_pack_says_something_else(revised, load, editor):
    load(2, unit="Two.")
    actions.discard(revision=offers().get(), by=editor)

    load(3, unit="Two.", others=[text_of("code", "J3490", unit=text("One."))])
    assert not offers().exists()
    load(4, unit="Four.")

    assert offers().get().unit == "Four."


def test_what_was_declined_is_not_offered_with_what_a_later_pack_changes(revised, load, editor):
    load(2, unit="Two.")
    actions.discard(revision=offers().get(), by=editor)

    load(3, unit="Two.", summary="Third.")

    assert (offers().get().summary, offers().get().unit) == ("Third.", "One.")


def test_a_pack_that_goes_back_to_what_it_said_offers_that(revised, load, reviewer, on):
    load(2, unit="Two.")
    actions.approve(
        revision=actions.submit(revision=offers().get(), by=reviewer, on=on), by=reviewer, on=on
    )

    load(3, unit="One.")

    assert offers().get().unit == "One."


def test_what_editors_wrote_before_the_pack_had_anything_is_offered_whole(
    revised, load, editor, reviewer, on
):
    theirs = publish_summary("J3490", "Ours of J3490.", editor, reviewer, on)

    load(2, others=[text_of("code", "J3490", summary=text("Theirs."), unit=text("One."))])

    offer = offers().get()
    assert (offer.guidance, offer.summary, offer.unit) == (theirs, "Theirs.", "One.")


def test_nothing_is_offered_over_an_open_draft_and_it_is_when_that_is_done(
    revised, load, editor, on
):
    mine = actions.start_draft(subject=revised.code, by=editor, valid_from=on)

    printed = load(2, unit="Two.")
    assert list(offers()) == [mine]
    assert "Not offered, since editor has a revision open: code J3590" in printed
    actions.discard(revision=mine, by=editor)
    load(3, unit="Two.", others=[text_of("code", "J3490", unit=text("One."))])

    assert offers().get().unit == "Two."


def test_a_pack_is_loaded_once_the_only_draft_over_it_is_discarded(load, editor, on):
    make_release(["J3490", "J3590"], on=on)
    load(1, later=[{"valid_from": "2021-01-01", "unit": text("One.")}])
    j3590 = Code.objects.get(code="J3590")
    mine = actions.start_draft(subject=j3590, by=editor, valid_from=on)
    mended = {"unit": "Mended.", "later": [{"valid_from": "2021-01-01", "unit": text("One.")}]}
    load(2, **mended)

    actions.discard(revision=mine, by=editor)
    load(3, **mended, others=[text_of("code", "J3490", unit=text("One."))])

    oldest = PublishedGuidance.objects.filter(key="J3590").earliest("valid_from")
    assert oldest.content["unit"]["text"] == "Mended."


def test_what_a_reviewer_withdrew_is_offered_and_not_published_again(load, reviewer, on):
    make_release(["J3490", "J3590"], on=on)
    load(1)
    ours = Revision.objects.get(guidance__code__code="J3590")
    actions.withdraw(revision=ours, by=reviewer, on=on, note="It is not so.", as_wrong=True)

    load(2, unit="Two.")

    assert not PublishedGuidance.objects.filter(key="J3590").exists()
    assert Revision.objects.get(pk=ours.pk).status == Status.WITHDRAWN
    assert (offers().get().summary, offers().get().unit) == ("", "Two.")


# What becomes of it


def offered_to(account, role, on):
    found = queues(account, [role], on=on, now=timezone.now())
    return [revision for queue in found if queue.name == "offered" for revision in queue.rows]


def test_writers_find_it_on_the_workbench_until_it_is_someones(revised, load, editor, on):
    steward = make_account("steward", Role.DATA_STEWARD)
    load(2, unit="Two.")

    assert offered_to(editor, Role.EDITOR, on) == [offers().get()]
    assert offered_to(steward, Role.DATA_STEWARD, on) == []
    offers().update(assigned_to=editor)

    assert offered_to(editor, Role.EDITOR, on) == []


def test_a_reviewer_may_publish_it_as_it_is(revised, load, reviewer, on):
    load(2, unit="Two.")

    submitted = actions.submit(revision=offers().get(), by=reviewer, on=on)
    actions.approve(revision=submitted, by=reviewer, on=on)

    assert spoken(revised) == {"summary": "Ours.", "unit": "Two."}


def test_whoever_writes_in_it_does_not_approve_it(revised, load, reviewer, on):
    load(2, unit="Two.")
    offer = offers().get()
    values = {"unit": "Two, or three.", "summary": offer.summary}
    actions.save_draft(revision=offer, values=values, topics={}, edition=offer.edition, by=reviewer)
    submitted = actions.submit(revision=offer, by=reviewer, on=on)

    with pytest.raises(actions.NotAllowed, match="someone who has not written"):
        actions.approve(revision=submitted, by=reviewer, on=on)
