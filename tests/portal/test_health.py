"""The two questions of the machines around us."""

import pytest
from django.db import OperationalError, connection


def test_alive_asks_nothing_of_the_database(client):
    # No database mark: a query would be refused.
    response = client.get("/livez")

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_once_the_database_answers_with_all_migrations(client, settings):
    settings.REDIS_URL = ""

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "redis": "off"}


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == "migrations missing"


@pytest.mark.django_db
def test_not_ready_while_the_database_is_out_of_reach(client):
    def out_of_reach(*args):
        raise OperationalError

    with connection.execute_wrapper(out_of_reach):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == "unreachable"


@pytest.mark.django_db
def test_losing_redis_degrades_and_stays_ready(client, settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["status"] == "degraded"


@pytest.mark.django_db
def test_redis_in_reach_is_ok(client, settings, redis_url):
    settings.REDIS_URL = redis_url

    assert client.get("/readyz").json()["redis"] == "ok"
