"""The promises in every response's headers."""

import pytest

POLICY = {
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/livez", "/readyz", "/admin/login/", "/admin/", "/no/such/page"])
def test_every_answer_carries_the_strict_policy(client, path):
    response = client.get(path)

    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_host_of_another_name_is_refused(client):
    response = client.get("/livez", HTTP_HOST="elsewhere.example")

    assert response.status_code == 400
    assert "Content-Security-Policy" in response


@pytest.mark.django_db
def test_the_probes_answer_without_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/livez").status_code == 200
    assert client.get("/admin/").status_code == 301
