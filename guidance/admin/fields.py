"""Fields of the revision form that take words where the tables keep keys and JSON."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Model, Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from codes.models import Code
from guidance import models
from guidance.content import LISTS

# What a field may name: the table, and where words are looked for beside the name of a row.
VOCABULARIES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "source": (models.Source, ("issuer", "document", "title")),
    "category": (models.DenialCategory, ("title",)),
    "cpt": (models.CptReference, ("label",)),
    "code": (Code, ("versions__short",)),
    "specialty": (models.Specialty, ("name",)),
}
NAMED_BY = models.NAMED_BY | {Code: "code"}


def suggestions(vocabulary: str, words: str) -> QuerySet:
    """The rows that have every one of these words, by name."""
    model, columns = VOCABULARIES[vocabulary]
    name = NAMED_BY[model]
    found = model.objects.order_by(name)
    for word in words.split():
        anywhere = Q()
        for column in (name, *columns):
            anywhere |= Q(**{f"{column}__icontains": word})
        found = found.filter(anywhere)
    return found.distinct()


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class NameInput(forms.TextInput):
    """The name of a row of a vocabulary; a script suggests names as one types."""

    def __init__(self, vocabulary: str, attrs: dict | None = None) -> None:
        given = {
            "class": "vTextField",
            "list": f"suggest-{vocabulary}",
            "data-suggest": vocabulary,
            "autocomplete": "off",
        }
        super().__init__(given | (attrs or {}))
        self.labels: dict[str, str] = {}

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = self.labels.get(str(value), "")
        box = super().render(name, value, attrs, renderer)
        return format_html('{} <span class="chosen">{}</span>', box, chosen)


class NameField(forms.CharField):
    """One row of a vocabulary, by its name. `known` holds the rows by name: whoever shows a list
    of such fields fills it once for all of them."""

    def __init__(self, vocabulary: str, **options: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(widget=NameInput(vocabulary), **options)
        self.know({})

    def know(self, known: dict[str, Any]) -> None:
        self.known = known
        self.widget.labels = {name: str(row) for name, row in known.items()}

    def prepare_value(self, value: Any) -> Any:
        return name_of(self.vocabulary, value) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        if not name:
            return None
        if row := self.known.get(name) or self.known.get(name.upper()):
            return row
        raise forms.ValidationError(f"There is no {_called(self.vocabulary)} {name}. {CHOOSE}")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "").strip()


class NamesField(forms.CharField):
    """Several rows of a vocabulary, by name, with commas between them."""

    def __init__(self, vocabulary: str, **options: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(widget=NameInput(vocabulary, {"data-many": "true"}), **options)
        self.know([])

    def know(self, rows: Iterable[Any]) -> None:
        """Rows that need not be looked up."""
        self.known = {name_of(self.vocabulary, row): row for row in rows}

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return ", ".join(name_of(self.vocabulary, row) for row in value)

    def clean(self, value: Any) -> list[Any]:
        names = split_names(super().clean(value))
        known = self.known | rows_named(self.vocabulary, set(names) - self.known.keys())
        if missing := [name for name in names if name not in known]:
            raise forms.ValidationError(
                f"There is no {_called(self.vocabulary)} {', '.join(missing)}. {CHOOSE}"
            )
        return [known[name] for name in names]

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = split_names(self.prepare_value(initial) or "")
        return sorted(before) != sorted(split_names(data or ""))


class WordsField(forms.CharField):
    """A list of short words, with commas or spaces between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return split_names((super().clean(value) or "").replace(" ", ","))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != split_names((data or "").replace(" ", ","))


class SuppressField(forms.CharField):
    """Inherited rows that do not apply, one to a line: "denials: CO-16", "topics: documentation"."""

    widget = AdminTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{topic}: {key}" for topic in SUPPRESSED for key in value.get(topic, ()))

    def clean(self, value: Any) -> dict[str, list[str]]:
        suppressed: dict[str, list[str]] = {}
        for line in super().clean(value).splitlines():
            topic, _, key = (part.strip() for part in line.partition(":"))
            if not line.strip():
                continue
            if topic not in SUPPRESSED or not key:
                raise forms.ValidationError(
                    f"“{line[:80]}” is not understood. Write one to a line, such as "
                    "“denials: CO-16”, or “topics: documentation” for a whole topic."
                )
            suppressed.setdefault(topic, []).append(key)
        return suppressed


SUPPRESSED = (*LISTS, "topics")
CHOOSE = "Type a word of its name and choose from the list."


def name_of(vocabulary: str, row: Any) -> str:
    name: str = getattr(row, NAMED_BY[VOCABULARIES[vocabulary][0]])
    return name


def rows_named(vocabulary: str, names: Iterable[str]) -> dict[str, Any]:
    """The rows by name, in one query."""
    model, _ = VOCABULARIES[vocabulary]
    wanted = {name for name in names if "\0" not in name}  # PostgreSQL cannot be asked for these
    return model.objects.in_bulk(wanted, field_name=NAMED_BY[model]) if wanted else {}


def split_names(text: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _called(vocabulary: str) -> str:
    named: str = VOCABULARIES[vocabulary][0]._meta.verbose_name
    return named
