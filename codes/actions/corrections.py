"""What readers are told was wrong."""

from datetime import date

from codes.models import Correction


def record_correction(
    *,
    kind: str,
    key: str,
    title: str,
    note: str,
    published_on: date | None,
    withdrawn_on: date,
) -> Correction:
    """Say in public that what had been said of a subject was wrong, in the caller's transaction.

    `note` tells readers what was wrong; `published_on` is since when it had been public. The caller
    publishes the subject's entry, which names the correction for a year.
    """
    return Correction.objects.create(
        kind=kind,
        key=key,
        title=title,
        note=note,
        published_on=published_on,
        withdrawn_on=withdrawn_on,
    )
