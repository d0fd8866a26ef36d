"""The inbox: what visitors wrote, for those who answer. A row opens the message, where all is done."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from codes.models import ContactRequest
from guidance import actions, models
from guidance.actions import contact
from guidance.admin.frame import Page, ReadOnlyAdmin, roles_in

# How each step is called on its button, and told once it is taken.
STEPS = {
    "take": ("Take it", "is yours"),
    "answered": ("Answered", "is answered"),
    "spam": ("Spam", "is spam; it is deleted soon"),
    "reopen": ("Reopen", "is open again, and yours"),
}


class NoteForm(forms.Form):
    text = forms.CharField(
        label="Note",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For colleagues. It is deleted with the message.",
    )


class AssignForm(forms.Form):
    def __init__(self, request: ContactRequest, data: Any = None) -> None:
        super().__init__(data)
        self.fields["to"] = forms.ModelChoiceField(
            contact.readers_of(request),
            label="Give it to",
            empty_label=None,
            initial=request.assigned_to_id,
        )


@admin.register(ContactRequest)
class ContactRequestAdmin(ReadOnlyAdmin):
    """Who reads what stands in guidance.actions.contact, by kind: Django's permissions do not."""

    list_display = ["number", "status", "kind", "about", "age", "assigned_to"]
    list_filter = ["status", "kind", ("assigned_to", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["assigned_to"]
    search_fields = ["about"]  # what is searched for stands in addresses, and so in logs
    ordering = ["-received_at", "-pk"]

    @admin.display(description="Message", ordering="pk")
    def number(self, request: ContactRequest) -> str:
        return f"No. {request.pk}"

    @admin.display(description="Age", ordering="-received_at")
    def age(self, request: ContactRequest) -> str:
        days = (timezone.now() - request.received_at).days
        return "today" if days < 1 else f"{days} day{'s' if days > 1 else ''}"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(contact.kinds_read_by(roles_in(request)))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        kinds = contact.kinds_read_by(roles_in(request))
        return obj.kind in kinds if obj else bool(kinds)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        mine = contact.kinds_read_by(roles_in(request))
        return super().get_queryset(request).filter(kind__in=mine)

    def get_urls(self) -> list:
        guarded = self.admin_site.admin_view
        own: list[Page] = [
            ("note/", self.note_view, "note"),
            ("assign/", self.assign_view, "assign"),
            ("do/<slug:step>/", self.step_view, "step"),
            ("erase/", self.erase_view, "erase"),
        ]
        return [
            path(f"<int:pk>/{at}", guarded(require_POST(view)), name=f"codes_contactrequest_{name}")
            for at, view, name in own
        ] + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context=None):
        return super().changelist_view(request, {"title": "Messages"} | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url="", extra_context=None
    ) -> HttpResponse:
        """One message: what was written, what was noted and done, and what can be done."""
        if request.method == "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404(f"There is no message {object_id}.")
        return self._show(request, found, NoteForm())

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:codes_contactrequest_change", object_id)

    def note_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        found, form = self._find(request, pk), NoteForm(request.POST)
        if not form.is_valid():
            return self._show(request, found, form)
        text = form.cleaned_data["text"]
        actions.note_on_contact(request=found, text=text, by=request.user, at=timezone.now())
        messages.success(request, "The note is kept.")
        return self._to(found)

    def assign_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self._find(request, pk)
        form = AssignForm(found, request.POST)
        if not form.is_valid():
            messages.error(request, "Choose someone of the list.")
            return self._to(found)
        to = form.cleaned_data["to"]
        try:
            actions.assign_contact(request=found, to=to, by=request.user)
        except actions.NotAllowed as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Message no. {pk} is with {to} now.")
        return self._to(found)

    def step_view(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        found = self._find(request, pk)
        if step not in STEPS:
            raise Http404(f"There is no step {step}.")
        try:
            actions.take_contact_step(request=found, step=step, by=request.user, at=timezone.now())
        except actions.NotAllowed as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Message no. {pk} {STEPS[step][1]}.")
        return self._to(found)

    def erase_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self._find(request, pk)
        if request.POST.get("sure") != "yes":
            messages.error(request, "Nothing was deleted: tick the box beside Delete first.")
            return self._to(found)
        actions.erase_contact(request=found, by=request.user)
        messages.success(request, f"Message no. {pk} is deleted, with its notes.")
        return redirect("admin:codes_contactrequest_changelist")

    def _find(self, request: HttpRequest, pk: int) -> Any:
        """The message, for someone who reads its kind."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def _show(self, request: HttpRequest, found: ContactRequest, form: NoteForm) -> HttpResponse:
        done = models.AuditEvent.objects.filter(subject=str(found)).select_related("actor")
        context = {
            "title": f"Message no. {found.pk}",
            "message": found,
            "notes": found.notes.select_related("author"),
            "events": done,
            "steps": [(name, STEPS[name][0]) for name in contact.steps_open_to(found)],
            "form": form,
            "assign": AssignForm(found) if found.status in contact.OPEN else None,
            "opts": self.opts,
        }
        frame = self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/contact/message.html", frame | context)

    def _to(self, found: ContactRequest) -> HttpResponse:
        return redirect("admin:codes_contactrequest_change", found.pk)
