"""Vocabularies and published guidance: for reading, but for the call to action."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import URLField
from django.http import HttpRequest

from codes.calendar import today
from guidance import models
from guidance.actions import save_call_to_action


def never(*_: Any, **__: Any) -> bool:
    return False


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only actions write."""

    has_add_permission = has_change_permission = has_delete_permission = never
    show_full_result_count = False
    actions = None


class LinesField(forms.CharField):
    """A list of texts, written one to a line."""

    widget = forms.Textarea

    def prepare_value(self, value: list[str] | str | None) -> str:
        return "\n".join(value) if isinstance(value, list) else value or ""

    def clean(self, value: str) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class CallToActionForm(forms.ModelForm):
    # The panel is on every code's page: what is written here is sent with each of them.
    text = forms.CharField(widget=forms.Textarea, max_length=2_000)
    points = LinesField(required=False, max_length=2_000, help_text="One to a line.")

    class Meta:
        model = models.CallToAction
        fields = ["title", "text", "button", "points", "email", "phone"]


@admin.register(models.CallToAction)
class CallToActionAdmin(admin.ModelAdmin):
    """The panel on every code's page. Saving it publishes it."""

    form = CallToActionForm
    list_display = ["title", "email", "phone"]
    actions = None
    has_delete_permission = never

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.model.objects.exists()

    def save_model(self, request: HttpRequest, obj: models.CallToAction, form, change) -> None:
        save_call_to_action(panel=obj, on=today())


@admin.register(models.PublishedGuidance)
class PublishedGuidanceAdmin(ReadOnlyAdmin):
    list_display = ["scope", "key", "number", "valid_from", "reviewed_on"]
    list_display_links = ["key"]
    list_filter = ["scope"]
    search_fields = ["key"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).defer("content")


@admin.register(models.Source)
class SourceAdmin(ReadOnlyAdmin):
    list_display = ["slug", "issuer", "document", "title", "version", "effective_from"]
    list_filter = ["kind"]
    search_fields = ["slug", "document", "title"]
    formfield_overrides = {URLField: {"assume_scheme": "https"}}


@admin.register(models.Specialty)
class SpecialtyAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug", "cms_code"]
    search_fields = ["name", "slug"]


@admin.register(models.DenialCategory)
class DenialCategoryAdmin(ReadOnlyAdmin):
    list_display = ["key", "title", "remedy", "deadline"]
    search_fields = ["key", "title"]


@admin.register(models.CptReference)
class CptReferenceAdmin(ReadOnlyAdmin):
    list_display = ["number", "label", "group"]
    search_fields = ["number", "label"]
