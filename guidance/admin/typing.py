"""What the form asks for while someone types: keeping it, who else is there, previews, names."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from guidance import actions, models
from guidance.admin.fields import VOCABULARIES, name_of, suggestions
from guidance.admin.frame import Page, may_write
from guidance.admin.row_forms import not_too_long
from guidance.prose import render

STILL_THERE = timedelta(minutes=1)
SUGGESTED = 20
NOT_OF_THE_FORM = ("csrfmiddlewaretoken", "beat", "same")


class TypingForm(forms.Form):
    """What comes with the typing. `beat`: nothing is new; `same`: the form is as it was saved."""

    edition = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    beat = forms.BooleanField(required=False)
    same = forms.BooleanField(required=False)


class ProseForm(forms.Form):
    text = forms.CharField(required=False, strip=False, validators=[not_too_long])


def typing_of(revision: models.Revision, user: Any) -> models.Typing | None:
    """What this person has typed and not saved."""
    return next((t for t in _typing_in(revision) if t.user_id == user.pk and t.body), None)


def others_at(revision: models.Revision, user: Any, at: datetime) -> list[str]:
    """Who else had the form open within the last minute."""
    seen = (t for t in _typing_in(revision) if t.seen_at > at - STILL_THERE)
    return sorted(str(t.user) for t in seen if t.user_id != user.pk)


def _typing_in(revision: models.Revision) -> list[models.Typing]:
    """All that is being typed in it, read once."""
    typing = models.Typing.objects.select_related("user")
    prefetch_related_objects([revision], Prefetch("typing", typing))
    return list(revision.typing.all())


def form_as_sent(sent: QueryDict) -> str:
    """The form as the browser sends it, without what is not of the form."""
    kept = sent.copy()
    for name in NOT_OF_THE_FORM:
        kept.pop(name, None)
    return kept.urlencode()


def keep_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is on someone's form. Answers who else is there, and the newest edition."""
    revision = get_object_or_404(models.Revision, pk=pk)
    form = TypingForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"error": "The form came without its edition."}, status=400)
    known: dict[str, Any] = {"revision": revision, "by": request.user, "at": timezone.now()}
    known["edition"] = form.cleaned_data["edition"]
    try:
        if form.cleaned_data["beat"]:
            actions.note_presence(**known)
        else:
            body = "" if form.cleaned_data["same"] else form_as_sent(request.POST)
            actions.keep_typing(**known, body=body)
    except actions.NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    others = others_at(revision, request.user, timezone.now())
    return JsonResponse({"others": others, "edition": revision.edition})


def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget what was typed: the form is again as it was saved."""
    revision = get_object_or_404(models.Revision, pk=pk)
    actions.drop_typing(revision=revision, by=request.user)
    return redirect("admin:guidance_revision_change", pk)


def prose_view(request: HttpRequest) -> HttpResponse:
    """A text as readers would see it."""
    form = ProseForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"error": str(form.errors["text"][0])}, status=400)
    return JsonResponse({"html": render(form.cleaned_data["text"])})


def suggest_view(request: HttpRequest, vocabulary: str) -> HttpResponse:
    """The first rows of a vocabulary that have the words asked for: `{names: [[name, label]]}`."""
    if vocabulary not in VOCABULARIES:
        raise Http404(f"There is no vocabulary {vocabulary}.")
    if not may_write(request):
        raise PermissionDenied
    words = request.GET.get("q", "")[:100].replace("\0", "")
    found = suggestions(vocabulary, words)[:SUGGESTED]
    return JsonResponse({"names": [[name_of(vocabulary, row), str(row)] for row in found]})


PAGES: list[Page] = [
    ("typing/<int:pk>/", require_POST(keep_view), "typing"),
    ("typing/<int:pk>/drop/", require_POST(drop_view), "drop_typing"),
    ("prose/", require_POST(prose_view), "prose"),
    ("suggest/<slug:vocabulary>/", suggest_view, "suggest"),
]
