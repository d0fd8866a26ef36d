"""Pages about the portal itself."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from codes.models import Correction
from codes.pages.frame import kept, show

CORRECTIONS_A_PAGE = 50


@require_safe
def about_data(request: HttpRequest) -> HttpResponse:
    return show(request, "about_data", {})


@require_safe
def about_terms(request: HttpRequest) -> HttpResponse:
    return show(request, "about_terms", {})


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    page = Paginator(Correction.objects.all(), CORRECTIONS_A_PAGE)
    return show(request, "about_corrections", {"page": page.get_page(request.GET.get("page"))})


@kept
def robots(request: HttpRequest) -> HttpResponse:
    return _plain(request, "robots.txt")


@kept
def llms(request: HttpRequest) -> HttpResponse:
    return _plain(request, "llms.txt")


def _plain(request: HttpRequest, template: str) -> HttpResponse:
    context = {"origin": f"{request.scheme}://{request.get_host()}"}
    return render(request, template, context, content_type="text/plain; charset=utf-8")
