"""The README's commands, as a newcomer's shell runs them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# A shell that runs the tests in its background has its children ignore Ctrl-C. Not in preexec_fn:
# a copy of a process with threads may wait for ever for what one of them held.
HEED_INTERRUPTS = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
SECRET = "a secret of this test alone, and of fifty characters"
FAKE_PYTHON = """#!/bin/sh
case "$2" in *version_info*) exit {too_old} ;; *ensurepip*) exit 1 ;; esac
"""


# Each portal here has an SQLite file of its own, whatever the suite runs on.
pytestmark = pytest.mark.sqlite


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A script's outcome, with these variables beside the machine's own."""
    environment = {**os.environ, **variables}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def wait_until_alive(server: subprocess.Popen[str], port: int, *, seconds: float) -> None:
    """Returns once the server answers."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=1) as answer:
                assert answer.status == 200
                return
        except OSError:  # refused, cut off, or slower than a second
            time.sleep(0.05)
    pytest.fail(f"No answer on port {port} within {seconds} seconds.")


def data_in(folder: Path) -> dict[str, str]:
    """Variables that give a server a database and a folder of its own."""
    return {
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "SECRET_KEY": SECRET,
    }


def start(port: int, folder: Path) -> subprocess.Popen[str]:
    """Starts script/server in the folder, waits for its answer, and gives the process."""
    server = subprocess.Popen(
        [sys.executable, "-c", HEED_INTERRUPTS, "script/server", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, **data_in(folder)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        wait_until_alive(server, port, seconds=90)
    except BaseException:
        stop(server)
        raise
    return server


def stop(server: subprocess.Popen[str]) -> str:
    """Ends it and gives what it said; one that leaves a child behind fails the test."""
    server.terminate()
    said, _ = server.communicate(timeout=60)
    return said


@pytest.fixture
def own_data(tmp_path: Path) -> dict[str, str]:
    return data_in(tmp_path)


@dataclass(frozen=True)
class FirstStart:
    folder: Path
    said: str


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """A server that has been started once, in a folder that had nothing."""
    folder = tmp_path_factory.mktemp("first")
    return FirstStart(folder, stop(start(free_port(), folder)))


@pytest.fixture
def serve(first_start: FirstStart, tmp_path: Path) -> Iterator:
    """`serve(port)` starts a server that has been started before."""
    shutil.copytree(first_start.folder, tmp_path, dirs_exist_ok=True)
    started = []

    def start_again(port: int) -> subprocess.Popen[str]:
        started.append(start(port, tmp_path))
        return started[-1]

    yield start_again
    for server in started:
        if not server.stdout.closed:
            stop(server)


def interrupt(server: subprocess.Popen[str]) -> None:
    """Ctrl-C: the terminal tells every process of the group."""
    os.killpg(server.pid, signal.SIGINT)


def terminate(server: subprocess.Popen[str]) -> None:
    """A service manager's stop: the script alone is told."""
    server.terminate()


@pytest.mark.parametrize(
    ("end", "status"),
    [(interrupt, 128 + signal.SIGINT), (terminate, 128 + signal.SIGTERM)],
)
def test_the_server_serves_and_stops_with_all_it_started(serve, end, status):
    port = free_port()
    server = serve(port)

    end(server)
    said, _ = server.communicate(timeout=20)  # ends once no child holds its output open

    assert server.returncode == status
    assert f"http://127.0.0.1:{port}/" in said
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_the_first_password_is_shown_once(first_start, serve):
    said_again = stop(serve(free_port()))

    assert "password" in first_start.said
    assert "password" not in said_again


def test_a_busy_port_is_one_plain_message(own_data):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        refused = run("script/server", PORT=port, **own_data)

    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("arguments", [["--port", "many"], ["--port"], ["--port=0"]])
def test_a_port_that_is_none_is_named(arguments, own_data):
    refused = run("script/server", *arguments, **own_data)

    assert refused.returncode == 1
    assert "\n  PORT: " in refused.stderr


def test_an_unknown_argument_is_answered_with_the_usage():
    refused = run("script/server", "--prot", "8001")

    assert refused.returncode == 2
    assert "Usage: script/server" in refused.stderr


@pytest.fixture
def bare_checkout(tmp_path: Path) -> Path:
    """A checkout without .venv, with a `python3` of our making as its only Python."""
    (tmp_path / "script").mkdir()
    shutil.copy(ROOT / "script" / "venv", tmp_path / "script" / "venv")
    (tmp_path / "bin").mkdir()
    for program in ("sh", "dirname", "cmp"):
        (tmp_path / "bin" / program).symlink_to(str(shutil.which(program)))
    return tmp_path


@pytest.mark.parametrize(
    ("too_old", "advice"),
    [(1, "The portal needs Python 3.11 or newer"), (0, "cannot make a virtual environment")],
)
def test_a_python_that_does_not_fit_is_answered_with_what_to_install(
    bare_checkout, too_old, advice
):
    python = bare_checkout / "bin" / "python3"
    python.write_text(FAKE_PYTHON.format(too_old=too_old))
    python.chmod(0o755)

    refused = run(
        str(bare_checkout / "script" / "venv"),
        "requirements.txt",
        PATH=str(bare_checkout / "bin"),
        PYTHON="",
    )

    assert refused.returncode == 1
    assert advice in refused.stderr
    assert "apt install python3" in refused.stderr


def test_a_python_named_that_is_none_is_named_again(bare_checkout):
    script = str(bare_checkout / "script" / "venv")

    refused = run(script, "requirements.txt", PYTHON="/no/such/python")

    assert refused.returncode == 1
    assert "PYTHON=/no/such/python is not a working Python 3.11" in refused.stderr
