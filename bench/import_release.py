"""Times an import beside readers: `script/bench import_release FILE`.

A portal with the starter pack, on DATABASE_URL or a new SQLite, serves two requests a second and
takes one save in the admin while FILE is imported; then FILE is imported again. Prints seconds,
megabytes and the slowest answer; the exit status is 0 where every promise is kept.
"""

import http.cookiejar
import os
import re
import resource
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = "8765"
ADDRESS = f"http://127.0.0.1:{PORT}"
PAGES = ["/codes/J3490/", "/api/v1/codes/E0601/", "/codes/?q=oxygen", "/codes/A4253/"]
PASSWORD = "a password of this bench alone"
MAKE_ACCOUNT = f"""
from django.contrib.auth import get_user_model
get_user_model().objects.create_superuser("bench", password="{PASSWORD}")
"""


def main(file: str) -> int:
    environment = os.environ | {"PORT": PORT}
    with served(environment):
        manage(environment, "shell", "--no-imports", "--command", MAKE_ACCOUNT)
        editor = signed_in()
        with readers() as seconds, ThreadPoolExecutor() as others:
            saving = others.submit(save_a_panel, editor, after=4)
            first = timed(environment, file)
            saved = saving.result()
        again = timed(environment, file)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"import            {first:6.2f} s (promised: 12)")
    print(f"import again      {again:6.2f} s (promised: 2)")
    print(f"peak memory       {peak:6.0f} MB (promised: 400; the largest process)")
    print(f"{len(seconds)} answers, slowest {max(seconds):.2f} s (promised: 1)")
    print(f"the admin's save  {saved}")
    return int(first > 12 or again > 2 or peak > 400 or max(seconds) > 1 or "REFUSED" in saved)


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True)


def timed(environment: dict[str, str], file: str) -> float:
    begun = time.monotonic()
    manage(environment, "import_release", file)
    return time.monotonic() - begun


@contextmanager
def served(environment: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "manage.py", "serve", "--apart"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not answers():
            time.sleep(0.2)
        yield
    finally:
        server.terminate()
        server.wait()


def answers() -> bool:
    try:
        return fetch("/livez") is not None
    except OSError:
        return False


def fetch(page: str) -> bytes:
    with urllib.request.urlopen(ADDRESS + page, timeout=60) as answer:
        return answer.read()


@contextmanager
def readers() -> Iterator[list[float]]:
    """Two requests a second until the block ends; gives the seconds that each took."""
    seconds: list[float] = []
    over = threading.Event()

    def read() -> None:
        number = 0
        while not over.wait(0.5):
            begun = time.monotonic()
            fetch(PAGES[number % len(PAGES)])
            seconds.append(time.monotonic() - begun)
            number += 1

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield seconds
    finally:
        over.set()
        reader.join()


def signed_in() -> urllib.request.OpenerDirector:
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    post(browser, "/admin/login/", {"username": "bench", "password": PASSWORD, "next": "/admin/"})
    return browser


def save_a_panel(browser: urllib.request.OpenerDirector, *, after: float) -> str:
    """Saves the call to action in the admin, which publishes it, so many seconds from now."""
    time.sleep(after)
    values = {"title": "Talk to us", "text": "About a claim.", "button": "Write", "points": ""}
    begun = time.monotonic()
    page = post(browser, "/admin/guidance/calltoaction/1/change/", values)
    what = "done" if "was changed successfully" in page else "REFUSED"
    return f"{what} in {time.monotonic() - begun:.2f} s"


def post(browser: urllib.request.OpenerDirector, page: str, values: dict[str, str]) -> str:
    with browser.open(ADDRESS + page, timeout=60) as answer:
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', answer.read().decode())
    assert token, f"{page} holds no form"
    data = urllib.parse.urlencode(values | {"csrfmiddlewaretoken": token[1]}).encode()
    request = urllib.request.Request(ADDRESS + page, data, {"Referer": ADDRESS + page})
    with browser.open(request, timeout=60) as answer:
        return answer.read().decode()
