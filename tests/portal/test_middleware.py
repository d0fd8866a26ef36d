"""What is settled about every request before a view sees it."""

from ipaddress import ip_network

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from hcpcs_portal.middleware import TrustedProxyMiddleware

FORWARDED = {"HTTP_X_FORWARDED_FOR": "203.0.113.9", "HTTP_X_FORWARDED_PROTO": "https"}


@pytest.fixture
def arrive(settings):
    """`arrive(**headers)` gives the request as the views get it, with 10.0.0.0/8 our proxies."""
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]

    def through(**headers):
        request = RequestFactory().get("/", **headers)
        TrustedProxyMiddleware(lambda request: HttpResponse())(request)
        return request

    return through


def test_a_trusted_proxy_is_believed(arrive):
    request = arrive(REMOTE_ADDR="10.1.2.3", **FORWARDED)

    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert request.is_secure()


def test_anyone_else_is_not(arrive):
    request = arrive(REMOTE_ADDR="198.51.100.7", **FORWARDED)

    assert request.META["REMOTE_ADDR"] == "198.51.100.7"
    assert not request.is_secure()
    assert "HTTP_X_FORWARDED_FOR" not in request.META


@pytest.mark.parametrize(
    ("chain", "visitor"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 10.9.9.9", "203.0.113.9"),
        ("10.9.9.9", "10.1.2.3"),
        ("", "10.1.2.3"),
    ],
)
def test_the_visitor_is_the_last_address_that_is_not_ours(arrive, chain, visitor):
    request = arrive(REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR=chain)

    assert request.META["REMOTE_ADDR"] == visitor


def test_an_address_that_is_none_is_not_trusted(arrive):
    assert arrive(REMOTE_ADDR="", **FORWARDED).META["REMOTE_ADDR"] == ""


def test_a_body_too_large_is_refused_unread(client, settings):
    settings.MAX_BODY_SIZE = 1024 * 1024

    response = client.post("/livez", {"text": "x" * (1024 * 1024)})

    assert response.status_code == 413
    assert "up to 1 MB" in response.text
