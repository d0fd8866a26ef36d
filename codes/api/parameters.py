"""Query parameters: each is known, given once and right, or the request is refused."""

from collections.abc import Mapping
from difflib import get_close_matches

from django import forms
from django.http import QueryDict

from codes.api.problems import BadParameters
from codes.filters import LONGEST_QUERY

MOST_ROWS = 500
FEW = 12  # valid values are all named when there are no more than these


class PagingForm(forms.Form):
    """Which part of a list is asked for."""

    limit = forms.IntegerField(required=False, min_value=1, max_value=MOST_ROWS)
    offset = forms.IntegerField(required=False, min_value=0, max_value=1_000_000)


class QuestionForm(forms.Form):
    """What the questions are searched for."""

    q = forms.CharField(required=False, max_length=LONGEST_QUERY)


def check(given: QueryDict, *readers: forms.Form) -> None:
    """Raises BadParameters, naming every parameter that no reader takes, or takes amiss."""
    fields = {name: field for form in readers for name, field in form.fields.items()}
    errors = {name: [_unknown(name, fields)] for name in given if name not in fields}
    errors |= {
        name: ["Give it once."] for name in given if name in fields and len(given.getlist(name)) > 1
    }
    for form in readers:
        for name in form.errors:
            errors.setdefault(name, _wrong(form, name, given.get(name, "")))
    if errors:
        raise BadParameters(errors)


def _unknown(name: str, fields: Mapping[str, forms.Field]) -> str:
    return " ".join(["There is no such parameter.", _suggestion(name, list(fields))]).strip()


def _wrong(form: forms.Form, name: str, value: str) -> list[str]:
    """What the form says, and the nearest value that it would take."""
    choices = getattr(form.fields[name], "choices", ())
    valid = [text for text in (str(choice) for choice, _ in choices) if text]
    return [*form.errors[name], *filter(None, [_suggestion(value, valid)])]


def _suggestion(text: str, valid: list[str]) -> str:
    """The nearest of the valid texts; all of them when they are few; else nothing."""
    by_folded = {one.casefold(): one for one in valid}
    near = get_close_matches(text.casefold()[:100], by_folded, n=1)
    if near:
        return f"Did you mean {by_folded[near[0]]}?"
    return f"Valid: {', '.join(valid)}." if 0 < len(valid) <= FEW else ""
