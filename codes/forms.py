"""What visitors send: a message, or figures for an estimate. Errors say what to do, nothing is lost."""

import re
from decimal import Decimal
from email.errors import MessageError
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage

from codes.converters import canonical_code
from codes.estimate import Estimate
from codes.models import Code, ContactRequest

Kind = ContactRequest.Kind

LONGEST_MESSAGE = 5000
LONGEST = {"name": 100, "email": 254, "organisation": 120, "about": 40}
# A date, however it is written, as far as it can follow the words "born" and "date of birth".
_A_DATE = (
    r"(?:\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}"
    r"|\d{1,2}[-/. ][A-Z][a-z]{2,8}[-/., ]+\d{2,4})"
)
# What stands between the parts of a number: a space, a dot, or any of the strokes that word
# processors put there.
_BETWEEN = r"[-‐‑‒–—−. ]"
# What looks like a patient's own: a Social Security number, a Medicare number (as CMS builds them,
# with or without its hyphens), a birthday that is called one.
PATIENTS_OWN = {
    "a Social Security number": re.compile(
        rf"(?<![\d-])\d{{3}}{_BETWEEN}\d{{2}}{_BETWEEN}\d{{4}}(?![\d-])"
        r"|\b(?:ssn|social security(?: number| no)?)\W{0,4}(?:is )?\d{9}\b",
        re.I,
    ),
    "a Medicare number": re.compile(
        r"\b[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[- ]?"
        r"[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[- ]?[AC-HJKMNP-RT-Y]{2}\d\d\b",
        re.I,
    ),
    "a date of birth": re.compile(
        rf"\b(?:d\.?o\.?b\b\.?|(?:date of )?birth ?(?:date|day)?|born)\W{{0,3}}(?:is |on |was )?{_A_DATE}",
        re.I,
    ),
}
REMOVE = (
    "This holds what looks like {what}: “{found}”. Take it out, then send again. Nothing was kept."
)


NO_ADDRESS = "Write the address in full, such as name@example.org."


def one_line(text: str) -> None:
    """Refuse line breaks and other characters that no name has."""
    if not text.isprintable():
        raise ValidationError("Write this on one line, without special characters.")


def fit_for_an_answer(email: str) -> None:
    """Refuse what looks like an address and cannot stand in a mail's header."""
    try:
        EmailMessage(reply_to=[email]).message()
    except (ValueError, MessageError) as error:
        raise ValidationError(NO_ADDRESS) from error


def without_patient(text: str) -> None:
    for what, pattern in PATIENTS_OWN.items():
        if found := pattern.search(text):
            raise ValidationError(REMOVE.format(what=what, found=found[0]))


def _line(label: str, name: str, complete: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST[name],
        validators=[one_line, without_patient],
        error_messages={"max_length": f"Write at most {LONGEST[name]} characters here."},
        widget=forms.TextInput(attrs={"autocomplete": complete}),
        help_text=help_text,
    )


class ContactForm(forms.Form):
    """A message to the people of the portal."""

    kind = forms.ChoiceField(
        label="What is it about?",
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what your message is about.",
            "invalid_choice": "Choose what your message is about from the list.",
        },
    )
    about = _line("HCPCS code", "about", "off", "If it is about one, such as J3490.")
    message = forms.CharField(
        label="Your message",
        max_length=LONGEST_MESSAGE,
        validators=[without_patient],
        error_messages={
            "required": "Write your message.",
            "max_length": "Your message has %(show_value)d characters; "
            f"{LONGEST_MESSAGE:,} is the most. Shorten it.",
        },
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    name = _line("Your name", "name", "name")
    email = forms.EmailField(
        label="Your e-mail address",
        required=False,
        max_length=LONGEST["email"],
        help_text="Only to answer you.",
        validators=[one_line, fit_for_an_answer],
        error_messages={
            "invalid": NO_ADDRESS,
            "max_length": "This address is too long to be one.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    organisation = _line("Organization", "organisation", "organization", "If you like.")

    def clean_about(self) -> str:
        asked = self.cleaned_data["about"]
        code = canonical_code(asked) if asked else ""
        if code is None:
            raise ValidationError("A code is one letter and four digits. Leave it empty for none.")
        if code and not Code.objects.listed().filter(code=code).exists():
            raise ValidationError(f"No release here lists {code}. Mend it, or leave it empty.")
        return code

    def clean(self) -> dict[str, Any]:
        """Whoever wants an answer says who asks; a mistake may be reported without a name."""
        said = super().clean() or {}
        if said.get("kind", Kind.CORRECTION) != Kind.CORRECTION:
            if said.get("name") == "":
                self.add_error("name", "Write your name.")
            if said.get("email") == "":
                self.add_error("email", "Write your e-mail address, so that we can answer.")
        return said


def _figure(label: str, most: int, unit: str, places: int = 2) -> forms.DecimalField:
    wrong = f"{label}: write a number from 0 to {most:,}"
    wrong += f", with {places} decimals at most." if places else ", without decimals."
    codes = ("required", "invalid", "min_value", "max_value")
    codes += ("max_digits", "max_decimal_places", "max_whole_digits")
    return forms.DecimalField(
        label=label,
        help_text=unit,
        min_value=0,
        max_value=most,
        decimal_places=places,
        error_messages=dict.fromkeys(codes, wrong),
    )


class EstimateForm(forms.Form):
    """A visitor's own figures."""

    claims = _figure("Claims you send", 10_000_000, "claims a month", places=0)
    average = _figure("Average value of a claim", 1_000_000, "dollars")
    denied = _figure("Part that is denied at first", 100, "percent")
    recoverable = _figure("Part of those that could be recovered", 100, "percent")

    def __init__(self, data: Any) -> None:
        """`data` as it stands in the address; `$1,200` and `8 %` are numbers too."""
        self.typed = {name: data.get(name, "") for name in self.base_fields}
        super().__init__({name: re.sub(r"[$,%\s]", "", text) for name, text in self.typed.items()})

    def estimate(self) -> Estimate:
        """Of valid figures."""
        figures: dict[str, Decimal] = self.cleaned_data
        return Estimate(**figures)
