"""What the REST interface refuses, and why. hcpcs_portal.api gives each its problem document."""

from rest_framework import status
from rest_framework.exceptions import APIException, NotFound

from codes.lookup import Unknown


class BadParameters(APIException):
    """Query parameters that are unknown, repeated or wrong: `{name: [message]}`."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "bad_parameters"
    title = "The request's parameters cannot be used"

    def __init__(self, errors: dict[str, list[str]]) -> None:
        said = [f"{name}: {' '.join(messages)}" for name, messages in errors.items()]
        super().__init__(" ".join(said))
        self.members = {"errors": errors}


class UnknownCode(NotFound):
    """A code without an entry; `reason` tells a slip from another code system."""

    default_code = "unknown_code"
    title = "There is no such HCPCS Level II code"

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.reason)
        self.members = {
            "code": unknown.asked,
            "reason": unknown.kind,
            "nearest": [version.code.code for version in unknown.nearest],
        }


class UnknownKey(NotFound):
    """A section, family, … that is not there, with the keys most like it."""

    default_code = "unknown_key"
    title = "There is no such entry"

    def __init__(self, label: str, key: str, nearest: list[str]) -> None:
        super().__init__(f"There is no {label} {key[:40]!r} here.")
        self.members = {"nearest": nearest}


class UnknownAddress(NotFound):
    """An address that this interface does not have."""

    default_code = "unknown_address"
    title = "There is nothing at this address"
    default_detail = "The interface has no such address. /api/v1/ lists those it has."
