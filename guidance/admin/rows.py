"""The lists of the revision form: one a topic, and the citations.

All rows of a list are read, checked and written together, so that a form costs the same with one
row and with forty.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import DateField
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from guidance import models
from guidance.actions import RowChanges
from guidance.admin.fields import DayInput, name_of, rows_named
from guidance.admin.findings import found_here
from guidance.admin.frame import may_write
from guidance.admin.row_forms import (
    CitationForm,
    CompanionForm,
    CoverageForm,
    DenialForm,
    FaqForm,
    ModifierForm,
    RowForm,
)
from guidance.admin.shown import topic_shown
from guidance.checks import TOPIC_NAMES
from guidance.content import CITED_LISTS


class RowFormSet(BaseInlineFormSet):
    """All rows of one topic. A row that someone else took out since is a new row again."""

    form: Any
    model: Any

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Noted now, since a sent form fills the rows that it is made of.
        self._names = {row.pk: self.name_of_row(row) for row in self.kept_rows}

    def name_of_row(self, row: Any) -> tuple:
        """What names the row, as values that compare."""
        return tuple(getattr(row, name) for name in self.form.named_by)

    @property
    def row_forms(self) -> list[Any]:
        return list(self.forms)

    @property
    def kept_rows(self) -> list[Any]:
        """The rows as the tables have them."""
        return list(getattr(self.instance, self.get_default_prefix()).all())

    def show_beside(self, shown: dict[str, Any] | None, findings: list[dict]) -> None:
        """Put at the list what the public page has of it, and at each row what the checks find."""
        self.shown = topic_shown(shown, str(self.prefix))
        for place, form in enumerate(self.row_forms):
            form.found_here = found_here(findings, str(self.prefix), place)

    def get_queryset(self) -> Any:
        """The row behind each of the first forms: with sent forms, behind those that are sent."""
        if not hasattr(self, "_queryset"):
            kept = self.kept_rows
            if self.is_bound:
                known = {str(row.pk): row for row in kept}
                sent = (self.data.get(f"{self.add_prefix(i)}-id") for i in self._first_forms())
                kept = [known.pop(pk or "", None) or self.model() for pk in sent]
            self._queryset = kept
        return self._queryset

    def _first_forms(self) -> range:
        return range(self.initial_form_count())

    def _construct_form(self, i: int, **options: Any) -> Any:
        if i < self.initial_form_count():
            options["instance"] = self.get_queryset()[i]
        form: Any = super(forms.BaseModelFormSet, self)._construct_form(i, **options)  # type: ignore[misc]
        form.instance.revision_id = self.instance.pk
        return form

    def add_fields(self, form: Any, index: int | None) -> None:
        form.fields["id"] = forms.IntegerField(
            required=False, widget=forms.HiddenInput, initial=form.instance.pk
        )
        for name, field in form.name_fields():
            field.know(self._known(name, field.vocabulary))
        super(forms.BaseModelFormSet, self).add_fields(form, index)

    def _known(self, name: str, vocabulary: str) -> dict[str, Any]:
        """The rows of a vocabulary that this list names; only new names are looked up."""
        if not hasattr(self, "_vocabularies"):
            self._vocabularies: dict[str, dict[str, Any]] = {}
        if name not in self._vocabularies:
            used = (getattr(row, name) for row in self.kept_rows)
            known = {name_of(vocabulary, row): row for row in used if row}
            if self.is_bound:
                sent = {
                    self.data.get(f"{self.add_prefix(i)}-{name}", "").strip() for i in self._all()
                }
                new = sent - known.keys() - {""}
                known |= rows_named(vocabulary, new | {one.upper() for one in new})
            self._vocabularies[name] = known
        return self._vocabularies[name]

    def _all(self) -> range:
        return range(self.total_form_count())

    def clean(self) -> None:
        """No two rows may have the same name."""
        seen: dict[tuple, int] = {}
        for number, form in enumerate(self.row_forms, start=1):
            if not form.is_valid() or form.is_gone or not self._says_something(form):
                continue
            first = seen.setdefault(self.name_of_row(form.instance), number)
            if first != number:
                form.add_error(None, f"This row is #{first} again. Change it or take it out.")
                raise forms.ValidationError(f"Row #{number} is #{first} again.")

    def validate_unique(self) -> None:
        """`clean` has done it."""

    def _says_something(self, form: RowForm) -> bool:
        return not form.is_new or form.has_changed() or form in self.initial_forms

    def changes(self) -> RowChanges:
        """What is to be written, once all forms are valid. New rows are numbered after the last."""
        kept = self.kept_rows
        changes = RowChanges(self.model)
        following = max((row.position for row in kept), default=-1) + 1
        for form in self.row_forms:
            if form.is_gone or not self._says_something(form):
                changes.gone += [] if form.is_new else [form.instance.pk]
                continue
            if form.instance.position is None:
                form.instance.position = following
                following += 1
            if form.is_new or form.has_changed():
                changes.written.append(form.instance)
        changes.gone += self._renamed(changes.written) + self._stood_for(changes.written)
        return changes

    def _renamed(self, written: list[Any]) -> list[int]:
        """Rows that go before they are put in under another name: two may have swapped theirs."""
        return [
            row.pk for row in written if row.pk and self._names[row.pk] != self.name_of_row(row)
        ]

    def _stood_for(self, written: list[Any]) -> list[int]:
        """Rows that only the tables have, and that a row written here names too."""
        shown = {form.instance.pk for form in self.row_forms}
        taken = {self.name_of_row(row) for row in written}
        return [pk for pk, name in self._names.items() if pk not in shown and name in taken]

    def position_of(self, number: int) -> int | None:
        """The position of the row that the form numbers so; None where it goes. IndexError."""
        form = self.row_forms[number - 1]
        if form.is_gone or not self._says_something(form):
            return None
        position: int | None = form.instance.position
        return position


class CitationFormSet(RowFormSet):
    """The citations; `lists` are the other formsets by topic, whose rows they may name."""

    lists: dict[str, RowFormSet]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._before = {row.pk: _columns(row) for row in self.kept_rows}

    def _construct_form(self, i: int, **options: Any) -> Any:
        form = super()._construct_form(i, **options)
        if form.instance.row is not None:
            form.initial["row"] = self._numbers.get((form.instance.topic, form.instance.row))
        return form

    @property
    def _numbers(self) -> dict[tuple[str, int], int]:
        """The number that the form shows for a row at a position."""
        return {
            (topic, row.position): number
            for topic in CITED_LISTS
            for number, row in enumerate(getattr(self.instance, topic).all(), start=1)
        }

    def clean(self) -> None:
        for form in self.row_forms:
            number = form.is_valid() and not form.is_gone and form.cleaned_data.get("row")
            last = number and len(self.lists[form.cleaned_data["topic"]].forms)
            if number and number > last:
                topic = TOPIC_NAMES[form.cleaned_data["topic"]].lower()
                form.add_error("row", f"There is no row {number} of {topic}: the last is {last}.")
                raise forms.ValidationError("A citation names a row that is not there.")

    def changes(self) -> RowChanges:
        """As for any list, after the rows have their positions; what cites a row that goes, goes."""
        changes = RowChanges(self.model)
        for form in self.row_forms:
            number = form.cleaned_data.get("row")
            if form.is_gone or not self._says_something(form):
                changes.gone += [] if form.is_new else [form.instance.pk]
                continue
            form.instance.row = (
                self.lists[form.instance.topic].position_of(number) if number else None
            )
            if number and form.instance.row is None:
                changes.gone += [] if form.is_new else [form.instance.pk]
            elif _columns(form.instance) != self._before.get(form.instance.pk):
                changes.written.append(form.instance)
        return changes


def _columns(citation: models.Citation) -> tuple:
    return (
        citation.source_id,
        citation.topic,
        citation.row,
        citation.locator,
        citation.quote,
    )


class RowInline(admin.StackedInline):
    """Rows are written by whoever may write in their revision."""

    formset = RowFormSet
    template = "admin/guidance/revision/rows.html"
    extra = 0
    exclude: ClassVar[Any] = ["position"]
    show_change_link = False
    formfield_overrides = {DateField: {"widget": DayInput}}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """What names a row of a vocabulary is a field of the form's own."""
        if db_field.is_relation:
            return None
        return super().formfield_for_dbfield(db_field, request, **options)

    def get_extra(self, request: HttpRequest, obj: Any = None, **options: Any) -> int:
        """Without a script rows are added by asking for the page with an empty one in each list."""
        return 1 if "rows" in request.GET else 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_staff)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_write(request, obj)

    has_change_permission = has_delete_permission = has_add_permission


class CoverageInline(RowInline):
    model = models.CoverageSignal
    form = CoverageForm
    verbose_name = "coverage by payer"
    verbose_name_plural = TOPIC_NAMES["coverage"]


class DenialInline(RowInline):
    model = models.DenialAdvice
    form = DenialForm
    fields = [
        ("category", "payer_class", "rarcs"),
        "causes",
        ("remedy", "deadline"),
        "text",
    ]
    verbose_name_plural = TOPIC_NAMES["denials"]


class ModifierInline(RowInline):
    model = models.ModifierRule
    form = ModifierForm
    fields = [("code", "relation", "context"), "text", ("from_date", "until_date")]
    verbose_name_plural = TOPIC_NAMES["modifiers"]


class CompanionInline(RowInline):
    model = models.Companion
    form = CompanionForm
    fields = [("cpt", "code"), ("relation", "context")]
    verbose_name_plural = TOPIC_NAMES["companions"]


class FaqInline(RowInline):
    model = models.Faq
    form = FaqForm
    verbose_name = "question"
    verbose_name_plural = TOPIC_NAMES["faqs"]


class CitationInline(RowInline):
    model = models.Citation
    form = CitationForm
    formset = CitationFormSet
    exclude = None
    fields = [("source", "topic", "row"), ("locator", "quote")]


ROWS = [CoverageInline, DenialInline, ModifierInline, CompanionInline, FaqInline, CitationInline]
