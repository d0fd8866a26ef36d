"""What the admin's modules share: the frame of their pages, who may write, what nobody may."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from guidance import actions, models
from guidance.workflow import WRITABLE, writes

# Where a page stands under /admin/guidance/guidance/, what answers, and its name (guidance_…).
Page = tuple[str, Callable[..., HttpResponse], str]


def never(*_: Any, **__: Any) -> bool:
    """A permission that nobody has."""
    return False


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only actions write."""

    has_add_permission = has_change_permission = has_delete_permission = never
    show_full_result_count = False
    actions = None


def show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page of templates/admin/guidance/, within the admin's frame."""
    frame = admin.site.each_context(request) | {"opts": models.Guidance._meta}
    return TemplateResponse(request, f"admin/guidance/{template}.html", frame | context)


def roles_in(request: HttpRequest) -> frozenset[str]:
    """The roles of the account that asks, looked up once a request."""
    if not hasattr(request, "roles"):
        request.roles = actions.roles_of(request.user)  # type: ignore[attr-defined]
    roles: frozenset[str] = request.roles  # type: ignore[attr-defined]
    return roles


def may_write(request: HttpRequest, revision: models.Revision | None = None) -> bool:
    """Whether the account may write, and in this revision now."""
    if not request.user.is_staff or not writes(roles_in(request)):
        return False
    return revision is None or revision.status in WRITABLE


def for_roles(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page for accounts with any role: drafts are theirs to read, and nobody else's."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not roles_in(request):
            raise PermissionDenied("Drafts are for staff with a role.")
        return view(request, *args, **named)

    return guarded
