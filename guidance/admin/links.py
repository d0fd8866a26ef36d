"""A draft as its page would be: for staff, and by a signed link for people without an account."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from codes.calendar import today
from codes.models import Entry, Release
from codes.publication import unsaved_entry
from guidance import actions, models
from guidance.actions.writing import whole_revisions
from guidance.admin.frame import Page
from guidance.content import frozen
from guidance.entry import compose

SIGNER = signing.Signer(salt="guidance.preview")
PRIVATE = {
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow",
    # The address is the key to the draft: no site that the page leads to may learn it.
    "Referrer-Policy": "no-referrer",
}


def draft_entry(revision: models.Revision) -> Entry:
    """The subject's entry as it would read with this revision published; 404 for a code that no
    release lists."""
    guidance = revision.guidance
    drafts = {(guidance.scope, guidance.key): frozen(revision)}
    halves: Any = next(compose(guidance.scope, [guidance.key], today(), drafts), None)
    if halves is None:
        raise Http404("No release lists this code yet: there is no page to preview.")
    return unsaved_entry(*halves)


def draft_page(request: HttpRequest, revision: models.Revision) -> HttpResponse:
    """The public page of `draft_entry`, marked as a draft and kept by nobody."""
    entry, now = draft_entry(revision), today()
    frame = {"release": Release.objects.newest(), "on": now, "today": now, "as_of": None}
    draft = {"entry": entry, "data": entry.data, "draft": revision}
    return TemplateResponse(request, f"pages/{entry.kind}.html", frame | draft, headers=PRIVATE)


def live_links(request: HttpRequest, revisions: list[models.Revision]) -> list[dict[str, Any]]:
    """The links that now open one of these: `link`, and its whole `address`."""
    links = models.PreviewLink.objects.live(timezone.now()).filter(revision__in=revisions)
    return [
        {"link": link, "address": request.build_absolute_uri(address_of(link))}
        for link in links.select_related("revision", "made_by")
    ]


def address_of(link: models.PreviewLink) -> str:
    return reverse("preview", args=[SIGNER.sign(str(link.pk))])


@require_safe
def read_preview(request: HttpRequest, token: str) -> HttpResponse:
    """The draft that a link opens. Of a link that is dead or was never made one learns nothing."""
    try:
        key = SIGNER.unsign(token)
    except signing.BadSignature as error:
        raise Http404(DEAD) from error
    link = models.PreviewLink.objects.live(timezone.now()).filter(pk=key).first()
    if link is None:
        raise Http404(DEAD)
    return draft_page(request, whole_revisions([link.revision_id]).get())


DEAD = "This link opens nothing (any more). Ask whoever sent it for a new one."


@require_POST
def make_view(request: HttpRequest, pk: int) -> HttpResponse:
    revisions = models.Revision.objects.select_related("guidance")
    revision = get_object_or_404(revisions, pk=pk)
    try:
        link = actions.make_link(revision=revision, by=request.user, at=timezone.now())
    except actions.NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            f"The link is made: copy it below. Whoever has it can read the draft until "
            f"{link.ends_at:%Y-%m-%d}.",
        )
    return _to_desk(revision)


@require_POST
def revoke_view(request: HttpRequest, pk: int) -> HttpResponse:
    links = models.PreviewLink.objects.select_related("revision__guidance")
    link = get_object_or_404(links, pk=pk)
    try:
        actions.revoke_link(link=link, by=request.user, at=timezone.now())
    except actions.NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The link opens nothing any more.")
    return _to_desk(link.revision)


def _to_desk(revision: models.Revision) -> HttpResponse:
    return redirect("admin:guidance_desk", revision.guidance.scope, revision.guidance.key)


PAGES: list[Page] = [
    ("links/<int:pk>/make/", make_view, "make_link"),
    ("links/<int:pk>/revoke/", revoke_view, "revoke_link"),
]
