"""The seal of a form: signed by us, with the moment at which the form was made.

It stands in for the cookie that Django's own protection needs, since public pages set none. It tells
that the form is ours and how long it was open; docs/adr/0012 says what it cannot tell.
"""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest

SALT = "codes.pages.seal"
LONGEST_OPEN = timedelta(days=1)
OUR_OWN = {"same-origin", "none"}  # "none" is the visitor's own doing, such as loading again


def seal(at: datetime) -> str:
    """For a form that is made now."""
    return signing.dumps([secrets.token_urlsafe(12), int(at.timestamp())], salt=SALT)


def opened(sealed: str, at: datetime) -> tuple[str, timedelta] | None:
    """Which form it is and how long it was open; None for a seal that is not ours, from the future,
    or older than a day."""
    try:
        form, made_at = signing.loads(sealed, salt=SALT)
    except signing.BadSignature:
        return None
    age = timedelta(seconds=int(at.timestamp()) - made_at)
    return (form, age) if timedelta(0) <= age <= LONGEST_OPEN else None


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that another site's page sends this."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "none")
    return site not in OUR_OWN or (origin is not None and not _is_ours(origin, request.get_host()))


def _is_ours(origin: str, host: str) -> bool:
    try:
        return urlsplit(origin).netloc == host
    except ValueError:
        return False
