"""Accounts of staff, which only administrators see and change; and who has done what."""

import smtplib
from collections.abc import Callable
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_POST
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from guidance import actions, models, tasks
from guidance.admin.frame import Page, ReadOnlyAdmin, never
from guidance.workflow import Role

SHOWN = 50  # of what was done to an account

# Accounts are changed below and nowhere else; roles are made by migrations; and nobody is to read
# the secrets of a second step.
apps.get_app_config("auth").verbose_name = "People"
admin.site.unregister([User, Group, StaticDevice, TOTPDevice])


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        choices=[(role.value, role.value) for role in Role],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class InvitationForm(RolesForm, forms.ModelForm):
    """Who is let in. Someone without a role can sign in and see nothing."""

    field_order = ["username", "email", "roles"]
    email = forms.EmailField(label="E-mail address")

    class Meta:
        model = User
        fields = ["username", "email"]
        help_texts = {"username": "What the account signs in and signs texts with: j.miller"}

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError("Another account has this address.")
        return email


class RoleFilter(admin.SimpleListFilter):
    title = "role"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [(role.value, role.value) for role in Role]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


# What is done to an account from its page, and what is then said of it.
DEEDS: dict[str, tuple[Callable[..., None], str]] = {
    "deactivate": (actions.deactivate, "can no longer sign in; its sessions have ended."),
    "reactivate": (actions.reactivate, "is let in again, once it has set a new password."),
    "remove-second-step": (actions.remove_second_step, "signs in without a second step for now."),
}


@admin.register(User)
class PeopleAdmin(admin.ModelAdmin):
    """The list of staff; a row opens the account's page, where all is done. Of the roles only
    Administrator holds Django's permissions for accounts; the actions ask for the role again."""

    list_display = ["username", "email", "roles", "last_login", "second_step", "is_active"]
    list_filter = [RoleFilter, "is_active"]
    search_fields = ["username", "email"]
    ordering = ["username"]
    change_list_template = "admin/people/list.html"
    show_full_result_count = False
    actions = None
    has_delete_permission = never  # what an account has signed stays signed

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """No guessing at what nobody is to read, letter by letter, by filtering the list."""
        hidden = lookup.partition("__")[0] == "password"
        return not hidden and super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        enrolled = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        staff = super().get_queryset(request).filter(is_staff=True).prefetch_related("groups")
        return staff.annotate(is_enrolled=Exists(enrolled))

    @admin.display
    def roles(self, account: User) -> str:
        names = [group.name for group in account.groups.all()]
        return ", ".join(["Superuser"] * account.is_superuser + names) or "none"

    @admin.display(boolean=True, ordering="is_enrolled")
    def second_step(self, account: Any) -> bool:
        return account.is_enrolled

    def get_urls(self) -> list:
        guarded = self.admin_site.admin_view
        own: list[Page] = [
            ("roles/", self.roles_view, "roles"),
            ("link/", self.link_view, "link"),
            ("do/<slug:deed>/", self.deed_view, "deed"),
        ]
        return [
            path(f"<int:pk>/{at}", guarded(require_POST(view)), name=f"auth_user_{name}")
            for at, view, name in own
        ] + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context=None):
        return super().changelist_view(request, {"title": "People"} | (extra_context or {}))

    def add_view(self, request: HttpRequest, form_url="", extra_context=None) -> HttpResponse:
        """The invitation: nothing typed is lost where it cannot be sent."""
        self._require_administrator(request)
        form = InvitationForm(request.POST or None)
        if not form.is_valid():
            return self._show(request, "invite", {"title": "Invite someone", "form": form})
        said = form.cleaned_data
        account = actions.invite(
            name=said["username"], email=said["email"], roles=said["roles"], by=request.user
        )
        self._send_link(request, account)
        return self._to(account)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url="", extra_context=None
    ) -> HttpResponse:
        """One account: its state, what can be done to it, and what was."""
        self._require_administrator(request)
        account = self.get_object(request, object_id)
        if account is None:
            raise Http404(f"There is no account {object_id}.")
        if request.method == "POST":  # the form of this page has an address of its own
            return self.roles_view(request, account.pk)
        roles = [group.name for group in account.groups.all()]
        events = models.AuditEvent.objects.filter(subject=f"account {account}"[:120])
        context = {
            "title": account.username,
            "account": account,
            "form": RolesForm(initial={"roles": roles}),
            "events": events.select_related("actor")[:SHOWN],
            "link": request.session.pop(f"link for {account.pk}", None),
        }
        return self._show(request, "account", context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None):
        self._require_administrator(request)
        return redirect("admin:auth_user_change", object_id)

    def roles_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = self._find(request, pk)
        form = RolesForm(request.POST)
        if form.is_valid():
            self._try(
                request,
                lambda: actions.change_roles(
                    account=account, roles=form.cleaned_data["roles"], by=request.user
                ),
                f"{account} has new roles.",
            )
        else:
            messages.error(request, "There is no such role. Choose from those that are listed.")
        return self._to(account)

    def link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = self._find(request, pk)
        self._send_link(request, account)
        return self._to(account)

    def deed_view(self, request: HttpRequest, pk: int, deed: str) -> HttpResponse:
        account = self._find(request, pk)
        if deed not in DEEDS:
            raise Http404(f"Nothing is called {deed} here.")
        do, said = DEEDS[deed]
        done = self._try(request, lambda: do(account=account, by=request.user), f"{account} {said}")
        if done and deed == "reactivate":
            self._send_link(request, account)
        return self._to(account)

    def _try(self, request: HttpRequest, do: Callable[[], None], said: str) -> bool:
        try:
            do()
        except actions.NotAllowed as error:
            messages.error(request, str(error))
            return False
        messages.success(request, said)
        return True

    def _send_link(self, request: HttpRequest, account: User) -> None:
        """Mail the link; where no mail leaves this machine, keep it to be shown once instead."""
        site = request.build_absolute_uri("/").rstrip("/")
        try:
            actions.grant_link(account=account, by=request.user)
            tasks.hand_over(tasks.mail_link, account_id=account.pk, site=site)
        except actions.NotAllowed as error:
            messages.error(request, str(error))
            return
        except (smtplib.SMTPException, OSError) as error:
            messages.error(request, f"The mail could not be sent: {error}.")
        else:
            if settings.MAIL_SERVER:
                messages.success(
                    request, f"A link is on its way to {account.email}; it holds 3 days."
                )
                return
        request.session[f"link for {account.pk}"] = actions.password_link(account, site)

    def _find(self, request: HttpRequest, pk: int) -> Any:
        self._require_administrator(request)
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def _require_administrator(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _show(self, request: HttpRequest, template: str, context: dict) -> HttpResponse:
        frame = self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, f"admin/people/{template}.html", frame | context)

    def _to(self, account: User) -> HttpResponse:
        return redirect("admin:auth_user_change", account.pk)


@admin.register(models.AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Who did what, when and why."""

    list_display = ["at", "actor", "action", "subject", "revision_number", "note"]
    list_filter = [("actor", admin.RelatedOnlyFieldListFilter), "action", "at"]
    list_select_related = ["actor"]
    search_fields = ["subject", "note"]
