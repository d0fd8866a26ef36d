"""Vocabularies, the call to action, and published guidance, which is for reading.

A vocabulary entry is saved in two looks: the first shows which public entries would change.
"""

import hashlib
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import URLField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from codes.calendar import today
from guidance import actions, checks, models
from guidance.admin.frame import ReadOnlyAdmin, never
from guidance.checks.vocabulary import category_content, category_subject

SHOWN = 20  # of the entries that a save would change


class LinesField(forms.CharField):
    """A list of texts, written one to a line."""

    widget = forms.Textarea

    def prepare_value(self, value: list[str] | str | None) -> str:
        return "\n".join(value) if isinstance(value, list) else value or ""

    def clean(self, value: str) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class CallToActionForm(forms.ModelForm):
    # The panel is on every code's page: what is written here is sent with each of them.
    text = forms.CharField(widget=forms.Textarea, max_length=2_000)
    points = LinesField(required=False, max_length=2_000, help_text="One to a line.")

    class Meta:
        model = models.CallToAction
        fields = ["title", "text", "button", "points", "email", "phone"]


@admin.register(models.CallToAction)
class CallToActionAdmin(admin.ModelAdmin):
    """The panel on every code's page. Saving it publishes it."""

    form = CallToActionForm
    list_display = ["title", "email", "phone"]
    actions = None
    has_delete_permission = never

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.model.objects.exists()

    def save_model(self, request: HttpRequest, obj: models.CallToAction, form, change) -> None:
        actions.save_call_to_action(panel=obj, by=request.user, on=today())


@admin.register(models.PublishedGuidance)
class PublishedGuidanceAdmin(ReadOnlyAdmin):
    list_display = ["scope", "key", "number", "valid_from", "reviewed_on"]
    list_display_links = ["key"]
    list_filter = ["scope"]
    search_fields = ["key"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).defer("content")


class VocabularyForm(forms.ModelForm):
    """Saved only when what it would change was looked at: `seen` is a digest of what was shown."""

    def is_valid(self) -> bool:
        return super().is_valid() and self.data.get("seen") == self.fingerprint

    @property
    def fingerprint(self) -> str:
        """A digest of all that was typed."""
        data: Any = self.data
        typed = [data.getlist(self.add_prefix(name)) for name in self.fields]
        return hashlib.sha256(repr(typed).encode()).hexdigest()


class SourceForm(VocabularyForm):
    def clean(self) -> dict | None:
        said = super().clean() or {}
        if not said.get("version") and not said.get("effective_from"):
            self.add_error(
                "version",
                "Give the version or the day it takes effect: without either nobody can check it.",
            )
        return said


class SpecialtyForm(VocabularyForm):
    class Meta:
        help_texts = {"name": "As CMS writes it", "cms_code": "Two digits, where CMS gives one"}


class CptForm(VocabularyForm):
    number = forms.RegexField(
        r"^\d{4}[0-9A-Z]$",
        error_messages={"invalid": "Write the number as five characters, such as 96372 or 0001U."},
    )

    class Meta:
        help_texts = {
            "label": "In our own words, never the AMA’s: readers see it beside the number",
            "group": "In our own words; said instead where CPT is switched off",
        }


class DenialCategoryForm(VocabularyForm):
    """Held to the same rules as denial advice; the key is made of the group and the reason."""

    class Meta:
        help_texts = {
            "carc": "The reason’s number, such as 16",
            "gloss": "What the reason means, in our own words, never X12’s",
        }

    def clean(self) -> dict | None:
        said = super().clean() or {}
        if not self.errors:
            self._name()
            self._check(said)
        return said

    def _name(self) -> None:
        """Give a new category its key, which must not be there yet."""
        if not self.instance.pk:
            said = self.cleaned_data
            self.instance.key = f"{said['group']}-{said['carc']}"
            if models.DenialCategory.objects.filter(key=self.instance.key).exists():
                self.add_error("carc", f"{self.instance.key} is there already: change that one.")

    def _check(self, said: dict) -> None:
        sources = [source.slug for source in said["sources"]]
        content = category_content(said | {"key": self.instance.key, "sources": sources})
        subject = category_subject(self.instance.key, today())
        knowledge = checks.load(checks.codes_named(content))
        findings = checks.findings(content, subject, knowledge)
        for field, message in _placed(findings):
            self.add_error(field, message)


def _placed(findings: list[checks.Finding]) -> list[tuple[str, str]]:
    """Each error once, with the field it is about: what both rows say stands in what they share."""
    rows: dict[str, set[int | None]] = {}
    for finding in findings:
        if finding.severity == checks.Severity.ERROR:
            rows.setdefault(finding.message, set()).add(finding.row)
    fields: dict[frozenset[int | None], str] = {
        frozenset({0}): "gloss",
        frozenset({1}): "causes",
    }
    return [(fields.get(frozenset(at), "remedy_text"), message) for message, at in rows.items()]


class VocabularyAdmin(admin.ModelAdmin):
    """Changed by reviewers, and by nobody in passing: a save shows first what it changes."""

    change_form_template = "admin/guidance/vocabulary/form.html"
    show_full_result_count = False
    actions = None
    # What published texts name an entry by: it stays as it was made.
    key: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj=None):
        return self.key if obj else ()

    def render_change_form(self, request: HttpRequest, context: dict, *args, **options):
        form = context["adminform"].form
        if form.is_bound and not form.errors:
            changed = actions.preview_vocabulary(form=_again(form), on=today())
            context |= {"seen": form.fingerprint, "changed": changed[:SHOWN], "count": len(changed)}
            context |= {"more": len(changed) - SHOWN}
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, *args, **options)

    def save_model(self, request: HttpRequest, obj, form, change) -> None:
        actions.save_vocabulary(form=form, by=request.user, on=today())

    def delete_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        row = self.get_object(request, object_id)
        try:
            if row and self.has_delete_permission(request, row):
                actions.require_unused(row)
            return super().delete_view(request, object_id, extra_context)
        except actions.NotAllowed as error:
            messages.error(request, str(error))
            return redirect(f"admin:guidance_{self.opts.model_name}_change", object_id)

    def delete_model(self, request: HttpRequest, obj) -> None:
        actions.delete_vocabulary(row=obj, by=request.user, on=today())


def _again(form: Any) -> Any:
    """The same form for a row of its own, which may be saved and taken back."""
    model = type(form.instance)
    stored = model.objects.filter(pk=form.instance.pk).first() if form.instance.pk else None
    again = type(form)(form.data, instance=stored)
    again.full_clean()
    return again


@admin.register(models.Source)
class SourceAdmin(VocabularyAdmin):
    form = SourceForm
    key = ("slug",)
    fields = [
        "slug",
        ("issuer", "kind"),
        "title",
        ("document", "version"),
        "url",
        ("effective_from", "retired_on", "last_checked"),
    ]
    list_display = ["slug", "issuer", "document", "title", "version", "effective_from"]
    list_filter = ["kind"]
    search_fields = ["slug", "document", "title"]
    formfield_overrides = {URLField: {"assume_scheme": "https"}}


@admin.register(models.Specialty)
class SpecialtyAdmin(VocabularyAdmin):
    form = SpecialtyForm
    key = ("slug",)
    fields = ["slug", "name", "cms_code"]
    list_display = ["name", "slug", "cms_code"]
    search_fields = ["name", "slug"]


@admin.register(models.DenialCategory)
class DenialCategoryAdmin(VocabularyAdmin):
    form = DenialCategoryForm
    key = ("group", "carc")
    fields = [
        ("group", "carc"),
        "title",
        "gloss",
        "causes",
        "remedy",
        "remedy_text",
        "deadline",
        "sources",
    ]
    autocomplete_fields = ["sources"]
    list_display = ["key", "title", "remedy", "deadline"]
    search_fields = ["key", "title"]


@admin.register(models.CptReference)
class CptReferenceAdmin(VocabularyAdmin):
    form = CptForm
    key = ("number",)
    fields = ["number", "label", "group"]
    list_display = ["number", "label", "group"]
    search_fields = ["number", "label"]
