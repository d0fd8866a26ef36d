"""Writing a revision: everything that is said of a subject, on one form."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html

from codes.calendar import today
from guidance import actions, models
from guidance.actions.writing import whole_revisions
from guidance.admin import bulk
from guidance.admin.fields import VOCABULARIES, DayInput, NamesField, SuppressField
from guidance.admin.findings import found_here, refusals, shown_findings
from guidance.admin.frame import may_write, never
from guidance.admin.row_forms import not_too_long
from guidance.admin.rows import ROWS, CitationFormSet
from guidance.admin.shown import shown_now, topic_shown
from guidance.admin.typing import form_as_sent, others_at, typing_of
from guidance.checks import TOPIC_NAMES
from guidance.content import TEXTS
from guidance.differences import side_by_side
from guidance.models.revision import KEY_FIELD
from guidance.prose import MAX_LENGTH

SUBJECT_NAMES = [f"guidance__{scope}__{name}" for scope, name in KEY_FIELD.items()]

# What each text holds (docs/editorial-guide.md has more).
ADVICE = {
    "summary": "25-60 words: what it is for, and when it is the wrong code.",
    "documentation": "60-150 words: what must be on the claim and in the record.",
    "unit": "15-50 words: one unit, with a worked example where the descriptor invites mistakes.",
    "claim_to": "10-40 words: the contractor or payer, by setting where that decides.",
}


class RevisionForm(forms.ModelForm):
    """The single texts. `edition` tells whether someone saved the draft in between.

    `kept` is what was typed and not saved, as it was sent; the form then opens with it.
    """

    kept: QueryDict | None = None

    edition = forms.IntegerField(widget=forms.HiddenInput)
    review_due = forms.DateField(
        label="Review by",
        required=False,
        widget=DayInput,
        help_text="The day by which someone looks at the subject again.",
    )
    specialties = NamesField(
        "specialty", required=False, help_text="Who bills it: names with commas between them."
    )
    suppress = SuppressField(
        label="Inherited, and not so here",
        required=False,
        help_text="One to a line, such as “denials: CO-16”, or “topics: documentation”.",
    )

    class Meta:
        model = models.Revision
        fields = ["valid_from", "note", *TEXTS, "specialties", "suppress"]
        widgets = {"valid_from": DayInput}
        help_texts = ADVICE | {"valid_from": "The first date of service that it speaks for."}

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(self.kept if data is None else data, files, **options)
        self.is_stale = False
        for name in TEXTS:
            if name in self.fields:
                self.fields[name].validators.append(not_too_long)
                self.fields[name].widget.attrs["rows"] = 6
        if "summary" in self.fields:  # else it is only to be read
            self.fields["edition"].initial = self.instance.edition
            self.fields["review_due"].initial = self.instance.guidance.review_due
            known: Any = self.fields["specialties"]
            known.know(self.initial["specialties"])
            self.fields["summary"].widget.attrs["autofocus"] = True

    def show_beside(self, shown: dict[str, Any] | None, findings: list[dict]) -> None:
        """Put at each text what the checks find in it, and what the public page has in its place."""
        for name in (*TEXTS, "specialties"):
            beside = (found_here(findings, name), self.fields[name].help_text)
            self.fields[name].help_text = format_html("{} {} {}", *beside, topic_shown(shown, name))

    def clean(self) -> dict[str, Any] | None:
        """A newer edition is said here, where both can be shown; guidance.actions looks again,
        with the draft locked. The form goes on with the newer one: saved again, it is meant."""
        opened = self.cleaned_data.get("edition")
        if opened is not None and opened != self.instance.edition:
            self.is_stale = True
            sent: Any = self.data
            self.data = sent.copy()
            self.data["edition"] = str(self.instance.edition)  # type: ignore[index]
            self.add_error(None, str(actions.StaleEdit(self.instance)))
        return super().clean()

    def values(self) -> dict[str, Any]:
        """The columns of the revision."""
        columns = [name for name in self._meta.fields or () if name != "specialties"]
        return {name: self.cleaned_data[name] for name in columns}


@admin.register(models.Revision)
class RevisionAdmin(admin.ModelAdmin):
    """One form a subject. Who may write in it, and when, is guidance.workflow's to say."""

    form = RevisionForm
    change_form_template = "admin/guidance/revision/form.html"
    inlines = [*ROWS]
    fieldsets = [
        (None, {"fields": ["valid_from", "note", "review_due", "edition"]}),
        ("Texts", {"fields": [*TEXTS]}),
        ("Lists", {"fields": ["specialties", "suppress"]}),
    ]
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
        *(f"guidance__{scope}" for scope in KEY_FIELD),
        "author",
        "assigned_to",
        "reviewer",
    ]
    search_fields = SUBJECT_NAMES
    show_full_result_count = False
    actions = bulk.REVISION_ACTIONS
    has_add_permission = never  # a draft is started from its subject
    has_delete_permission = never  # a draft is discarded, all else is kept

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return bulk.offered(super().get_actions(request), request)

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return may_write(request, obj)

    def get_object(self, request: HttpRequest, object_id: str, from_field=None):
        """The revision with its rows, and with what is being typed in it."""
        return whole_revisions([int(object_id)] if object_id.isdecimal() else []).first()

    def changeform_view(
        self, request: HttpRequest, object_id=None, form_url="", extra_context=None
    ) -> HttpResponse:
        given = (request, object_id, form_url, extra_context)
        try:
            return super().changeform_view(*given)
        except actions.StaleEdit:
            # Someone saved between this form's look and its write. It looks again, and shows both.
            return super().changeform_view(*given)
        except (PermissionDenied, actions.NotAllowed):
            revision = self.get_object(request, object_id or "")
            if request.method != "POST" or revision is None or not may_write(request):
                raise
            return _keep_what_cannot_be_saved(request, revision)

    def get_form(self, request: HttpRequest, obj=None, change=False, **options) -> Any:
        form: Any = super().get_form(request, obj, change, **options)
        form.kept = _kept(request, obj)
        return form

    def get_formset_kwargs(self, request: HttpRequest, obj, inline, prefix) -> dict:
        options = super().get_formset_kwargs(request, obj, inline, prefix)
        kept = _kept(request, obj)
        return options | {"data": kept} if kept else options

    def _create_formsets(self, request: HttpRequest, obj, change):
        """Citations name rows of the other lists."""
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        lists = {formset.prefix: formset for formset in formsets}
        for formset in formsets:
            if isinstance(formset, CitationFormSet):
                formset.lists = lists
        return formsets, inlines

    def render_change_form(self, request: HttpRequest, context: dict, *args, **options):
        revision, form = context["original"], context["adminform"].form
        formsets = [one.formset for one in context["inline_admin_formsets"]]
        writes = may_write(request, revision)
        shown = shown_now(revision.guidance.scope, revision.guidance.key)
        findings = shown_findings(revision) if writes and not form.is_bound else []
        if writes:
            form.show_beside(shown, findings)
            for formset in formsets:
                formset.show_beside(shown, findings)
        context |= {
            "shown": shown,
            "title": f"{revision.guidance}, revision {revision.number}",
            "subtitle": None,
            "may_write": writes,
            "others": others_at(revision, request.user, timezone.now()),
            "typed": typing_of(revision, request.user),
            "is_stale": writes and form.is_bound and form.is_stale,
            "findings": findings,
            "refusals": refusals(form, formsets) if form.is_bound else [],
            "vocabularies": list(VOCABULARIES),
            "longest": str(MAX_LENGTH),
        }
        if context["is_stale"]:
            context |= _both(revision.pk, form, formsets)
        return super().render_change_form(request, context, *args, **options)

    def save_model(self, request: HttpRequest, obj, form, change) -> None:
        """All is written in save_related, at once."""

    def save_related(self, request: HttpRequest, form, formsets, change) -> None:
        changed = form.changed_data
        actions.save_form(
            revision=form.instance,
            edition=form.cleaned_data["edition"],
            by=request.user,
            values=form.values(),
            specialties=form.cleaned_data["specialties"] if "specialties" in changed else None,
            rows=[formset.changes() for formset in formsets],
        )
        if "review_due" in changed:
            actions.set_review_due(
                guidance=form.instance.guidance,
                by=request.user,
                due=form.cleaned_data["review_due"],
            )

    def construct_change_message(self, request: HttpRequest, form, formsets, add=False) -> list:
        return []

    def log_change(self, request: HttpRequest, obj, message) -> Any:
        """The audit rows of guidance.actions tell of it."""

    def response_change(self, request: HttpRequest, obj) -> HttpResponse:
        if "_submit" not in request.POST:
            messages.success(request, f"{obj} is saved.")
            return HttpResponseRedirect(request.path)
        try:
            actions.submit(revision=obj, by=request.user, on=today())
        except actions.NotAllowed as error:
            messages.error(request, f"It is saved, and not yet submitted. {error}")
            return HttpResponseRedirect(request.path)
        messages.success(request, f"{obj} is saved and submitted.")
        return redirect("admin:guidance_desk", obj.guidance.scope, obj.guidance.key)


def _kept(request: HttpRequest, revision: models.Revision | None) -> QueryDict | None:
    """What opens the form in the place of what is saved."""
    if request.method != "GET" or revision is None or not may_write(request, revision):
        return None
    typed = typing_of(revision, request.user)
    return QueryDict(typed.body) if typed else None


def _keep_what_cannot_be_saved(request: HttpRequest, revision: models.Revision) -> HttpResponse:
    """The draft went on while it was being written in: what was typed waits for its return."""
    actions.keep_typing(
        revision=revision,
        by=request.user,
        edition=revision.edition,
        body=form_as_sent(request.POST),
        at=timezone.now(),
    )
    messages.error(
        request,
        f"Nothing was saved: {revision} is {revision.get_status_display().lower()} by now. What you "
        "typed is kept, and is on its form again once the revision is a draft.",
    )
    return redirect("admin:guidance_desk", revision.guidance.scope, revision.guidance.key)


def _both(pk: int, form: RevisionForm, formsets: list) -> dict:
    """What someone saved meanwhile beside what this form says, and who saved it."""
    newer = whole_revisions([pk]).get()
    theirs = RevisionForm(instance=newer)
    lists = [type(one)(instance=newer, prefix=one.prefix) for one in formsets]
    writes = newer.guidance.events.filter(action="write", revision_number=newer.number)
    return {
        "differences": side_by_side(_spoken(theirs, lists), _spoken(form, formsets)),
        "saved_by": writes.select_related("actor").first(),
    }


def _spoken(form: RevisionForm, formsets: list) -> dict[str, str]:
    """What a form says, field by field, and list by list with a line for each row."""
    said = {str(field.label): str(field.value() or "") for field in form.visible_fields()}
    for formset in formsets:
        title = TOPIC_NAMES.get(formset.prefix, "Citations")
        rows = (row for row in formset.forms if not row["DELETE"].value())
        said[title] = "\n".join(_row_in_words(row) for row in rows)
    return said


def _row_in_words(row: forms.ModelForm) -> str:
    fields = [field for field in row.visible_fields() if field.name != "DELETE"]
    return "; ".join(filter(None, (_in_words(field) for field in fields)))


def _in_words(field: forms.BoundField) -> str:
    value = field.value()
    labels = dict(getattr(field.field, "choices", ()))
    return str(labels.get(value, value)) if value else ""
