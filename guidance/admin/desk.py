"""The desk of one subject, and what is done there: start, step, preview, compare, the queues."""

import difflib
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from codes.calendar import today
from codes.converters import canonical_code
from codes.models import Code, CodeChange, Entry
from codes.publication import unsaved_entry
from guidance import actions, models
from guidance.actions.writing import whole_revisions
from guidance.admin import bulk, files
from guidance.admin.frame import Page, for_roles, show
from guidance.admin.revision import SUBJECT_NAMES
from guidance.content import TOPICS, frozen
from guidance.entry import compose
from guidance.models.revision import KEY_FIELD
from guidance.workflow import STEPS, Status, may, steps_open_to

# The workbench's pages that stand in modules of their own.
PAGES: list[Page] = [*bulk.PAGES, *files.PAGES]


class NoteForm(forms.Form):
    """What a step may ask for."""

    note = forms.CharField(required=False, max_length=2000)
    publish_on = forms.DateField(required=False)
    as_wrong = forms.BooleanField(required=False)


# Each step as it is taken from the desk: what is written of it stands in guidance.actions.
TAKE: dict[str, Callable[[models.Revision, Any, date, dict], Any]] = {
    "submit": lambda r, by, on, said: actions.submit(revision=r, by=by),
    "recall": lambda r, by, on, said: actions.recall(revision=r, by=by),
    "discard": lambda r, by, on, said: actions.discard(revision=r, by=by),
    "return": lambda r, by, on, said: actions.return_to_author(
        revision=r, by=by, note=said["note"]
    ),
    "approve": lambda r, by, on, said: actions.approve(revision=r, by=by, on=on),
    "schedule": lambda r, by, on, said: actions.schedule(
        revision=r, by=by, publish_on=said["publish_on"]
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
    actions = [*bulk.GUIDANCE_ACTIONS, files.export_yaml, files.export_csv]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return bulk.offered(super().get_actions(request), request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def get_urls(self) -> list:
        guarded = self.admin_site.admin_view
        own: list[Page] = [
            ("find/", self.find_view, "find"),
            ("changed/", self.changed_view, "changed"),
            ("<slug:scope>/<slug:key>/desk/", self.desk_view, "desk"),
            ("<slug:scope>/<slug:key>/start/", require_POST(self.start_view), "start"),
            ("<int:pk>/still-right/", require_POST(self.still_right_view), "still_right"),
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

    def find_view(self, request: HttpRequest) -> HttpResponse:
        """From a code in any spelling to its desk; anything else is looked up in the list."""
        asked = request.GET.get("q", "")
        code = canonical_code(asked)
        if code and Code.objects.filter(code=code).exists():
            return redirect("admin:guidance_desk", "code", code)
        query = QueryDict(mutable=True)
        query["q"] = asked
        return redirect(f"{reverse('admin:guidance_guidance_changelist')}?{query.urlencode()}")

    def desk_view(self, request: HttpRequest, scope: str, key: str) -> HttpResponse:
        """All revisions of a subject and who did what to them, the newest first."""
        subject = _subject(scope, key)
        guidance = models.Guidance.objects.filter(**{scope: subject}).first()
        revisions = guidance.revisions.select_related("author", "reviewer") if guidance else []
        roles = actions.roles_of(request.user)
        context = {
            "title": f"{scope.title()} {key}",
            "subject": subject,
            "scope": scope,
            "key": key,
            "guidance": guidance,
            "revisions": [(r, _steps(r, roles)) for r in reversed(list(revisions))],
            "events": guidance.events.select_related("actor")[:100] if guidance else [],
            "may_write": may("write", Status.DRAFT, roles),
        }
        return show(request, "desk", context)

    def start_view(self, request: HttpRequest, scope: str, key: str) -> HttpResponse:
        subject = _subject(scope, key)
        try:
            draft = actions.start_draft(subject=subject, by=request.user, valid_from=today())
        except actions.NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        return redirect("admin:guidance_revision_change", draft.pk)

    def step_view(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Take a step and say what came of it; one that is not allowed changes nothing."""
        revision = get_object_or_404(models.Revision.objects.select_related("guidance"), pk=pk)
        form = NoteForm(request.POST)
        if step not in TAKE:
            raise Http404(f"There is no step {step}.")
        if not form.is_valid() or (step == "schedule" and not form.cleaned_data["publish_on"]):
            messages.error(request, "Write the day as year-month-day, such as 2026-12-01.")
        else:
            self._take(request, revision, step, form.cleaned_data)
        return redirect("admin:guidance_desk", revision.guidance.scope, revision.guidance.key)

    def _take(self, request: HttpRequest, revision, step: str, said: dict) -> None:
        try:
            TAKE[step](revision, request.user, today(), said)
        except actions.NotAllowed as error:
            messages.error(request, str(error))
        else:
            done = step.replace("-", " ")
            messages.success(request, f"{revision.guidance}, revision {revision.number}: {done}.")

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The public page, or with ?format=json the document, as the revision would make it."""
        revision = get_object_or_404(whole_revisions([pk]))
        entry = _preview(revision)
        if entry is None:
            raise Http404("No release lists this code yet: there is no page to preview.")
        if request.GET.get("format") == "json":
            return JsonResponse(entry.data, headers=PRIVATE)
        context = {"entry": entry, "data": entry.data, "as_of": None, "on": today()}
        template = f"pages/{entry.kind}.html"
        return TemplateResponse(request, template, context, headers=PRIVATE)

    def compare_view(self, request: HttpRequest, older: int, newer: int) -> HttpResponse:
        """Two revisions, topic by topic, with the words that differ marked."""
        found = {r.pk: r for r in whole_revisions([older, newer])}
        if not {older, newer} <= found.keys():
            raise Http404("One of these revisions is not there.")
        before, after = found[older], found[newer]
        context = {
            "title": f"{after.guidance}: revisions {before.number} and {after.number}",
            "guidance": after.guidance,
            "topics": _differences(frozen(before), frozen(after)),
        }
        return show(request, "compare", context)

    def changed_view(self, request: HttpRequest) -> HttpResponse:
        """Guidance whose code CMS changed since someone last said that it is right."""
        changed = list(
            models.Guidance.objects.changed_by_cms().with_subjects().order_by("code__code")[:50]
        )
        changes = CodeChange.objects.filter(code__in=[g.code_id for g in changed])
        by_code: dict[int, list[CodeChange]] = {}
        for change in changes.select_related("release").defer("release__records"):
            by_code.setdefault(change.code_id, []).append(change)
        rows = [(guidance, by_code[guidance.code_id]) for guidance in changed]
        return show(request, "changed", {"title": "Changed by CMS", "rows": rows})

    def still_right_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        guidance = get_object_or_404(models.Guidance.objects.with_subjects(), pk=pk)
        try:
            actions.still_right(guidance=guidance, by=request.user, on=today())
        except actions.NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        messages.success(request, f"{guidance} is right as it is.")
        return redirect("admin:guidance_changed")


PRIVATE = {"Cache-Control": "no-store, private", "X-Robots-Tag": "noindex"}


def _subject(scope: str, key: str) -> Any:
    """The section, family, trait or code of that name, or 404."""
    if scope not in KEY_FIELD:
        raise Http404(f"There is no scope {scope}.")
    model: Any = models.Guidance._meta.get_field(scope).related_model
    return get_object_or_404(model, **{KEY_FIELD[scope]: key})


def _steps(revision: models.Revision, roles: frozenset[str]) -> list[dict]:
    """The steps that these roles may take, and what each asks for."""
    found = [
        {"name": step, "label": step.replace("-", " ").capitalize(), "note": STEPS[step].needs_note}
        for step in steps_open_to(revision.status, roles)
        if step != "write"
    ]
    is_old = revision.status in (Status.PUBLISHED, Status.SUPERSEDED, Status.WITHDRAWN)
    if is_old and may("write", Status.DRAFT, roles):
        found.append({"name": "restore", "label": "Restore as a draft", "note": False})
    return found


def _preview(revision: models.Revision) -> Entry | None:
    """The subject's entry as it would read with this revision published."""
    guidance = revision.guidance
    drafts = {(guidance.scope, guidance.key): frozen(revision)}
    halves: Any = next(compose(guidance.scope, [guidance.key], today(), drafts), None)
    return unsaved_entry(*halves) if halves else None


def _differences(before: dict, after: dict) -> list[dict]:
    """Each topic that differs: its words in order, as (mark, text) with mark same, less or more."""
    return [
        {"topic": topic, "words": _marked(_words(before.get(topic)), _words(after.get(topic)))}
        for topic in TOPICS
        if before.get(topic) != after.get(topic)
    ]


def _words(topic: Any) -> list[str]:
    if isinstance(topic, dict):
        return topic["text"].split()
    rows = [row if isinstance(row, str) else " ".join(_row_texts(row)) for row in topic or []]
    return "\n".join(rows).split(" ")


def _row_texts(row: dict) -> list[str]:
    return [value for name, value in row.items() if isinstance(value, str) and name != "html"]


def _marked(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    marked = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            marked.append(("same", " ".join(before[a1:a2])))
            continue
        marked += [("less", " ".join(before[a1:a2]))] if a2 > a1 else []
        marked += [("more", " ".join(after[b1:b2]))] if b2 > b1 else []
    return marked
