"""Talking to the people of the portal: the message, the estimate, and what is kept of both.

No cookie is set. What is sent is protected by the form's seal and by what browsers say of its origin.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from kombu.exceptions import OperationalError
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from codes import tasks
from codes.actions import keep_request
from codes.actions.contact import LONGEST_DAYS, SPAM_DAYS
from codes.actions.counts import MONTHS_KEPT
from codes.calendar import today
from codes.converters import canonical_code
from codes.forms import ContactForm, EstimateForm, Kind
from codes.limiting import is_over
from codes.models import Code
from codes.pages.frame import NOT_KEPT, show
from codes.pages.seal import is_from_elsewhere, opened, seal
from codes.publication import read_entry

# A person needs longer for a message; a robot fills the field that nobody sees.
SOONEST = timedelta(seconds=3)
TRAP = "homepage"
LIMITS = [RateLimitItemPerHour(10), RateLimitItemPerDay(30)]

NOT_OURS = (
    "The form had been open for more than a day, or was not sent from this page. Nothing was sent "
    "and nothing is lost: look through what you wrote, then send it again."
)
TOO_MANY = (
    "{limit} messages were sent from your network lately, which is the most we take. Nothing is "
    "lost: leave this page open and send it again {when}."
)
NOT_NOW = "Your message could not be kept just now. Nothing is lost: send it again in a minute."

log = logging.getLogger(__name__)


@csrf_exempt  # the seal takes the place of the cookie
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """The form; once sent, another page, so that loading it again sends nothing."""
    if request.method != "POST":
        return _show_form(request, ContactForm(initial=_asked(request)))
    form = ContactForm(request.POST)
    now = timezone.now()
    sealed = None if is_from_elsewhere(request) else opened(request.POST.get("seal", ""), now)
    if not form.is_valid():
        return _show_form(request, form, status=400)
    if sealed is None:
        return _show_form(request, form, NOT_OURS, status=400)
    if limit := is_over(LIMITS, request, "contact", today()):
        return _refuse(request, form, limit)
    return _keep(request, form, *sealed, now)


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the link to the form says: `kind`, and `about` in any spelling of a code."""
    kind, about = request.GET.get("kind", ""), request.GET.get("about", "")
    return {
        "kind": kind if kind in Kind.values else Kind.TALK,
        "about": canonical_code(about) or "",
    }


def _keep(
    request: HttpRequest, form: ContactForm, form_id: str, age: timedelta, now: datetime
) -> HttpResponse:
    """Keep the message. What looks like a robot's is kept as spam and hears the same."""
    is_spam = age < SOONEST or bool(request.POST.get(TRAP))
    try:
        keep_request(typed=form.cleaned_data, form=form_id, is_spam=is_spam, at=now)
    except DatabaseError as error:
        # By its kind alone: its text may quote the row.
        log.error("A contact request could not be kept: %s", type(error).__name__)
        return _show_form(request, form, NOT_NOW, status=503)
    if not is_spam:
        _tell()
    return redirect("codes:contact_thanks")


def _tell() -> None:
    """Start the mail, now that the message is kept; where that fails, the clock sends it."""
    try:
        tasks.mail_requests.delay()
    except (OperationalError, DatabaseError) as error:
        log.warning("A contact request is left to the clock to mail: %s", type(error).__name__)


def _refuse(request: HttpRequest, form: ContactForm, limit: Any) -> HttpResponse:
    is_hourly = limit.get_expiry() <= 3600
    when = "in an hour" if is_hourly else "tomorrow"
    message = TOO_MANY.format(limit=limit.amount, when=when)
    response = _show_form(request, form, message, status=429)
    response["Retry-After"] = str(limit.get_expiry())
    return response


def _show_form(
    request: HttpRequest, form: ContactForm, problem: str = "", status: int = 200
) -> HttpResponse:
    about = canonical_code(str(form["about"].value() or ""))
    context = {
        "form": form,
        "problem": problem,
        "about_code": Code.objects.listed().filter(code=about).first() if about else None,
        "panel": read_entry("call_to_action", "default", today()),
        "seal": seal(timezone.now()),
        "trap": TRAP,
    }
    response = show(request, "contact", context | _kept_for(), status=status)
    response["Cache-Control"] = NOT_KEPT  # a seal belongs to one form
    return response


@require_safe
def contact_thanks(request: HttpRequest) -> HttpResponse:
    return show(request, "contact_thanks", _kept_for())


@require_safe
def estimate(request: HttpRequest) -> HttpResponse:
    """The visitor's own figures, multiplied. The address holds them; nothing is kept."""
    form = EstimateForm(request.GET)
    is_asked = any(form.typed.values())
    wrong = [errors[0] for errors in form.errors.values()] if is_asked else []
    found = form.estimate() if is_asked and not wrong else None
    context = {"form": form, "wrong": wrong, "found": found}
    return show(request, "estimate", context, status=400 if wrong else 200)


@require_safe
def about_privacy(request: HttpRequest) -> HttpResponse:
    context = {"counts_months": MONTHS_KEPT, "limits": LIMITS}
    return show(request, "about_privacy", context | _kept_for())


def _kept_for() -> dict[str, int]:
    """For how many days a message is kept, as the pages say it."""
    return {
        "keep_days": settings.CONTACT_KEEP_DAYS,
        "longest_days": LONGEST_DAYS,
        "spam_days": SPAM_DAYS,
    }
