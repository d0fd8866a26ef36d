"""Bulk work: rows of a list are chosen, what would become of each is shown, then it is done.

A batch has a page of its own, where it can be undone.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from codes.calendar import today
from guidance import actions, models
from guidance.actions import ORDERS, Outcome, Wish
from guidance.admin.fields import DayInput
from guidance.admin.frame import Page, roles_in, show
from guidance.workflow import WRITERS

SHOWN = 100  # batches
MOST_MESSAGES = 50


def writers() -> QuerySet[Any]:
    """The accounts that may write, by name."""
    accounts = get_user_model().objects.filter(is_active=True)
    may = Q(groups__name__in=WRITERS) | Q(is_superuser=True)
    return accounts.filter(may).distinct().order_by("username")


class PersonForm(forms.Form):
    person: Any = forms.ModelChoiceField(
        queryset=None, required=False, empty_label="Nobody", label="To whom"
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["person"].queryset = writers()  # type: ignore[attr-defined]


class DayForm(forms.Form):
    day = forms.DateField(
        required=False,
        label="Review by",
        widget=DayInput,
        help_text="Leave it empty to take the day away.",
        error_messages={"invalid": "Write the day as year-month-day, such as 2026-12-01."},
    )

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day and day < today():
            raise forms.ValidationError("This day has passed. Choose today or a later one.")
        return day


class NoteForm(forms.Form):
    note = forms.CharField(
        max_length=2000, label="Why", widget=forms.Textarea(attrs={"rows": 3, "cols": 60})
    )


FORMS: dict[str, type[forms.Form]] = {
    "assign": PersonForm,
    "review-by": DayForm,
    "withdraw": NoteForm,
}
# In a preview, where nothing has been said yet.
UNSAID = {"note": "To be said"}

Action = Callable[[admin.ModelAdmin, HttpRequest, QuerySet], HttpResponse | None]


def changelist_action(name: str) -> Action:
    """The order as an action of a list; it leads to the preview."""

    @admin.action(description=ORDERS[name].label)
    def look(listing: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet) -> Any:
        column = "pk" if chosen.model is ORDERS[name].of else "guidance"
        return _preview(request, name, list(chosen.values_list(column, flat=True).order_by()))

    look.__name__ = name
    return look


REVISION_ACTIONS = [changelist_action(name) for name in ORDERS]
GUIDANCE_ACTIONS = [changelist_action("review-by")]


def offered(found: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """Of a list's actions, those that the account that asks may take."""
    roles = roles_in(request)
    return {
        name: action
        for name, action in found.items()
        if name not in ORDERS or ORDERS[name].is_for(roles)
    }


def bulk_view(request: HttpRequest, order: str) -> HttpResponse:
    """Do it, to each item that is still as the preview showed it."""
    if order not in ORDERS:
        raise Http404(f"There is no bulk work called {order}.")
    editions = _editions(request)
    form = FORMS.get(order, forms.Form)(request.POST)
    if not form.is_valid():
        return _preview(request, order, list(editions), form)
    wish = Wish(order=order, by=request.user, on=today(), **form.cleaned_data)
    try:
        batch, outcomes = actions.run_batch(wish=wish, editions=editions)
    except actions.NotAllowed as error:
        messages.error(request, str(error))
        return redirect(_list_of(order))
    _report(request, outcomes, "Done")
    return redirect("admin:guidance_batch", batch.pk) if batch else redirect(_list_of(order))


def batches_view(request: HttpRequest) -> HttpResponse:
    batches = models.Batch.objects.select_related("by", "undone_by")
    rows = batches.annotate(count=Count("items"))[:SHOWN]
    return show(request, "bulk_batches", {"title": "Batches", "batches": rows})


def batch_view(request: HttpRequest, pk: Any) -> HttpResponse:
    """What was done at once, and to what; whoever may do it may undo it."""
    batch = get_object_or_404(models.Batch.objects.select_related("by", "undone_by"), pk=pk)
    context = {
        "title": f"Batch: {batch.action}",
        "batch": batch,
        "items": actions.items_of(batch),
        "may_undo": actions.may_undo(batch, request.user),
    }
    return show(request, "bulk_batch", context)


def undo_view(request: HttpRequest, pk: Any) -> HttpResponse:
    batch = get_object_or_404(models.Batch, pk=pk)
    try:
        outcomes = actions.undo_batch(batch=batch, by=request.user, on=today())
    except actions.NotAllowed as error:
        messages.error(request, str(error))
    else:
        _report(request, outcomes, "Undone")
    return redirect("admin:guidance_batch", pk)


PAGES: list[Page] = [
    ("bulk/<slug:order>/", require_POST(bulk_view), "bulk"),
    ("batches/", batches_view, "batches"),
    ("batches/<uuid:pk>/", batch_view, "batch"),
    ("batches/<uuid:pk>/undo/", require_POST(undo_view), "batch_undo"),
]


def _preview(
    request: HttpRequest, name: str, ids: list[int], form: forms.Form | None = None
) -> HttpResponse:
    """What would become of each item."""
    wish = Wish(order=name, by=request.user, on=today(), note=UNSAID["note"])
    try:
        outcomes = actions.preview_batch(wish=wish, ids=ids)
    except actions.NotAllowed as error:
        messages.error(request, str(error))
        return redirect(_list_of(name))
    context = {
        "title": ORDERS[name].label,
        "order": name,
        "form": form or FORMS.get(name, forms.Form)(),
        "outcomes": outcomes,
        "doable": sum(not outcome.refused for outcome in outcomes),
        "back": _list_of(name),
        "listed": ORDERS[name].of._meta.verbose_name_plural,
    }
    return show(request, "bulk", context)


def _editions(request: HttpRequest) -> dict[int, str]:
    """The items sent along, each with the edition that the preview showed: `12:3`."""
    sent = (item.partition(":") for item in request.POST.getlist("item"))
    return {int(pk): edition for pk, _, edition in sent if pk.isdecimal()}


def _list_of(name: str) -> str:
    model = ORDERS[name].of._meta.model_name
    return reverse(f"admin:guidance_{model}_changelist")


def _report(request: HttpRequest, outcomes: Iterable[Outcome], done: str) -> None:
    """Say how many were done, and of each other one why not."""
    outcomes = list(outcomes)
    refused = [outcome for outcome in outcomes if outcome.refused]
    say = partial(messages.add_message, request)
    if len(refused) < len(outcomes):
        say(messages.SUCCESS, f"{done}: {len(outcomes) - len(refused)} of {len(outcomes)}.")
    for outcome in refused[:MOST_MESSAGES]:
        say(messages.WARNING, f"{outcome.item}: {outcome.refused}")
    if more := refused[MOST_MESSAGES:]:
        say(messages.WARNING, f"{len(more)} more were left as they are.")
    if not outcomes:
        say(messages.WARNING, "Nothing was chosen.")
