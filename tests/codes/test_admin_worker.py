"""Publishing by a real Celery worker, over a real Redis, on a portal of its own."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import release_file

SECONDS_TO_WAIT = 60

# Each portal here has an SQLite file of its own, whatever the suite runs on.
pytestmark = pytest.mark.sqlite

# Uploads the file and publishes it through the admin; prints what the last page tells the curator.
CURATOR = """
import sys
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.test import Client
from codes.models import Release

client = Client()
client.force_login(get_user_model().objects.create_superuser("curator"))
with open(sys.stdin.readline().strip(), "rb") as file:
    client.post("/admin/codes/release/add/", {"file": file})
page = client.post(f"/admin/codes/release/{Release.objects.get().pk}/publish/", follow=True)
print(*get_messages(page.wsgi_request))
"""
STATUS = "from codes.models import Release; print(Release.objects.get().status)"


class Portal:
    """A portal in a folder, on SQLite there, with the queue at `redis_url`."""

    def __init__(self, folder: Path, redis_url: str = "") -> None:
        name, content = release_file(["J3490"])
        self.release = folder / name
        self.release.write_bytes(content)
        self.environment = os.environ | {
            "ALLOWED_HOSTS": "testserver",
            "DEBUG": "true",  # static files need not be collected first
            "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
            "REDIS_URL": redis_url,
            "VAR_DIR": str(folder),
        }

    def manage(self, *arguments: str, typed: str = "") -> str:
        """What a command of manage.py prints, given something to read."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_TO_WAIT,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def shell(self, script: str, typed: str = "") -> str:
        return self.manage("shell", "--no-imports", "--command", script, typed=typed)

    def work_until(self, words: str) -> str:
        """Run a worker until its log has these words; gives the log."""
        command = [sys.executable, "-m", "celery", "-A", "hcpcs_portal.celery", "worker"]
        worker = subprocess.Popen(
            [*command, "--concurrency=1", "--loglevel=INFO"],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        patience = threading.Timer(SECONDS_TO_WAIT, worker.kill)
        patience.start()
        lines = []
        with worker:
            for line in worker.stdout:
                lines.append(line)
                if words in line:
                    worker.terminate()
        patience.cancel()
        return "".join(lines)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a portal whose tables are made."""
    folder = tmp_path_factory.mktemp("migrated")
    Portal(folder).manage("migrate", "--verbosity=0")
    return folder


@pytest.fixture
def folder(migrated: Path, tmp_path: Path) -> Path:
    """A folder like it for a test of its own."""
    return shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)


def test_a_worker_publishes_the_release_that_a_curator_uploaded(folder, redis_url):
    portal = Portal(folder, redis_url)

    told = portal.shell(CURATOR, typed=str(portal.release))
    assert told == "October 2025 is being published. Load this page again in a minute."
    assert portal.shell(STATUS) == "draft"

    log = portal.work_until("] succeeded in")

    assert portal.shell(STATUS) == "published", log


def test_without_its_queue_the_curator_is_told_that_nothing_is_published(folder):
    portal = Portal(folder, "redis://127.0.0.1:1/0")

    told = portal.shell(CURATOR, typed=str(portal.release))

    assert "October 2025 is not published: the task queue cannot be reached" in told
    assert portal.shell(STATUS) == "draft"
