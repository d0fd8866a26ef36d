"""What every answer says of itself: the newest release, its age, the date, the change number, and
that a code is not coverage."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Subquery

from codes.models import ChangeNumber, Release

NOTICE = (
    "A code's presence here says nothing about coverage or payment: it names an item or a "
    "service. Check the payer's rules for the date of service."
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the portal stands for one answer: `on` is the date of service that it speaks for."""

    release: Release | None
    change_number: int
    on: date
    today: date

    @property
    def age_days(self) -> int | None:
        """For how long the newest release has been in force; None before the first release."""
        return (self.today - self.release.quarter).days if self.release else None

    def headers(self) -> dict[str, str]:
        """The HCPCS- headers."""
        return {
            "HCPCS-Release": self.release.key if self.release else "none",
            "HCPCS-Release-Age-Days": str(self.age_days) if self.release else "none",
            "HCPCS-As-Of": self.on.isoformat(),
            "HCPCS-Change-Number": str(self.change_number),
            "HCPCS-Notice": NOTICE,
        }

    def envelope(self) -> dict:
        """The same as keys of a list's envelope, with the notice."""
        release = self.release and {
            "key": self.release.key,
            "title": self.release.title,
            "is_excerpt": self.release.is_excerpt,
            "age_days": self.age_days,
        }
        return {"as_of": self.on.isoformat(), "release": release, "notice": NOTICE}


def read_standing(on: date, today: date) -> Standing:
    """Read it: the number comes with the release, in one row."""
    number = Subquery(ChangeNumber.objects.values("last")[:1])
    release = Release.objects.annotate(change_number=number).newest()
    return Standing(release, (release and release.change_number) or 0, on, today)
