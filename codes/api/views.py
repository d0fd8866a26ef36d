"""REST, read-only and open to all: codes, the entries they are sorted into, questions.

A list is found rows in an envelope; an entry is the stored document, byte for byte.
"""

from collections.abc import Callable, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from codes.api.documentation import (
    CODE_LIST,
    CODE_RETRIEVE,
    FAQ_LIST,
    INDEX,
    documented,
)
from codes.api.paging import Envelope
from codes.api.parameters import PagingForm, QuestionForm, check
from codes.api.problems import UnknownAddress, UnknownCode, UnknownKey
from codes.api.serializers import CodeRow, EntryRow, FaqRow
from codes.api.standing import NOTICE, Standing, read_standing
from codes.calendar import today
from codes.converters import canonical_code
from codes.counting import count, count_search
from codes.filters import CodeFilter, DateOfServiceForm
from codes.lookup import explain, in_order
from codes.models import CodeVersion, Entry, EntryFaq, MonthlyCount
from codes.publication import read_entry

# A publish is to be seen everywhere within a minute; a date's answer is kept by its reader alone.
KEPT = "public, max-age=60, s-maxage=60, stale-while-revalidate=60"
KEPT_BY_READER = "private, max-age=60"
NOT_KEPT = "no-store"


class Public:
    """What all views share: they only read, and every answer says where the portal stands."""

    http_method_names = ["get", "head"]
    as_of: date | None = None

    @property
    def on(self) -> date:
        """The date of service that the answer speaks for."""
        return self.as_of or today()

    @cached_property
    def standing(self) -> Standing:
        return read_standing(self.on, today())

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.standing.headers().items():
            response[name] = value
        response["Cache-Control"] = self._kept(response.status_code)
        return response

    def read_date(self, request) -> None:
        """Take `as_of` from the request; it takes no other parameter."""
        form = DateOfServiceForm(request.query_params)
        check(request.query_params, form)
        self.as_of = form.cleaned_data["as_of"]

    def answer_entry(self, request, entry: Entry) -> HttpResponse:
        """The entry's document as it is stored; 304 to a reader who holds it."""
        etag = f'"{entry.digest}"'
        response = HttpResponse(entry.document, content_type="application/json")
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response)

    def _kept(self, status: int) -> str:
        if status >= 400:
            return NOT_KEPT
        return KEPT_BY_READER if self.as_of else KEPT


class Index(Public, APIView):
    """The addresses of this interface."""

    @extend_schema(**INDEX)
    def get(self, request):
        check(request.query_params)
        addresses = {
            name: reverse(f"api:{route}", request=request) for name, route in ADDRESSES.items()
        }
        return Response(addresses | {"notice": NOTICE})


class Schema(Public, SpectacularJSONAPIView):
    """This interface in OpenAPI 3.1."""

    schema = None

    def get(self, request, *args, **kwargs):
        check(request.query_params)
        return super().get(request, *args, **kwargs)


class UnknownView(Public, APIView):
    """Any other address below this interface's."""

    schema = None

    def get(self, request):
        raise UnknownAddress


class PublicViewSet(Public, GenericViewSet):
    """A list in parts, and the entries it leads to."""

    pagination_class = Envelope

    def answer_rows(self, found: Sequence | QuerySet, read: Callable = list) -> Response:
        """The part of `found` that was asked for, in its envelope; `read` makes rows of it."""
        page = read(self.paginate_queryset(found))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class CodeViewSet(PublicViewSet):
    """HCPCS Level II codes."""

    queryset = CodeVersion.objects.all()
    serializer_class = CodeRow
    lookup_field = "code"

    @extend_schema(**CODE_LIST)
    def list(self, request):
        codes = CodeFilter(request.query_params)
        check(request.query_params, codes.form, PagingForm(request.query_params))
        self.as_of = codes.form.cleaned_data["as_of"]
        answer = self.answer_rows(codes.codes(), lambda page: in_order(codes.qs, page))
        if codes.words_found_nothing:
            count_search(request, codes.form.cleaned_data["q"], today())
        return answer

    @extend_schema(**CODE_RETRIEVE)
    def retrieve(self, request, code: str):
        self.read_date(request)
        right = canonical_code(code)
        if right and right != code:
            return self._moved(request, right)
        entry = read_entry(Entry.Kind.CODE, code, self.on) if right else None
        if entry is None:
            raise UnknownCode(explain(code, self.on))
        count(request, MonthlyCount.Kind.API, code, today())
        return self.answer_entry(request, entry)

    def _moved(self, request, code: str) -> HttpResponse:
        query = request.query_params.urlencode()
        address = reverse("api:code-detail", args=[code])
        return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


class EntryViewSet(PublicViewSet):
    """Entries of one kind that is not codes."""

    kind: Entry.Kind
    queryset = Entry.objects.defer("facts")
    serializer_class = EntryRow
    lookup_field = "key"

    def list(self, request):
        check(request.query_params, PagingForm(request.query_params))
        found = self.get_queryset().filter(kind=self.kind).order_by("key")
        return self.answer_rows(found)

    def retrieve(self, request, key: str):
        self.read_date(request)
        entry = read_entry(self.kind, key, self.on)
        if entry is None:
            raise UnknownKey(self.kind.label, key, _nearest(self.kind, key))
        return self.answer_entry(request, entry)


@documented("section", "sections")
class SectionViewSet(EntryViewSet):
    kind = Entry.Kind.SECTION


@documented("family", "families")
class FamilyViewSet(EntryViewSet):
    kind = Entry.Kind.FAMILY


@documented("trait", "traits")
class TraitViewSet(EntryViewSet):
    kind = Entry.Kind.TRAIT


@documented("specialty", "specialties")
class SpecialtyViewSet(EntryViewSet):
    kind = Entry.Kind.SPECIALTY


@documented("denial category", "denial categories")
class DenialCategoryViewSet(EntryViewSet):
    kind = Entry.Kind.DENIAL_CATEGORY


class FaqViewSet(PublicViewSet):
    """Questions that the guidance answers, each with the subject it belongs to."""

    queryset = EntryFaq.objects.select_related("entry").defer("entry__facts")
    serializer_class = FaqRow

    @extend_schema(**FAQ_LIST)
    def list(self, request):
        question = QuestionForm(request.query_params)
        check(request.query_params, question, PagingForm(request.query_params))
        found = self.get_queryset().containing(question.cleaned_data["q"]).order_by("entry", "pk")
        return self.answer_rows(found)


# What the index leads to: the name of each address here.
ADDRESSES = {
    "codes": "code-list",
    "faqs": "faq-list",
    "sections": "section-list",
    "families": "family-list",
    "traits": "trait-list",
    "specialties": "specialty-list",
    "denial-categories": "denial-category-list",
    "schema": "schema",
    "docs": "docs",
}


def _nearest(kind: Entry.Kind, key: str) -> list[str]:
    """The keys of the kind that are most like one that is not there."""
    known = Entry.objects.filter(kind=kind).values_list("key", flat=True)
    by_folded = {one.casefold(): one for one in known}
    near = get_close_matches(key.casefold()[:40], by_folded, n=5)
    return [by_folded[one] for one in near]
