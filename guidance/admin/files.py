"""Guidance out and in as files: selected subjects as a zip or a sheet; an upload becomes drafts."""

import base64
import binascii
from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from codes.calendar import today
from codes.differences import marked
from guidance import actions, models
from guidance.actions import Proposal
from guidance.admin.frame import Page, show
from guidance.differences import words_of
from guidance.exchange import incoming, outgoing, sheet
from guidance.pack import BadPack

MEGABYTE = 1024 * 1024
LARGEST = 3 * MEGABYTE  # what a form can carry from the preview to the drafts
# Subjects of a preview: all that can be ticked must fit DATA_UPLOAD_MAX_NUMBER_FIELDS.
MOST_SHOWN = 150


class UploadForm(forms.Form):
    """A file of guidance."""

    file = forms.FileField(
        max_length=200,
        help_text="A yaml file, a csv sheet, or a zip of them, as this portal exports them.",
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,.csv,.zip"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                f"{file.name} has {file.size / MEGABYTE:.1f} MB; {LARGEST // MEGABYTE} at the most. "
                "Import it in parts, or with the command import_guidance."
            )
        return file


@admin.action(description="Export as YAML (zip)")
def export_yaml(listing: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet) -> HttpResponse:
    content = outgoing.zipped(outgoing.guidance_files(_published(chosen)))
    return _download(content, f"guidance-{today()}.zip", "application/zip")


@admin.action(description="Export as CSV")
def export_csv(listing: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet) -> HttpResponse:
    content = sheet.written(outgoing.editions_of(_published(chosen)))
    return _download(content, f"guidance-{today()}.csv", "text/csv; charset=utf-8")


def import_view(request: HttpRequest) -> HttpResponse:
    """Upload a file and see, word by word, what it says otherwise."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return show(request, "import", {"title": "Import guidance as drafts", "form": form})
    file = form.cleaned_data["file"]
    content = file.read()
    try:
        proposals = _proposals(request, file.name, content)
    except BadPack as error:
        form.add_error("file", f"{error} Nothing was imported.")
        return show(request, "import", {"title": "Import guidance as drafts", "form": form})
    context = {
        "title": f"What {file.name} says otherwise",
        "name": file.name,
        "content": base64.b64encode(content).decode(),
        "proposals": [(one, _differences(one)) for one in proposals[:MOST_SHOWN]],
        "may_draft": any(not one.held_by for one in proposals),
        "more": max(0, len(proposals) - MOST_SHOWN),
    }
    return show(request, "import_difference", context)


def drafts_view(request: HttpRequest) -> HttpResponse:
    """Make drafts of the topics chosen; what has changed since it was shown is left out."""
    name = request.POST.get("name", "")
    try:
        content = base64.b64decode(request.POST.get("content", ""), validate=True)
        proposals = _proposals(request, name, content)
        seen = dict(one.rpartition("=")[::2] for one in request.POST.getlist("seen"))
        chosen = _chosen(request)
        fresh = [one for one in proposals if seen.get(_name(one)) == one.edition]
        drafts = actions.make_drafts(proposals=fresh, by=request.user, chosen=chosen)
    except (BadPack, binascii.Error, actions.NotAllowed) as error:
        messages.error(request, f"{error} Nothing was imported.")
        return redirect("admin:guidance_import")
    messages.success(request, _made(drafts))
    made = {(draft.guidance.scope, draft.guidance.key) for draft in drafts}
    for scope, key in sorted(chosen.keys() - made):
        messages.warning(
            request, f"{scope} {key}: it has changed since you looked at it. Upload the file again."
        )
    return redirect("admin:guidance_guidance_changelist")


def _made(drafts: list[models.Revision]) -> SafeString:
    """How many drafts there are, with the way to each."""
    links = format_html_join(
        ", ",
        '<a href="{}">{}</a>',
        (
            (reverse("admin:guidance_revision_change", args=[one.pk]), one.guidance)
            for one in drafts
        ),
    )
    count = "1 draft is made" if len(drafts) == 1 else f"{len(drafts)} drafts are made"
    return format_html("{}{}{}.", count, ": " if drafts else "", links)


PAGES: list[Page] = [
    ("import/", import_view, "import"),
    ("import/drafts/", drafts_view, "import_drafts"),
]


def _published(chosen: QuerySet) -> QuerySet[models.PublishedGuidance]:
    return models.PublishedGuidance.objects.filter(guidance__in=chosen.values("pk").order_by())


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


def _proposals(request: HttpRequest, name: str, content: bytes) -> list[Proposal]:
    return actions.compare_files(files=incoming.read_upload(name, content), by=request.user)


def _name(proposal: Proposal) -> str:
    return f"{proposal.scope} {proposal.key}"


def _chosen(request: HttpRequest) -> dict[tuple[str, str], set[str]]:
    """The topics ticked, by subject: `code J3490 unit`."""
    found = defaultdict(set)
    for ticked in request.POST.getlist("topic"):
        scope, _, rest = ticked.partition(" ")
        key, _, topic = rest.rpartition(" ")
        found[scope, key].add(topic)
    return found


def _differences(proposal: Proposal) -> list[dict]:
    """Each topic that differs: whether nothing would be left of it, and its words, marked."""
    return [
        {
            "topic": topic,
            "is_emptied": topic not in proposal.topics,
            "words": marked(
                words_of(topic, proposal.current.get(topic)),
                words_of(topic, proposal.topics.get(topic)),
            ),
        }
        for topic in proposal.changed
    ]
