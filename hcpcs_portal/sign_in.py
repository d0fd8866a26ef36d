"""Signing in to the admin: a password, then a code where the account has a second step.

The pages of this module are for people who are not through yet; all else of the admin is closed to
them. REQUIRE_TOTP sends those without a second step to set one up first.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import django_otp
import segno
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from limits import RateLimitItem, RateLimitItemPerHour

from codes.calendar import today
from codes.limiting import is_over, network_of
from guidance import actions, tasks

# For one network, whatever the accounts: each try costs a hash, each letter a stranger's patience.
SIGN_INS = [RateLimitItemPerHour(100)]
LETTERS = [RateLimitItemPerHour(10)]


def network_of_visitor(request: HttpRequest) -> str | None:
    """Whose wrong passwords are counted together: see AXES_CLIENT_IP_CALLABLE."""
    return network_of(request.META.get("REMOTE_ADDR", ""))


def limited(purpose: str, limits: Sequence[RateLimitItem]) -> Callable[[Any], Any]:
    """Give the view so many posts from one network, and after them a page that says to wait."""

    def decorate(view: Any) -> Any:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if request.method == "POST" and (over := is_over(limits, request, purpose, today())):
                response = TemplateResponse(request, "registration/limited.html", status=429)
                response["Retry-After"] = str(over.get_expiry())
                return response
            return view(request, *args, **named)

        return answer

    return decorate


class CodeForm(forms.Form):
    """A code of the second step."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).lower()


class PasswordSaved:
    """A password form of Django's that leaves the write to the actions, and so its audit row."""

    user: Any
    cleaned_data: dict[str, Any]

    def save(self, commit: bool = True) -> Any:
        actions.set_password(account=self.user, password=self.cleaned_data["new_password1"])
        return self.user


class ChangedPasswordForm(PasswordSaved, PasswordChangeForm):
    required_css_class = "required"


class NewPasswordForm(PasswordSaved, SetPasswordForm):
    required_css_class = "required"


@method_decorator([never_cache, csrf_protect], name="second_step")
@method_decorator([never_cache, csrf_protect], name="enrol")
class PortalSite(admin.AdminSite):
    """The stock admin behind our own door."""

    site_header = site_title = "HCPCS Portal"
    index_title = "Desk"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this is a member of staff who has taken every step of signing in."""
        return self._has_password(request) and self._is_through(request.user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        guarded: Any = super().admin_view(view, cacheable)

        @wraps(guarded)
        def readable(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            # The filters of the lists hand it on, and PostgreSQL takes no text with it.
            if any("\0" in value for values in request.GET.lists() for value in values[1]):
                raise BadRequest("There is a character in this address that no text can have.")
            return guarded(request, *args, **named)

        return readable

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [
            # Those who are not through yet may leave as well.
            path("logout/", self.logout, name="logout"),
            path("second-step/", self.second_step, name="second_step"),
            path("second-step/set-up/", self.enrol, name="enrol"),
            *super().get_urls(),
        ]

    @method_decorator([never_cache, limited("sign in", SIGN_INS)])
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The password; whoever has given it is led on to the second step."""
        if request.method != "GET" or not self._has_password(request):
            return super().login(request, extra_context)
        if self._is_through(request.user):
            return HttpResponseRedirect(_next(request))
        step = "admin:second_step" if actions.is_enrolled(request.user) else "admin:enrol"
        return redirect_to_login(_next(request), reverse(step))

    def second_step(self, request: HttpRequest) -> HttpResponse:
        """Asks for a code of the authenticator, or a recovery code."""
        if not self._has_password(request) or not actions.is_enrolled(request.user):
            return redirect("admin:login")
        form = CodeForm(request.POST or None)
        if form.is_valid():
            try:
                device = actions.take_second_step(account=request.user, **form.cleaned_data)
            except actions.WrongCode as error:
                form.add_error("code", str(error))
            else:
                return self._let_in(request, device)
        return self._show(request, "second_step", {"title": "Second step", "form": form})

    def enrol(self, request: HttpRequest) -> HttpResponse:
        """Sets up the second step of one's own account, or makes new recovery codes."""
        if not self._has_password(request):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if actions.is_enrolled(request.user):
            return self._enrolled(request)
        form = CodeForm(request.POST or None)
        if form.is_valid():
            try:
                device, codes = actions.confirm_enrolment(account=request.user, **form.cleaned_data)
            except actions.WrongCode as error:
                form.add_error("code", str(error))
            else:
                self._let_in(request, device)
                return self._show_codes(request, codes)
        device = actions.begin_enrolment(account=request.user)
        context = {
            "form": form,
            "picture": qr_code(device.config_url),
            "secret": secret_of(device),
            "may_wait": self._is_through(request.user),
        }
        return self._show(request, "enrol", {"title": "Set up the second step"} | context)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        view = views.PasswordChangeView.as_view(
            form_class=ChangedPasswordForm,
            success_url=reverse("admin:password_change_done"),
            extra_context=self.each_context(request) | (extra_context or {}),
        )
        return view(request)

    def _enrolled(self, request: HttpRequest) -> HttpResponse:
        if not self._is_through(request.user):
            return redirect_to_login(request.get_full_path(), reverse("admin:second_step"))
        if request.method == "POST":
            return self._show_codes(request, actions.new_recovery_codes(account=request.user))
        return self._show(request, "enrolled", {"title": "Second step"})

    def _let_in(self, request: HttpRequest, device: Any) -> HttpResponse:
        # A session id that was known before the code was given must not be worth more after it.
        request.session.cycle_key()
        django_otp.login(request, device)
        request.user.is_through = True  # type: ignore[union-attr]
        return HttpResponseRedirect(_next(request))

    def _show_codes(self, request: HttpRequest, codes: list[str]) -> HttpResponse:
        context = {"title": "Recovery codes", "codes": codes, "next": _next(request)}
        return self._show(request, "recovery_codes", context)

    def _show(self, request: HttpRequest, template: str, context: dict) -> HttpResponse:
        frame = self.each_context(request)
        return TemplateResponse(request, f"registration/{template}.html", frame | context)

    def _has_password(self, request: HttpRequest) -> bool:
        return super().has_permission(request)

    def _is_through(self, user: Any) -> bool:
        """Asked several times for one page, so the answer is kept on its user."""
        if not hasattr(user, "is_through"):
            user.is_through = user.is_verified() or not (
                settings.REQUIRE_TOTP or actions.is_enrolled(user)
            )
        return user.is_through


def _next(request: HttpRequest) -> str:
    """Where whoever signs in was going: an address of ours, or the admin's home."""
    asked = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else reverse("admin:index")


def qr_code(text: str) -> SafeString:
    """A picture of the text as SVG, without any style of its own: the policy forbids it."""
    code = segno.make(text, error="m", micro=False)
    return mark_safe(code.svg_inline(omitsize=True, light="#fff", svgclass="qr", lineclass=None))


def secret_of(device: Any) -> str:
    """The secret as people type it: capitals in groups of four."""
    key = device.config_url.partition("secret=")[2].partition("&")[0]
    return " ".join(key[place : place + 4] for place in range(0, len(key), 4))


class ForgottenPasswordView(views.PasswordResetView):
    """Hands the address on, and looks at no account: the answer is as quick for any address."""

    def form_valid(self, form: Any) -> HttpResponse:
        site = self.request.build_absolute_uri("/").rstrip("/")
        tasks.hand_over(tasks.mail_reset_links, email=form.cleaned_data["email"], site=site)
        return redirect("password_reset_done")


urlpatterns = [
    path(
        "password-reset/",
        limited("forgotten password", LETTERS)(ForgottenPasswordView.as_view()),
        name="admin_password_reset",
    ),
    path("password-reset/sent/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "password-reset/<uidb64>/<token>/",
        views.PasswordResetConfirmView.as_view(form_class=NewPasswordForm),
        name="password_reset_confirm",
    ),
    path(
        "password-reset/done/",
        views.PasswordResetCompleteView.as_view(),
        name="password_reset_complete",
    ),
]
