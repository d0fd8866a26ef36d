"""The staff's view of what CMS says: releases come in here, all else is for reading.

A release is uploaded as a draft, compared with the one before it, then published or discarded.
"""

from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from codes import models, tasks
from codes.actions import (
    Comparison,
    ReleaseRefused,
    compare_release,
    discard_release,
    upload_release,
)
from codes.actions.release import ALLOWED_SHRINKAGE
from codes.importer.records import BadFile
from codes.models import Release

SHOWN = 100  # rows of a list of differences
MEGABYTE = 1024 * 1024
LARGEST_FILE = 48 * MEGABYTE  # a release has less than 20, zipped a few


def never(*_: Any, **__: Any) -> bool:
    return False


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only actions write."""

    has_add_permission = has_change_permission = has_delete_permission = never
    show_full_result_count = False
    actions = None


class UploadForm(forms.Form):
    """A CMS file, and its quarter where neither its name nor its content tells."""

    file = forms.FileField(
        max_length=200, help_text="The zip as CMS publishes it, or the xlsx, csv or txt in it."
    )
    quarter = forms.DateField(
        required=False,
        input_formats=["%Y-%m"],
        help_text="Such as 2025-10; only for a file that does not say it itself.",
        error_messages={"invalid": "Write the quarter as its year and first month: 2025-10."},
    )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                f"{file.name} has {file.size / MEGABYTE:.0f} MB; a release has at most "
                f"{LARGEST_FILE // MEGABYTE}. Choose the file that CMS publishes."
            )
        return file

    def clean_quarter(self) -> date | None:
        quarter = self.cleaned_data["quarter"]
        if quarter and quarter.month not in (1, 4, 7, 10):
            raise forms.ValidationError("A quarter begins in month 01, 04, 07 or 10.")
        return quarter


class PublishForm(forms.Form):
    """What must be said before a release goes public."""

    accept_missing = forms.CharField(
        label="Why so many codes are missing",
        max_length=300,
        required=False,
        help_text="More than 1 % of the codes of the release before are not in this file.",
    )

    def __init__(self, *args, comparison: Comparison) -> None:
        super().__init__(*args)
        if comparison.shrinkage > ALLOWED_SHRINKAGE:
            self.fields["accept_missing"].required = True
        else:
            del self.fields["accept_missing"]


@admin.register(Release)
class ReleaseAdmin(admin.ModelAdmin):
    """Upload, see the difference, publish or discard."""

    list_display = ["title", "status", "is_excerpt", "code_count", "modifier_count", "published_at"]
    list_filter = ["status"]
    search_fields = ["file_name", "label"]
    show_full_result_count = False
    actions = None
    has_delete_permission = never  # a draft is discarded, a published release stays

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).defer("records")

    def get_urls(self) -> list:
        guarded = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/publish/",
                guarded(require_POST(self.publish_view)),
                name="codes_release_publish",
            ),
            path(
                "<int:pk>/discard/",
                guarded(require_POST(self.discard_view)),
                name="codes_release_discard",
            ),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url="", extra_context=None) -> HttpResponse:
        """The upload: a file that is no release is refused at its field, and nothing is kept."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        release = self._upload(form) if form.is_valid() else None
        if release is None:
            return self._show(request, "upload", {"title": "Upload a release", "form": form})
        if release.status == Release.Status.PUBLISHED:
            messages.info(request, f"{release.title}: this file is published already.")
        self.log_addition(request, release, "Uploaded")
        return self._to(release)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url="", extra_context=None
    ) -> HttpResponse:
        """The release and, while it is a draft, what publishing it would change."""
        release = self.get_object(request, object_id)
        if release is None:
            raise Http404(f"There is no release {object_id}.")
        if not self.has_view_permission(request, release):
            raise PermissionDenied
        return self._show_release(request, release)

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give the draft to the task that publishes it."""
        release = self._find(request, pk, "change")
        if release.status != Release.Status.DRAFT:
            return self._refuse_published(request, release)
        form = PublishForm(request.POST, comparison=compare_release(release=release))
        if not form.is_valid():
            return self._show_release(request, release, form)
        self.log_change(request, release, "Published")
        reason = form.cleaned_data.get("accept_missing", "")
        transaction.on_commit(partial(self._enqueue, request, release, reason))
        return self._to(release)

    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Forget the draft."""
        release = self._find(request, pk, "delete")
        if release.status != Release.Status.DRAFT:
            return self._refuse_published(request, release)
        self.log_change(request, release, "Discarded")
        discard_release(release=release)
        messages.success(request, f"{release} is discarded; nothing else has changed.")
        return redirect("admin:codes_release_changelist")

    def _upload(self, form: UploadForm) -> Release | None:
        file = form.cleaned_data["file"]
        try:
            return upload_release(
                name=file.name, content=file.read(), quarter=form.cleaned_data["quarter"]
            )
        except BadFile as error:
            form.add_error("file", str(error))
            return None

    def _find(self, request: HttpRequest, pk: int, permission: str) -> Release:
        """The release, for someone who may do this to it."""
        if not request.user.has_perm(f"codes.{permission}_release"):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def _refuse_published(self, request: HttpRequest, release: Release) -> HttpResponse:
        messages.info(request, f"{release.title} is published already; nothing has changed.")
        return self._to(release)

    def _enqueue(self, request: HttpRequest, release: Release, reason: str) -> None:
        """Start the task and say what came of it; without Redis it is done when this returns."""
        try:
            tasks.publish_release.delay(release_id=release.pk, accept_missing=reason)
        except ReleaseRefused as error:
            messages.error(request, str(error))
        except OperationalError:
            messages.error(
                request,
                f"{release.title} is not published: the task queue cannot be reached. Start Redis "
                "and publish again, or use the command import_release.",
            )
        else:
            self._report(request, release)

    def _report(self, request: HttpRequest, release: Release) -> None:
        release.refresh_from_db(fields=["status"])
        if release.status == Release.Status.PUBLISHED:
            messages.success(request, f"{release.title} is published.")
        else:
            messages.info(
                request, f"{release.title} is being published. Load this page again in a minute."
            )

    def _show_release(
        self, request: HttpRequest, release: Release, form: PublishForm | None = None
    ) -> HttpResponse:
        context = {"title": str(release), "release": release}
        if release.status == Release.Status.DRAFT:
            comparison = compare_release(release=release)
            context |= {
                "comparison": comparison,
                "lists": difference_lists(comparison),
                "form": form or PublishForm(comparison=comparison),
                "may_publish": request.user.has_perm("codes.change_release"),
                "may_discard": request.user.has_perm("codes.delete_release"),
            }
        return self._show(request, "difference", context)

    def _show(self, request: HttpRequest, template: str, context: dict) -> HttpResponse:
        frame = self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, f"admin/codes/release/{template}.html", frame | context)

    def _to(self, release: Release) -> HttpResponse:
        return redirect(reverse("admin:codes_release_change", args=[release.pk]))


def difference_lists(comparison: Comparison) -> list[dict]:
    """`{title, headings, count, rows, more}` of each kind of difference; `rows` are the first."""
    of = comparison.difference
    added = [(record.code, record.short, record.added or "") for record in of.added]
    ended = [(record.code, record.short, record.terminated) for record in of.ended]
    missing = [(record.code, record.short) for record in of.missing]
    changed = [(change.code, change.field, change.before, change.after) for change in of.changed]
    return [
        _cut("Missing, without an end", ("Code", "Short description"), missing),
        _cut("Newly ended", ("Code", "Short description", "Last day"), ended),
        _cut("Added", ("Code", "Short description", "First day"), added),
        _cut("Changed", ("Code", "Field", "Before", "After"), changed),
    ]


def _cut(title: str, headings: tuple[str, ...], rows: list[tuple]) -> dict:
    return {
        "title": title,
        "headings": headings,
        "count": len(rows),
        "rows": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
    }


@admin.register(models.Section)
class SectionAdmin(ReadOnlyAdmin):
    list_display = ["letter", "title"]
    search_fields = ["letter", "title"]


@admin.register(models.Family)
class FamilyAdmin(ReadOnlyAdmin):
    list_display = ["slug", "title", "section", "ranges"]
    list_select_related = ["section"]
    search_fields = ["slug", "title"]


@admin.register(models.Trait)
class TraitAdmin(ReadOnlyAdmin):
    list_display = ["slug", "title", "rank", "rule"]
    search_fields = ["slug", "title"]


@admin.register(models.Code)
class CodeAdmin(ReadOnlyAdmin):
    list_display = ["code", "section", "family", "last_release"]
    list_select_related = ["section", "family", "last_release"]
    search_fields = ["code", "family__title", "versions__short"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).defer("last_release__records")


@admin.register(models.Modifier)
class ModifierAdmin(ReadOnlyAdmin):
    list_display = ["code", "last_release"]
    list_select_related = ["last_release"]
    search_fields = ["code", "versions__short"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).defer("last_release__records")


@admin.register(models.CodeChange)
class CodeChangeAdmin(ReadOnlyAdmin):
    list_display = ["release", "code", "kind", "field"]
    list_select_related = ["release", "code"]
    list_filter = ["kind"]
    search_fields = ["code__code"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).defer("release__records")


@admin.register(models.CodeRelation)
class CodeRelationAdmin(ReadOnlyAdmin):
    list_display = ["code", "kind", "other", "from_date", "source"]
    list_select_related = ["code", "other"]
    list_filter = ["kind"]
    search_fields = ["code__code", "other__code"]


@admin.register(models.Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["kind", "key", "title", "until"]
    list_display_links = ["key"]
    list_filter = ["kind"]
    search_fields = ["key", "title"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).defer("facts")


@admin.register(models.EntryChange)
class EntryChangeAdmin(ReadOnlyAdmin):
    list_display = ["number", "entry_kind", "entry_key", "kind", "publication"]
    list_select_related = ["publication"]
    list_filter = ["kind", "entry_kind"]
    search_fields = ["entry_key"]
