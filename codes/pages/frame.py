"""What every page carries: the newest release, the date it speaks for, how long it may be kept."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from codes.calendar import today
from codes.filters import DateOfServiceForm
from codes.models import Entry, Release

# A publish is to be seen everywhere within a minute.
KEPT = "public, max-age=60, s-maxage=60, stale-while-revalidate=60"
KEPT_BY_READER = "private, max-age=60"
NOT_KEPT = "no-store"


def show(
    request: HttpRequest,
    template: str,
    context: dict,
    *,
    made_of: Iterable[Entry | None] = (),
    as_of: date | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a template in templates/pages/.

    `made_of` are the entries that the page shows: a page of today's entries has an ETag, and
    answers 304 to a reader who holds it. `as_of` is the date of service that was asked for.
    """
    now = today()
    frame = {"release": Release.objects.newest(), "on": as_of or now, "today": now, "as_of": as_of}
    etag = None if as_of else _etag(request, made_of, frame["release"], now)
    response = get_conditional_response(request, etag) if etag else None
    if response is None:
        response = render(request, f"pages/{template}.html", frame | context, status=status)
    if etag:
        response["ETag"] = etag
    response["Cache-Control"] = _kept(as_of, response.status_code)
    return response


def for_date_of_service(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view `as_of`, the date of service asked for; a bad one gets an explanation."""

    @require_safe
    @wraps(view)
    def dated(request: HttpRequest, **parts) -> HttpResponse:
        form = DateOfServiceForm(request.GET)
        if not form.is_valid():
            return show(request, "bad_date", {"errors": form.errors["as_of"]}, status=400)
        return view(request, as_of=form.cleaned_data["as_of"], **parts)

    return dated


def kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, to be read only, whose answers may be kept as long as a page's."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = KEPT
        return response

    return answer


def missing(request: HttpRequest, message: str) -> HttpResponse:
    """The 404 page that says what there is not."""
    return show(request, "missing", {"message": message}, status=404)


def no_such_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 404 of an address that matches nothing."""
    return missing(
        request, "The address may be mistyped. Search above, or start from the home page."
    )


def _kept(as_of: date | None, status: int) -> str:
    if status not in (200, 304):
        return NOT_KEPT
    return KEPT_BY_READER if as_of else KEPT


def _etag(
    request: HttpRequest, made_of: Iterable[Entry | None], release: Release | None, now: date
) -> str | None:
    digests = [entry.digest for entry in made_of if entry]
    if not digests:
        return None
    parts = [*digests, release.sha256 if release else "", now.isoformat(), _build()]
    parts += [request.scheme, request.get_host()]  # a page names its own address
    return f'"{hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]}"'


@cache
def _build() -> str:
    """A digest of our templates and styles, since a page also reads differently when they do."""
    digest = hashlib.sha256()
    for folder in (settings.BASE_DIR / "templates", settings.BASE_DIR / "static"):
        for path in sorted(Path(folder).rglob("*.*")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
