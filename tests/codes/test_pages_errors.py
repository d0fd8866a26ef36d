"""What a reader sees when something goes wrong: a plain page, never a trace."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client
from django.urls import include, path

from tests.codes.test_pages_code import words

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def fail_with(error):
    def view(request):
        raise error

    return view


urlpatterns = [
    path("broken/", fail_with(ZeroDivisionError("secret"))),
    path("closed/", fail_with(PermissionDenied)),
    path("odd/", fail_with(SuspiciousOperation("secret"))),
    path("", include("codes.pages.urls")),
]
handler404 = "codes.pages.frame.no_such_page"


def test_a_form_that_cannot_be_taken_says_so_in_our_own_words():
    response = Client(enforce_csrf_checks=True).post("/codes/")

    assert response.status_code == 403
    assert "This form could not be taken" in response.content.decode()
    assert "DEBUG" not in response.content.decode()


@pytest.mark.parametrize(
    ("address", "status", "message"),
    [
        ("/broken/", 500, "Something went wrong on our side"),
        ("/closed/", 403, "This is not open to you"),
        ("/odd/", 400, "This request was not understood"),
        ("/nowhere/", 404, "There is no such page"),
    ],
)
def test_an_error_says_what_to_do_and_nothing_else(address, status, message):
    response = Client(raise_request_exception=False).get(address)

    text = words(response.content.decode())
    assert response.status_code == status
    assert message in text
    assert "home page" in text
    assert "secret" not in text
