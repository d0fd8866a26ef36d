"""What a release has made doubtful: guidance beside what CMS changed, and what to say of it."""

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page as Part
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from codes.calendar import today
from codes.differences import sides
from codes.models import CodeChange, Release, Section
from guidance import actions, models
from guidance.admin.frame import Page, roles_in, show
from guidance.checks import TOPIC_NAMES
from guidance.content import TOPICS
from guidance.in_words import in_words
from guidance.querysets import LISTS_CHANGE
from guidance.workflow import may, writes

A_PAGE = 20


class QueueForm(forms.Form):
    """Which part of the queue is looked at."""

    section = forms.ModelChoiceField(
        Section.objects.all(), to_field_name="letter", required=False, empty_label="All sections"
    )
    release = forms.ModelChoiceField(
        Release.objects.published().defer("records"), required=False, empty_label="All releases"
    )


def changed_view(request: HttpRequest) -> HttpResponse:
    """Guidance whose code CMS changed since someone last said that it is right."""
    queue = models.Guidance.objects.changed_by_cms().order_by("code__code")
    return _show_queue(request, queue, "code", CodeChange.Kind.values)


def lists_view(request: HttpRequest) -> HttpResponse:
    """Guidance of families that got a code, or in which one ended, since someone last looked."""
    queue = models.Guidance.objects.with_new_or_ended_codes().order_by("family__slug")
    return _show_queue(request, queue, "family", LISTS_CHANGE)


@require_POST
def still_right_view(request: HttpRequest, pk: int) -> HttpResponse:
    guidance = get_object_or_404(models.Guidance.objects.with_subjects(), pk=pk)
    try:
        actions.still_right(guidance=guidance, by=request.user, on=today())
    except actions.NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    messages.success(request, f"{guidance} is right as it is.")
    return back_to_queue(guidance, request.POST.get("back", ""))


def back_to_queue(guidance: models.Guidance, filters: str) -> HttpResponse:
    """To the queue that the guidance stood in, with the filters that were set."""
    name = "changed" if guidance.scope == "code" else "changed_lists"
    return redirect(f"{reverse(f'admin:guidance_{name}')}?{QueryDict(filters).urlencode()}")


def _show_queue(request: HttpRequest, queue: Any, scope: str, kinds: Any) -> HttpResponse:
    form = QueueForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    changes = CodeChange.objects.filter(kind__in=kinds)
    if said.get("section"):
        queue = queue.filter(**{f"{scope}__section": said["section"]})
    if said.get("release"):
        made = changes.filter(release=said["release"])
        path = "code" if scope == "code" else "code__family"
        queue = queue.filter(**{f"{scope}__in": made.values(path)})
    subjects = queue.with_subjects().select_related(scope, "facts_reviewed")
    page = Paginator(subjects.defer("facts_reviewed__records"), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "title": "Changed by CMS" if scope == "code" else "Families with new or ended codes",
        "scope": scope,
        "form": form,
        "page": page,
        "rows": _rows(request, page, scope, changes),
        "back": request.GET.urlencode(),
    }
    return show(request, "changed", context)


def _rows(request: HttpRequest, page: Part, scope: str, changes: Any) -> list[dict[str, Any]]:
    """Each guidance of the page with the changes that it has yet to be held against, and its text."""
    path = "code_id" if scope == "code" else "code__family_id"
    subjects = {getattr(one, f"{scope}_id") for one in page}
    made = defaultdict(list)
    for change in (
        changes.filter(**{f"{path}__in": subjects})
        .select_related("release", "code")
        .defer("release__records")
        .order_by("release__quarter", "code__code", "field")
    ):
        made[change.code_id if scope == "code" else change.code.family_id].append(change)
    spoken = _spoken_today(list(page))
    roles = roles_in(request)
    return [
        {
            "guidance": one,
            "changes": [
                (change, *sides(change.before.split(), change.after.split()))
                for change in made[getattr(one, f"{scope}_id")]
                if change.release.is_news_after(one.facts_reviewed)
            ],
            "text": _text(spoken[one.pk].content) if one.pk in spoken else [],
            "may_write": writes(roles),
            "spoken": spoken[one.pk].revision if one.pk in spoken else None,
            "may_withdraw": one.pk in spoken
            and may("withdraw", spoken[one.pk].revision.status, roles),
        }
        for one in page
    ]


def _spoken_today(subjects: list[models.Guidance]) -> dict[int, models.PublishedGuidance]:
    """What is published of each and speaks for today, by the guidance's id."""
    published = models.PublishedGuidance.objects.filter(guidance__in=subjects)
    past = published.filter(valid_from__lte=today()).order_by("valid_from", "number")
    return {one.guidance_id: one for one in past.select_related("revision")}


def _text(content: dict) -> list[tuple[str, list[str]]]:
    """Our own text by topic: a heading and its paragraphs."""
    found = ((TOPIC_NAMES[topic], in_words(topic, content.get(topic))) for topic in TOPICS)
    return [(heading, lines) for heading, lines in found if lines]


PAGES: list[Page] = [
    ("changed/", changed_view, "changed"),
    ("changed/families/", lists_view, "changed_lists"),
    ("<int:pk>/still-right/", still_right_view, "still_right"),
]
