"""Two questions from the machines around us: is the process alive, and can it serve?"""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache


@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """Alive. Asks nothing of anyone: a slow database must not get the process killed."""
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Ready when the database answers with every migration applied; losing Redis only degrades."""
    database, broker = database_state(), redis_state()
    status = overall(database, broker)
    body = {"status": status, "database": database, "redis": broker}
    return JsonResponse(body, status=503 if status == "unavailable" else 200)


def overall(database: str, broker: str) -> str:
    """One of: ok, degraded, unavailable."""
    if database != "ok":
        return "unavailable"
    return "degraded" if broker == "unreachable" else "ok"


def database_state() -> str:
    """One of: ok, migrations missing, unreachable."""
    try:
        return "migrations missing" if pending_migrations() else "ok"
    except DatabaseError:
        return "unreachable"


def pending_migrations() -> list[str]:
    """The migrations that this code brings and the database has not seen, as app.name."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def redis_state() -> str:
    """One of: ok, off (none configured), unreachable."""
    if not settings.REDIS_URL:
        return "off"
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.2) as broker:
            broker.ping()
    except redis.RedisError:
        return "unreachable"
    return "ok"
