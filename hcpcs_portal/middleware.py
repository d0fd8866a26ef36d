"""What is settled about every request before a view sees it: where it came from, and its size."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED")


class TrustedProxyMiddleware:
    """Puts the visitor's own address and scheme in place of those of a proxy in TRUSTED_PROXIES.

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


class BodySizeMiddleware:
    """Refuses a body larger than MAX_BODY_SIZE bytes before reading any of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A body without a stated length is not read at all: WSGI has no end for it.
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.MAX_BODY_SIZE:
            megabytes = settings.MAX_BODY_SIZE // 1024 // 1024
            text = f"This is too large: the portal takes up to {megabytes} MB at a time.\n"
            return HttpResponse(text, status=413, content_type="text/plain")
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
