"""One door to what the public sees."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from codes import actions, publication
from codes.models import ChangeNumber, Entry, EntryChange, EntryFacet, EntryFaq, Publication
from guidance.actions import load_starter
from tests.cms_files import code
from tests.factories import make_release
from tests.packs import denial, text_of, write_pack

pytestmark = pytest.mark.django_db


def test_changes_are_numbered_without_a_gap(on):
    make_release(["J3490"], quarter="2024-10", on=on)
    make_release(["J3490", "J3590"], quarter="2025-10", on=on)

    numbers = list(EntryChange.objects.values_list("number", flat=True))

    assert numbers == list(range(1, len(numbers) + 1))
    assert ChangeNumber.objects.get().last == len(numbers)


def test_what_reads_as_before_is_left_alone(on):
    make_release(["J3490"], on=on)
    publications = Publication.objects.count()

    with transaction.atomic():
        done = publication.publish(publication.EVERYTHING, on=on, reason="Again")

    assert (done.stored, done.removed) == (0, 0)
    assert Publication.objects.count() == publications


def test_only_the_code_that_changed_is_stored_anew(on):
    before = [code("J3490", short="Drug"), code("G0008", short="Flu shot")]
    make_release(before, quarter="2024-10", on=on)
    newest = ChangeNumber.objects.get().last

    make_release([before[0], code("G0008", short="Flu vaccine")], quarter="2025-10", on=on)

    changed = EntryChange.objects.filter(number__gt=newest, entry_kind="code")
    assert [change.entry_key for change in changed] == ["G0008"]


def test_a_publication_that_fails_leaves_everything_as_it_was(on):
    make_release(["J3490"], on=on)
    newest = ChangeNumber.objects.get().last

    def fail_in_the_middle():
        with transaction.atomic():
            Entry.objects.filter(key="J3490").delete()
            publication.publish({"code": None}, on=on, reason="Doomed")
            raise IntegrityError

    with pytest.raises(IntegrityError):
        fail_in_the_middle()

    assert ChangeNumber.objects.get().last == newest
    assert Entry.objects.filter(kind="code", key="J3490").exists()


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused(on):
    with pytest.raises(transaction.TransactionManagementError):
        publication.publish({"code": None}, on=on, reason="Alone")


def test_an_entry_past_its_day_is_composed_on_reading_and_stored_by_the_task():
    ends = date(2026, 3, 31)
    make_release([code("J3490", terminated=ends)], on=ends)
    assert Entry.objects.get(key="J3490").until == date(2026, 4, 1)

    assert publication.read_entry("code", "J3490", date(2026, 4, 1)).data["status"] == "ended"
    assert Entry.objects.get(key="J3490").data["status"] == "active"

    assert actions.publish_due_entries(on=date(2026, 4, 1)) == 1
    assert Entry.objects.get(key="J3490").data["status"] == "ended"
    assert actions.publish_due_entries(on=date(2026, 4, 1)) == 0


def test_an_entry_past_its_day_is_never_read_as_it_was_stored(on):
    yesterday = on - timedelta(days=1)
    make_release([code("J3490", terminated=yesterday)], on=yesterday)
    stored = Entry.objects.get(key="J3490")
    assert (stored.data["status"], stored.until) == ("active", on)

    assert publication.read_entry("code", "J3490", on).data["status"] == "ended"


def test_an_entry_that_was_tampered_with_is_found(on):
    make_release(["J3490"], on=on)
    Entry.objects.filter(key="J3490").update(digest="0" * 64)

    assert list(publication.stale_entries(on)) == ["code J3490"]


def test_an_entry_without_a_subject_is_found_and_removed(on):
    make_release(["J3490"], on=on)
    ghost = Entry(kind="code", key="J9998", title="Ghost", facts="{}", digest="0" * 64)
    ghost.save()
    assert list(publication.stale_entries(on)) == ["code J9998"]

    with transaction.atomic():
        done = publication.publish({"code": ["J9998"]}, on=on, reason="Tidy")

    assert done.removed == 1
    assert EntryChange.objects.last().kind == "removed"


def test_facets_and_questions_are_written_with_the_entry(tmp_path, on):
    make_release([code("E0601", price=("36",)), "E0602"], on=on)
    faq = {"question": "Why?", "answer": "**So.**"}
    load_starter(
        on=on,
        folder=write_pack(
            tmp_path,
            [
                text_of("family", "e-resp", denials=[denial("CO-50")], faqs=[faq]),
                text_of("code", "E0601", specialties=["urology"]),
            ],
        ),
    )

    facets = EntryFacet.objects.filter(guidance__entries__key="E0601").values_list("kind", "slug")
    assert set(facets) == {
        ("trait", "capped-rental"),
        ("specialty", "urology"),
        ("denial_category", "CO-50"),
    }
    # A question stands once, with the subject whose guidance asks it.
    faqs = EntryFaq.objects.values_list("entry__kind", "entry__key", "html")
    assert list(faqs) == [("family", "e-resp", "<p><strong>So.</strong></p>")]
