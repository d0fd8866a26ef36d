"""Writing a revision: everything that is said of a subject, on one form."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import TextField
from django.http import HttpRequest

from guidance import actions, models
from guidance.admin import bulk
from guidance.content import TEXTS
from guidance.prose import MAX_LENGTH
from guidance.workflow import WRITABLE, WRITERS, steps_open_to

SUBJECT_NAMES = [
    "guidance__section__letter",
    "guidance__family__slug",
    "guidance__trait__slug",
    "guidance__code__code",
]


class RevisionForm(forms.ModelForm):
    """The single texts. `edition` tells whether someone saved the draft in between."""

    edition = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = models.Revision
        fields = ["valid_from", "note", *TEXTS, "specialties", "suppress", "edition"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in TEXTS:
            field: Any = self.fields.get(name)
            if field:
                field.max_length = MAX_LENGTH
                field.validators.append(_not_too_long)

    def clean_edition(self) -> int:
        current = models.Revision.objects.get(pk=self.instance.pk)
        if self.cleaned_data["edition"] != current.edition:
            self.newer = current
            raise forms.ValidationError(str(actions.StaleEdit(current)))
        return current.edition


def _not_too_long(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise forms.ValidationError(
            f"This text has {len(text)} characters; {MAX_LENGTH} at the most. Shorten it."
        )


def may_write(request: HttpRequest, revision: models.Revision | None) -> bool:
    """Whether the account may write, and in this revision now."""
    if not request.user.is_staff or WRITERS.isdisjoint(actions.roles_of(request.user)):
        return False
    return revision is None or revision.status in WRITABLE


class WrittenWithItsRevision:
    """Rows are written by whoever may write in the revision."""

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return request.user.is_staff

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return may_write(request, obj)

    has_change_permission = has_delete_permission = has_add_permission


class RowInline(WrittenWithItsRevision, admin.StackedInline):
    """Rows keep their numbers, since citations name them."""

    extra = 0
    exclude = ["position"]
    formfield_overrides = {TextField: {"max_length": MAX_LENGTH}}
    show_change_link = False


class CoverageInline(RowInline):
    model = models.CoverageSignal


class DenialInline(RowInline):
    model = models.DenialAdvice
    autocomplete_fields = ["category"]


class ModifierInline(RowInline):
    model = models.ModifierRule


class CompanionInline(RowInline):
    model = models.Companion
    autocomplete_fields = ["cpt", "code"]


class FaqInline(RowInline):
    model = models.Faq


class CitationInline(WrittenWithItsRevision, admin.TabularInline):
    model = models.Citation
    extra = 0
    autocomplete_fields = ["source"]


@admin.register(models.Revision)
class RevisionAdmin(admin.ModelAdmin):
    """One form a subject. Who may write in it, and when, is guidance.workflow's to say."""

    form = RevisionForm
    change_form_template = "admin/guidance/revision/form.html"
    inlines = [
        CoverageInline,
        DenialInline,
        ModifierInline,
        CompanionInline,
        FaqInline,
        CitationInline,
    ]
    autocomplete_fields = ["specialties"]
    list_display = [
        "guidance",
        "number",
        "status",
        "valid_from",
        "author",
        "assigned_to",
        "reviewer",
        "saved_at",
    ]
    list_filter = ["status", "author"]
    ordering = ["-pk"]
    list_select_related = [
        *(f"guidance__{scope}" for scope in models.revision.KEY_FIELD),
        "author",
        "assigned_to",
        "reviewer",
    ]
    search_fields = SUBJECT_NAMES
    show_full_result_count = False
    actions = bulk.REVISION_ACTIONS

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return bulk.offered(super().get_actions(request), request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a draft is started from its subject

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False  # a draft is discarded, all else is kept

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return may_write(request, obj)

    def render_change_form(self, request: HttpRequest, context: dict, *args, **options):
        revision = context["original"]
        context |= {
            "steps": steps_open_to(revision.status, actions.roles_of(request.user)),
            "newer": getattr(context["adminform"].form, "newer", None),
            "others": revision.written_by.exclude(pk=request.user.pk),
        }
        return super().render_change_form(request, context, *args, **options)

    def save_model(self, request: HttpRequest, obj, form, change) -> None:
        actions.note_writing(revision=obj, by=request.user)

    def save_formset(self, request: HttpRequest, form, formset, change) -> None:
        actions.save_rows(revision=form.instance, formset=formset)
