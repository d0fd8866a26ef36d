"""The rows of the revision form, one by one: what names a row must be there, all else may wait.

What Django's own model forms ask the database for each row is asked of a whole list at once, in
guidance.admin.rows.
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import construct_instance

from guidance.admin.fields import NameField, WordsField
from guidance.checks import TOPIC_NAMES
from guidance.content import CITED_LISTS, TEXTS
from guidance.prose import MAX_LENGTH

CITABLE = [*TEXTS, *CITED_LISTS]


def not_too_long(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise forms.ValidationError(
            f"This text has {len(text)} characters; {MAX_LENGTH} at the most. Shorten it."
        )


class RowForm(forms.ModelForm):
    """One row. `named_by` are the fields that name it: no two rows of a list have the same."""

    named_by: tuple[str, ...] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, _ in self.name_fields():
            self.initial[name] = getattr(self.instance, name, None)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
                field.validators.append(not_too_long)

    def name_fields(self) -> Iterator[tuple[str, NameField]]:
        for name, field in self.fields.items():
            if isinstance(field, NameField):
                yield name, field

    def _post_clean(self) -> None:
        """Fill the row. Its own validation would ask the database for each row by itself; the
        fields, `clean` and the list ask the same."""
        self.instance = construct_instance(
            self, self.instance, self._meta.fields, self._meta.exclude
        )

    @property
    def is_gone(self) -> bool:
        return bool(self.cleaned_data.get(DELETION_FIELD_NAME))

    @property
    def is_new(self) -> bool:
        return self.instance.pk is None


class CoverageForm(RowForm):
    named_by = ("payer_class",)


class DenialForm(RowForm):
    named_by = ("category_id", "payer_class")
    category = NameField("category", label="Category", help_text="Such as CO-16.")
    rarcs = WordsField(
        label="Remark codes", required=False, help_text="RARCs, such as M119, MA130."
    )


class ModifierForm(RowForm):
    named_by = ("code", "relation", "context")

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].upper()
        if not (len(code) == 2 and code.isascii() and code.isalnum()):
            raise forms.ValidationError("A modifier is two capitals or digits, such as KX.")
        return code

    def clean(self) -> dict[str, Any]:
        begins, ends = self.cleaned_data.get("from_date"), self.cleaned_data.get("until_date")
        if begins and ends and ends < begins:
            self.add_error("until_date", "The rule ends before it begins: check its two dates.")
        return self.cleaned_data


class CompanionForm(RowForm):
    named_by = ("cpt_id", "code_id")
    cpt = NameField("cpt", label="CPT number", required=False, help_text="Either this …")
    code = NameField("code", label="HCPCS code", required=False, help_text="… or this.")

    def clean(self) -> dict[str, Any]:
        if self.errors.keys() & {"cpt", "code"}:
            return self.cleaned_data
        if bool(self.cleaned_data.get("cpt")) == bool(self.cleaned_data.get("code")):
            self.add_error("code", "Name a CPT number or a HCPCS code: one of the two.")
        return self.cleaned_data


class FaqForm(RowForm):
    named_by = ("question",)


class CitationForm(RowForm):
    """`row` is the row's number as the form shows it; the tables keep its position."""

    source = NameField("source", label="Source")
    topic = forms.ChoiceField(
        label="Supports", choices=[("", "---------")] + [(t, TOPIC_NAMES[t]) for t in CITABLE]
    )
    row = forms.IntegerField(
        label="Row",
        required=False,
        min_value=1,
        help_text="Such as 2 for #2; empty for a text.",
    )

    def clean(self) -> dict[str, Any]:
        topic, row = self.cleaned_data.get("topic"), self.cleaned_data.get("row")
        if topic in TEXTS and row:
            self.add_error("row", f"{TOPIC_NAMES[topic]} is one text: leave the row empty.")
        if topic and topic not in TEXTS and not row and "row" not in self.errors:
            self.add_error("row", f"Which row of {TOPIC_NAMES[topic].lower()}? Give its number.")
        return self.cleaned_data
