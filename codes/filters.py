"""What the parameters of a list of codes mean, for the page and for REST alike."""

from datetime import date

from django import forms
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet, ModelChoiceFilter

from codes.calendar import today
from codes.models import CodeVersion, Entry, Family, Section, Trait
from codes.search import Found, counts, find

LONGEST_QUERY = 200
FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2099, 12, 31)
WRITTEN = ["%Y-%m-%d", "%m/%d/%Y"]
NOT_A_DATE = "Write the date of service as year-month-day, such as 2024-05-01."
OUT_OF_RANGE = "Ask for a date of service between 1980 and 2099."
FACETS = ("section", "family", "status", "trait", "specialty", "denial")
STATUSES = [("active", "In use"), ("ended", "Ended"), ("future", "Not yet in use")]


def within_range(on: date) -> None:
    """Refuse dates that no claim can bear."""
    if not FIRST_DAY <= on <= LAST_DAY:
        raise forms.ValidationError(OUT_OF_RANGE)


class DateOfServiceForm(forms.Form):
    """The date that a page is to speak for; without one it speaks for today."""

    as_of = forms.DateField(
        required=False,
        input_formats=WRITTEN,
        validators=[within_range],
        error_messages={"invalid": NOT_A_DATE},
    )


def _stored(kind: str):
    return Entry.objects.filter(kind=kind).defer("facts").order_by("title")


def _unknown(what: str) -> dict[str, str]:
    return {"invalid_choice": f"There is no such {what}. Choose one from the list."}


class CodeFilter(FilterSet):
    """Versions of codes as they read on `as_of`; without that date, today.

    Traits, specialties and denial categories are those of today's entries whatever the date: what
    the guidance of another day says is composed only where one entry is asked for.
    Invalid parameters are in `errors`; `qs` is then empty.
    """

    q = CharFilter(
        label="Code or words",
        method="containing",
        max_length=LONGEST_QUERY,
        error_messages={"max_length": f"Search for {LONGEST_QUERY} characters at most."},
    )
    section = ModelChoiceFilter(
        label="Section",
        queryset=Section.objects.all(),
        field_name="code__section",
        to_field_name="letter",
        empty_label="All sections",
        error_messages=_unknown("section"),
    )
    family = ModelChoiceFilter(
        label="Family",
        queryset=Family.objects.order_by("section", "title"),
        field_name="code__family",
        to_field_name="slug",
        empty_label="All families",
        error_messages=_unknown("family"),
    )
    status = ChoiceFilter(
        label="Status",
        method="with_status",
        choices=STATUSES,
        empty_label="Any status",
        error_messages=_unknown("status"),
    )
    trait = ModelChoiceFilter(
        label="Trait",
        method="found_under",
        queryset=Trait.objects.order_by("title"),
        to_field_name="slug",
        empty_label="All traits",
        error_messages=_unknown("trait"),
    )
    specialty = ModelChoiceFilter(
        label="Specialty",
        method="found_under",
        queryset=_stored("specialty"),
        to_field_name="key",
        empty_label="All specialties",
        error_messages=_unknown("specialty"),
    )
    denial = ModelChoiceFilter(
        label="Denial category",
        method="found_under",
        queryset=_stored("denial_category"),
        to_field_name="key",
        empty_label="All denial categories",
        error_messages=_unknown("denial category"),
    )
    as_of = DateFilter(
        label="Date of service",
        method="on_date",
        input_formats=WRITTEN,
        validators=[within_range],
        error_messages={"invalid": NOT_A_DATE},
    )

    class Meta:
        model = CodeVersion
        fields: list[str] = []

    found: Found | None = None  # what the words mean, once `qs` is read

    @property
    def on(self) -> date:
        """The date that the list speaks for."""
        given = self.form.cleaned_data.get("as_of") if self.is_valid() else None
        return given or today()

    @property
    def words_found_nothing(self) -> bool:
        """Whether the words alone, before any other filter, mean nothing. Once `qs` is read."""
        return self.found is not None and not (self.found.codes or self.found.modifiers)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many codes each value of each facet would leave: `{facet: {value: count}}`."""
        if not self.is_valid():
            return {}
        chosen = {name: self.form[name].value() for name in FACETS}
        chosen = {name: value for name, value in chosen.items() if value}
        self.qs  # noqa: B018  the words are read with it
        return counts(self.found.codes if self.found else None, chosen, self.on)

    def filter_queryset(self, queryset):
        if not self.is_valid():
            return queryset.none()
        return super().filter_queryset(queryset.read_on(self.on)).order_by("code__code")

    def codes(self):
        """The codes found: the most relevant first after a search, else in their own order."""
        found = self.qs.values_list("code__code", flat=True)
        if self.found is None:
            return found
        place = {code: position for position, code in enumerate(self.found.codes)}
        return sorted(found, key=place.__getitem__)

    def containing(self, queryset, name: str, text: str):
        self.found = find(text, self.on)
        return queryset.filter(code__code__in=self.found.codes)

    def with_status(self, queryset, name: str, status: str):
        return getattr(queryset, status)(self.on)

    def found_under(self, queryset, name: str, subject):
        kind, slug = _facet(subject)
        under = Entry.objects.under(kind, slug).values("key")
        return queryset.filter(code__code__in=under)

    def on_date(self, queryset, name: str, on: date):
        """Nothing more to filter: `filter_queryset` has asked for this date."""
        return queryset


def _facet(subject: Trait | Entry) -> tuple[str, str]:
    if isinstance(subject, Trait):
        return Entry.Kind.TRAIT, subject.slug
    return Entry.Kind(subject.kind), subject.key
