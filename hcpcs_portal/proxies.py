"""Whose word is taken for where a request came from: the proxies in TRUSTED_PROXIES, nobody else's."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED")


class TrustedProxyMiddleware:
    """Puts the visitor's own address and scheme in place of the trusted proxy's.

    Whoever else sends such headers has them taken away, so that nothing below can be misled.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = {name: request.META.pop(name, "") for name in FORWARDED}
        if is_trusted(request.META.get("REMOTE_ADDR", "")):
            visitor = visitor_address(said["HTTP_X_FORWARDED_FOR"])
            request.META["REMOTE_ADDR"] = visitor or request.META["REMOTE_ADDR"]
            if said["HTTP_X_FORWARDED_PROTO"] == "https":
                request.META["wsgi.url_scheme"] = "https"
        return self.get_response(request)


def is_trusted(address: str) -> bool:
    """Whether this is the address of one of our proxies."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in settings.TRUSTED_PROXIES)


def visitor_address(forwarded_for: str) -> str:
    """The last address in the chain that is not a proxy of ours: those before it are hearsay."""
    for address in reversed([part.strip() for part in forwarded_for.split(",")]):
        if not is_trusted(address):
            return address
    return ""
