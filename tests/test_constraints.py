"""What the database itself refuses: every constraint has a row here that it keeps out."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.utils import timezone

from codes.calendar import today
from codes.models import (
    ChangeNumber,
    Code,
    CodePeriod,
    CodeRelation,
    CodeVersion,
    ContactRequest,
    Correction,
    Entry,
    EntryChange,
    EntryFacet,
    EntryFaq,
    Modifier,
    ModifierPeriod,
    ModifierVersion,
    MonthlyCount,
    Release,
    SearchTerm,
    Section,
    Trait,
    TraitMembership,
)
from guidance.models import (
    Batch,
    BatchItem,
    CallToAction,
    Companion,
    CoverageSignal,
    CptReference,
    DenialAdvice,
    DenialCategory,
    Faq,
    Guidance,
    ModifierRule,
    PreviewLink,
    PublishedGuidance,
    Revision,
    Source,
    Typing,
)
from guidance.workflow import Status
from tests.factories import make_contact_request
from tests.full_portal import make_full_portal

pytestmark = pytest.mark.django_db

LONG_AGO, LATER = date(1950, 1, 1), date(2024, 1, 1)
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
PLACE = 99  # a position that no row has
TERM = {"term": "diaper", "kind": "lay", "code": "T4521", "glossary": "x", "source": "Ours"}
EARLIER = {"reads_from": LATER, "reads_until": LONG_AGO}


def change(model: type[Model], **values) -> None:
    """Give the first row these values, past every form."""
    model.objects.filter(pk=model.objects.first().pk).update(**values)


def again(model: type[Model], **values) -> Model:
    """Write the first row once more, but for these values."""
    row = model.objects.first()
    row.pk = None
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def open_two() -> None:
    change(Revision, status=Status.DRAFT)
    again(Revision, number=PLACE, status=Status.RETURNED)


def name_a_code_twice() -> None:
    code = Code.objects.get(code="J3590")  # that the last companion names
    change(Companion, cpt=None, code=code)


def publish_a_number_twice() -> None:
    first = PublishedGuidance.objects.first()
    revision = first.revision
    revision.pk, revision.number = None, PLACE
    revision.save()
    again(PublishedGuidance, revision=revision)


def make(model: type[Model], **values) -> Model:
    return model.objects.create(**values)


def first(model: type[Model]) -> Model:
    return model.objects.first()


def author() -> Model:
    return first(Revision).author


def type_on_a_form() -> None:
    make(Typing, revision=first(Revision), user=author(), seen_at=NOON, edition=1)


def put_a_subject_twice_in_a_batch() -> None:
    batch = make(Batch, action="submit", by=author())
    for _ in range(2):
        make(BatchItem, batch=batch, guidance=first(Guidance), revision=first(Revision))


BREAKS: dict[str, Callable[[], object]] = {
    # What CMS says
    "section_letter_is_a_to_v": lambda: change(Section, letter="W"),
    "trait_membership_starts_once_a_day": lambda: again(TraitMembership),
    "trait_membership_ends_after_it_starts": lambda: change(TraitMembership, ends_on=LONG_AGO),
    "release_is_published_at_a_time": lambda: change(Release, published_at=None),
    "release_is_in_force_from_a_quarters_first_day": lambda: change(
        Release, quarter=date(2025, 10, 2)
    ),
    "release_rank_is_unique_in_its_quarter": lambda: again(Release, sha256="0" * 64),
    "code_is_a_letter_and_four_digits": lambda: change(Code, code="W0000"),
    "modifier_is_two_characters": lambda: change(Modifier, code="k"),
    "codeperiod_ends_after_it_is_added": lambda: change(CodePeriod, terminated=LONG_AGO),
    "code_is_added_once_a_day": lambda: again(CodePeriod),
    "codeversion_reads_forward": lambda: change(CodeVersion, **EARLIER),
    "code_changes_once_a_day": lambda: again(CodeVersion),
    "modifierperiod_ends_after_it_is_added": lambda: change(ModifierPeriod, terminated=LONG_AGO),
    "modifier_is_added_once_a_day": lambda: again(ModifierPeriod),
    "modifierversion_reads_forward": lambda: change(ModifierVersion, **EARLIER),
    "modifier_changes_once_a_day": lambda: again(ModifierVersion),
    "code_relation_is_stated_once": lambda: again(CodeRelation),
    "code_relation_is_to_another_code": lambda: change(CodeRelation, other=F("code")),
    # What the public reads
    "entry_is_one_a_subject": lambda: again(Entry),
    "entry_facet_is_stated_once": lambda: again(EntryFacet),
    "entry_faq_position_is_unique_in_its_entry": lambda: again(EntryFaq),
    "change_number_is_one": lambda: again(ChangeNumber, pk=2),
    "entry_change_is_numbered_from_one": lambda: change(EntryChange, number=0),
    "entry_change_has_a_digest_unless_removed": lambda: change(EntryChange, digest=""),
    # The words that guidance is written in
    "source_has_a_version_or_a_date": lambda: change(Source, version=""),
    "source_is_retired_after_it_takes_effect": lambda: change(
        Source, effective_from=LATER, retired_on=LONG_AGO
    ),
    "denial_category_key_is_its_group_and_carc": lambda: change(DenialCategory, carc="50"),
    "cpt_number_is_five_characters": lambda: change(CptReference, number="9636"),
    "call_to_action_is_one": lambda: again(CallToAction, pk=2),
    # What our editors say
    "guidance_has_one_subject": lambda: change(Guidance, trait=Trait.objects.get(slug="noc")),
    "revision_number_is_unique_in_its_guidance": lambda: again(Revision),
    "revision_reviewer_is_not_its_author": lambda: change(
        Revision, reviewer=F("author"), reviewed_at=timezone.now()
    ),
    "guidance_has_one_open_revision": open_two,
    "revision_waits_for_a_day_if_scheduled": lambda: change(Revision, status=Status.SCHEDULED),
    "revision_is_withdrawn_with_a_note": lambda: change(
        Revision, status=Status.WITHDRAWN, withdrawn_at=timezone.now()
    ),
    "revision_is_signed_or_an_emergency_to_be_published": lambda: change(
        Revision, is_from_pack=False
    ),
    "revision_is_reviewed_by_someone_at_a_time": lambda: change(
        Revision, reviewed_at=timezone.now()
    ),
    "coveragesignal_position_is_unique_in_its_revision": lambda: again(
        CoverageSignal, payer_class="medicaid"
    ),
    "coverage_is_said_once_a_payer_class": lambda: again(CoverageSignal, position=PLACE),
    "denialadvice_position_is_unique_in_its_revision": lambda: again(
        DenialAdvice, payer_class="medicaid"
    ),
    "denial_is_advised_once_a_category_and_payer_class": lambda: again(
        DenialAdvice, position=PLACE
    ),
    "modifierrule_position_is_unique_in_its_revision": lambda: again(ModifierRule, code="KX"),
    "modifier_rule_is_stated_once_a_context": lambda: again(ModifierRule, position=PLACE),
    "modifier_rule_names_two_characters": lambda: change(ModifierRule, code="k"),
    "modifier_rule_ends_after_it_begins": lambda: change(ModifierRule, until_date=LONG_AGO),
    "companion_position_is_unique_in_its_revision": lambda: again(
        Companion, cpt=CptReference.objects.get(number="96365")
    ),
    "companion_is_a_cpt_number_or_a_code": lambda: change(Companion, cpt=None),
    "companion_cpt_is_named_once": lambda: again(Companion, position=PLACE),
    "companion_code_is_named_once": name_a_code_twice,
    "faq_position_is_unique_in_its_revision": lambda: again(Faq, question="Another?"),
    "faq_is_asked_once": lambda: again(Faq, position=PLACE),
    "published_guidance_number_is_unique": publish_a_number_twice,
    # What stands on the editors' desk, and what readers leave behind
    "typing_is_one_a_person_and_revision": lambda: [type_on_a_form(), type_on_a_form()],
    "preview_link_ends_after_it_is_made": lambda: make(
        PreviewLink, revision=first(Revision), made_by=author(), made_at=NOON, ends_at=NOON
    ),
    "batch_is_undone_by_someone_at_a_time": lambda: make(
        Batch, action="submit", by=author(), undone_at=NOON
    ),
    "batch_has_a_subject_once": put_a_subject_twice_in_a_batch,
    "monthly_count_is_one_a_month": lambda: [
        make(MonthlyCount, month=LATER, kind="page", key="J3490", count=1) for _ in range(2)
    ],
    "monthly_count_is_of_a_months_first_day": lambda: make(
        MonthlyCount, month=date(2025, 10, 2), kind="page", key="J3490", count=1
    ),
    "contact_request_is_sent_once": lambda: again(ContactRequest),
    "contact_request_is_answered_at_a_time": lambda: change(ContactRequest, status="answered"),
    "contact_request_has_a_message": lambda: change(ContactRequest, message=""),
    "correction_says_what_was_wrong": lambda: make(
        Correction, kind="code", key="J3490", withdrawn_on=LATER
    ),
    "search_term_is_stated_once_a_glossary": lambda: [make(SearchTerm, **TERM) for _ in range(2)],
    "search_term_says_something": lambda: make(SearchTerm, **TERM | {"term": ""}),
    "search_term_has_a_glossary_and_a_source": lambda: make(SearchTerm, **TERM | {"source": ""}),
    "search_term_leads_to_a_code_or_a_family": lambda: make(
        SearchTerm, **TERM | {"family": "t-incont"}
    ),
    "search_term_kind_is_known": lambda: make(SearchTerm, **TERM | {"kind": "slang"}),
    "search_term_is_placed_from_one": lambda: make(SearchTerm, **TERM | {"place": 0}),
}
OURS = {
    constraint.name: (model, constraint)
    for app in ("codes", "guidance")
    for model in apps.get_app_config(app).get_models()
    for constraint in model._meta.constraints
}


@pytest.fixture(scope="module")
def portal(module_db, tmp_path_factory):
    """One valid row at least of every model that has constraints."""
    make_full_portal(tmp_path_factory.mktemp("pack"), today())
    make_contact_request()


def as_named(name: str) -> set[str]:
    """How a database names the constraint: by its name, or (SQLite) by its columns."""
    model, constraint = OURS[name]
    fields = [model._meta.get_field(name) for name in getattr(constraint, "fields", ())]
    columns = ", ".join(f"{model._meta.db_table}.{field.column}" for field in fields)
    return {name, columns} - {""}


def test_every_constraint_is_broken_here():
    assert set(BREAKS) == set(OURS)


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_keeps_out_what_breaks_a_constraint(portal, name):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKS[name]()

    assert any(words in str(refused.value) for words in as_named(name)), refused.value
