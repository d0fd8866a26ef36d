"""The frame of the workbench's own pages, and how such a page is named."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from guidance import models

# Where a page stands under /admin/guidance/guidance/, what answers, and its name (guidance_…).
Page = tuple[str, Callable[..., HttpResponse], str]


def show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page of templates/admin/guidance/, within the admin's frame."""
    frame = admin.site.each_context(request) | {"opts": models.Guidance._meta}
    return TemplateResponse(request, f"admin/guidance/{template}.html", frame | context)
