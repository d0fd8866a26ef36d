"""The desk of one subject, and what is done there: start, step, preview, compare, the queues."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from codes.calendar import today
from guidance import actions, models
from guidance.actions.writing import read_rows, whole_revisions, with_next_edition
from guidance.admin import board, bulk, files, find, links, stale, typing
from guidance.admin.findings import shown_findings
from guidance.admin.frame import Page, for_roles, never, roles_in, show
from guidance.admin.revision import SUBJECT_NAMES
from guidance.admin.shown import shown_now
from guidance.content import frozen
from guidance.differences import content_differences
from guidance.models.revision import KEY_FIELD, subject_model
from guidance.workflow import OPEN, STEPS, WRITABLE, Status, said, steps_open_to, writes

# The workbench's pages that stand in modules of their own.
PAGES: list[Page] = [
    *board.PAGES,
    *bulk.PAGES,
    *files.PAGES,
    *find.PAGES,
    *links.PAGES,
    *stale.PAGES,
    *typing.PAGES,
]


class StepForm(forms.Form):
    """What a step may ask for. `edition` tells whether the revision is the one that was seen, `back`
    that the step was taken in a queue, to which one returns."""

    note = forms.CharField(required=False)
    publish_on = forms.DateField(required=False)
    as_wrong = forms.BooleanField(required=False)
    edition = forms.IntegerField(required=False)
    back = forms.CharField(required=False)


LONGEST_NOTE = 2000
LONGEST_NOTES = {"publish-at-once": 300}

# Each step as it is taken from the desk: what is written of it stands in guidance.actions.
TAKE: dict[str, Callable[[models.Revision, Any, date, dict], Any]] = {
    "submit": lambda r, by, on, said: actions.submit(revision=r, by=by, on=on),
    "recall": lambda r, by, on, said: actions.recall(revision=r, by=by),
    "discard": lambda r, by, on, said: actions.discard(revision=r, by=by),
    "return": lambda r, by, on, said: actions.return_to_author(
        revision=r, by=by, note=said["note"]
    ),
    "approve": lambda r, by, on, said: actions.approve(revision=r, by=by, on=on),
    "schedule": lambda r, by, on, said: actions.schedule(
        revision=r, by=by, publish_on=said["publish_on"], on=on
    ),
    "unschedule": lambda r, by, on, said: actions.unschedule(revision=r, by=by),
    "publish-at-once": lambda r, by, on, said: actions.publish_at_once(
        revision=r, by=by, on=on, reason=said["note"]
    ),
    "countersign": lambda r, by, on, said: actions.countersign(revision=r, by=by, on=on),
    "withdraw": lambda r, by, on, said: actions.withdraw(
        revision=r, by=by, on=on, note=said["note"], as_wrong=said["as_wrong"]
    ),
    "restore": lambda r, by, on, said: actions.restore(revision=r, by=by),
}

# How each is told once it is taken.
DONE = {
    "submit": "submitted",
    "recall": "taken back as a draft",
    "discard": "discarded",
    "return": "returned to its author",
    "approve": "approved and published",
    "schedule": "scheduled",
    "unschedule": "taken back into review",
    "publish-at-once": "published; a second person still has to sign it",
    "countersign": "signed",
    "withdraw": "withdrawn",
    "restore": "copied into a draft",
}


@admin.register(models.Guidance)
class GuidanceAdmin(admin.ModelAdmin):
    """Subjects with guidance. A row opens the subject's desk: revisions, timeline, what is open."""

    list_display = ["scope", "key", "review_due"]
    list_display_links = ["key"]
    list_select_related = list(KEY_FIELD)
    list_filter = ["review_due"]
    ordering = ["pk"]
    search_fields = [name.removeprefix("guidance__") for name in SUBJECT_NAMES]
    show_full_result_count = False
    has_add_permission = has_delete_permission = never
    actions = [*bulk.GUIDANCE_ACTIONS, files.export_yaml, files.export_csv]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return bulk.offered(super().get_actions(request), request)

    def get_urls(self) -> list:
        guarded = self.admin_site.admin_view
        own: list[Page] = [
            ("<slug:scope>/<slug:key>/desk/", self.desk_view, "desk"),
            ("<slug:scope>/<slug:key>/start/", require_POST(self.start_view), "start"),
            ("revision/<int:pk>/<slug:step>/", require_POST(self.step_view), "step"),
            ("preview/<int:pk>/", self.preview_view, "preview"),
            ("compare/<int:older>/<int:newer>/", self.compare_view, "compare"),
        ]
        own += PAGES
        mine = [
            path(at, guarded(for_roles(view)), name=f"guidance_{name}") for at, view, name in own
        ]
        return mine + super().get_urls()

    def change_view(self, request: HttpRequest, object_id: str, *args, **options) -> HttpResponse:
        guidance = get_object_or_404(models.Guidance.objects.with_subjects(), pk=object_id)
        return redirect("admin:guidance_desk", guidance.scope, guidance.key)

    def desk_view(self, request: HttpRequest, scope: str, key: str) -> HttpResponse:
        return _desk(request, scope, key)

    def start_view(self, request: HttpRequest, scope: str, key: str) -> HttpResponse:
        subject = _subject(scope, key)
        try:
            draft = actions.start_draft(subject=subject, by=request.user, valid_from=today())
        except actions.NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        return redirect("admin:guidance_revision_change", draft.pk)

    def step_view(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Take a step and say what came of it. One that is refused changes nothing, and what was
        typed with it stands in its fields again."""
        revision = get_object_or_404(models.Revision.objects.select_related("guidance"), pk=pk)
        guidance = revision.guidance
        if step not in TAKE:
            raise Http404(f"There is no step {step}.")
        form = StepForm(request.POST)
        if refusal := _what_is_wrong(form, revision, step) or _refusal(
            request, form, revision, step
        ):
            messages.error(request, refusal)
            return _desk(request, guidance.scope, guidance.key, Refused(pk, step, request.POST))
        messages.success(request, f"{guidance}, revision {revision.number}: {DONE[step]}.")
        if "back" in request.POST:
            return stale.back_to_queue(guidance, form.cleaned_data["back"])
        return redirect("admin:guidance_desk", guidance.scope, guidance.key)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The public page, or with ?format=json the document, as the revision would make it."""
        revision = get_object_or_404(whole_revisions([pk]))
        if request.GET.get("format") == "json":
            return JsonResponse(links.draft_entry(revision).data, headers=links.PRIVATE)
        return links.draft_page(request, revision)

    def compare_view(self, request: HttpRequest, older: int, newer: int) -> HttpResponse:
        """Two revisions, topic by topic, with the words that differ marked."""
        found = {r.pk: r for r in whole_revisions([older, newer])}
        if not {older, newer} <= found.keys():
            raise Http404("One of these revisions is not there.")
        before, after = found[older], found[newer]
        context = {
            "title": f"{after.guidance}: revisions {before.number} and {after.number}",
            "guidance": after.guidance,
            "topics": content_differences(frozen(before), frozen(after)),
        }
        return show(request, "compare", context)


@dataclass(frozen=True)
class Refused:
    """A step that was not taken, and what was typed with it."""

    pk: int
    step: str
    typed: QueryDict

    def typed_for(self, revision: models.Revision, step: str) -> QueryDict | None:
        return self.typed if (revision.pk, step) == (self.pk, self.step) else None


def _what_is_wrong(form: StepForm, revision: models.Revision, step: str) -> str:
    """What of a step's form cannot be used, or nothing."""
    longest = LONGEST_NOTES.get(step, LONGEST_NOTE)
    if not form.is_valid() or (step == "schedule" and not form.cleaned_data["publish_on"]):
        return "Nothing was done. Write the day as year-month-day, such as 2026-12-01."
    if len(form.cleaned_data["note"]) > longest:
        return f"Nothing was done: the note has {longest:,} characters at the most. Shorten it."
    if form.cleaned_data["edition"] not in (None, revision.edition):
        return (
            f"Nothing was done: revision {revision.number} was changed after you opened this page. "
            "Look at it again."
        )
    return ""


def _refusal(request: HttpRequest, form: StepForm, revision: models.Revision, step: str) -> str:
    """Takes the step; why it was refused, or nothing."""
    try:
        TAKE[step](revision, request.user, today(), form.cleaned_data)
    except actions.NotAllowed as error:
        return str(error)
    return ""


def _desk(
    request: HttpRequest, scope: str, key: str, refused: Refused | None = None
) -> HttpResponse:
    """All revisions of a subject and who did what to them, the newest first."""
    subject = _subject(scope, key)
    guidance = getattr(subject, "guidance", None)
    revisions = _revisions(guidance, request.user) if guidance else []
    open_one = next((r for r in revisions if r.status in OPEN), None)
    if open_one:
        read_rows(open_one)
    roles = roles_in(request)
    offered = [(r, _steps(r, roles, open_one, refused)) for r in reversed(revisions)]
    steps = [step for _, some in offered for step in some]
    context = {
        "title": f"{scope.title()} {key}",
        "subject": subject,
        "shown": shown_now(scope, key),
        "scope": scope,
        "key": key,
        "guidance": guidance,
        "revisions": offered,
        "events": guidance.events.select_related("actor")[:100] if guidance else [],
        "may_write": writes(roles) and (open_one is None or open_one.status in WRITABLE),
        "open_one": open_one,
        "findings": shown_findings(open_one) if open_one else [],
        "links": links.live_links(request, revisions),
        "unused": refused and not any(step["typed"] for step in steps) and refused.typed,
    }
    return show(request, "desk", context)


def _subject(scope: str, key: str) -> Any:
    """The section, family, trait or code of that name with its guidance, or 404."""
    if scope not in KEY_FIELD:
        raise Http404(f"There is no scope {scope}.")
    subjects = subject_model(scope).objects.select_related("guidance")
    return get_object_or_404(subjects, **{KEY_FIELD[scope]: key})


def _revisions(guidance: models.Guidance, reader: Any) -> list[models.Revision]:
    """All revisions of a subject, the oldest first, each with whether the reader `has_written` in it."""
    revisions = with_next_edition(guidance.revisions.order_by("number"))
    own = models.Revision.written_by.through.objects.filter(revision=OuterRef("pk"), user=reader)
    wrote = ExpressionWrapper(Q(author=reader) | Exists(own), output_field=BooleanField())
    return list(revisions.select_related("author", "reviewer").annotate(has_written=wrote))


def _steps(
    revision: Any, roles: frozenset[str], open_one: Any, refused: Refused | None
) -> list[dict]:
    """The steps that the reader, with these roles, may take, and what each asks for. The one that
    the others wait for stands first."""
    lacks_a_signature = revision.emergency_reason and not revision.reviewer
    found = [
        step
        for step in steps_open_to(revision.status, roles)
        if step != "write"
        and (step != "countersign" or lacks_a_signature)
        and not (STEPS[step].by_another and revision.has_written)
    ]
    is_old = revision.status in (Status.PUBLISHED, Status.SUPERSEDED, Status.WITHDRAWN)
    if is_old and writes(roles) and open_one is None:
        found.append("restore")
    found.sort(key=lambda step: step != "approve")
    return [_offered(revision, step, refused) for step in found]


def _offered(revision: models.Revision, step: str, refused: Refused | None) -> dict[str, Any]:
    label = "Restore as a draft" if step == "restore" else said(step).capitalize()
    return {
        "name": step,
        "label": label,
        "note": step in STEPS and STEPS[step].needs_note,
        "longest": LONGEST_NOTES.get(step, LONGEST_NOTE),
        "typed": refused and refused.typed_for(revision, step),
    }
