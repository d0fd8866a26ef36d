"""Runs the suite on each database found here, with servers of its own that it stops again.

What is missing on a laptop is named and left out; with CI=true it is a failure.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"
DEBIAN_POSTGRESQL = "/usr/lib/postgresql"


def main(arguments: list[str]) -> int:
    """Runs pytest once for each database; the exit status is that of the first run that failed."""
    with tempfile.TemporaryDirectory(prefix="portal-test-") as folder, ExitStack() as servers:
        # PostgreSQL's server, another user when we are root, must be able to walk through.
        Path(folder).chmod(0o755)
        redis_url = servers.enter_context(redis_server(Path(folder)))
        postgresql_url = servers.enter_context(postgresql_server(Path(folder)))
        if IN_CI and not (redis_url and postgresql_url):
            print("CI needs redis-server and PostgreSQL: one of them is missing (see above).")
            return 1
        urls = [f"sqlite:///{folder}/portal.sqlite3", *filter(None, [postgresql_url])]
        return run_suites(arguments, urls, Path(folder), redis_url)


def run_suites(arguments: list[str], urls: list[str], folder: Path, redis_url: str) -> int:
    """One run for each database address; in CI the first takes coverage, which costs time."""
    status = 0
    for url in urls:
        chosen = pytest_arguments(arguments, is_first=url == urls[0])
        print(f"\nThe suite on {url.partition(':')[0]}:", flush=True)
        environment = os.environ | {
            "DATABASE_URL": url,
            "SECRET_KEY": secrets.token_hex(32),
            "VAR_DIR": str(folder / "var"),
            "TEST_REDIS_URL": redis_url,
            "COVERAGE_FILE": str(folder / "coverage"),
        }
        environment.pop("REDIS_URL", None)
        run = subprocess.run(
            [sys.executable, "-m", "pytest", *chosen], cwd=ROOT, env=environment, check=False
        )
        status = status or run.returncode
    return status


def pytest_arguments(arguments: list[str], *, is_first: bool) -> list[str]:
    """The caller's arguments, and for the whole suite two processes (in CI the coverage gate)."""
    chosen = [argument for argument in arguments if argument != "--long"]
    whole_suite = not chosen
    # The test database is made anew for each run, and left to go with its server.
    chosen += ["--create-db", "--reuse-db"]
    if "--long" in arguments:
        chosen += ["-m", ""]
    if whole_suite:
        chosen += ["--numprocesses=2", "--no-loadscope-reorder", "--durations=15"]
        chosen += ["--cov"] if is_first and IN_CI else []
    return chosen


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """The address of a Redis that listens on a socket file only; empty where none is installed."""
    program = shutil.which("redis-server")
    if not program:
        print("Redis was not found: its tests are skipped (Debian: apt install redis-server).")
        yield ""
        return
    socket = folder / "redis.sock"
    options = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        wait_for(socket)
        yield f"unix://{socket}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def postgresql_server(folder: Path) -> Iterator[str]:
    """The address of PostgreSQL: the one in DATABASE_URL, else a throw-away server's on a socket
    file; empty where none is installed."""
    given = os.environ.get("DATABASE_URL", "")
    programs = postgresql_programs()
    if given or not programs:
        if not given:
            print("PostgreSQL was not found: the suite runs on SQLite alone.")
            print("    Debian: apt install postgresql")
        yield given
        return
    data = folder / "postgresql"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(data, "postgres")
    initialise = ["--auth=trust", "--username=portal", "--encoding=UTF8", "--no-sync", "--locale=C"]
    as_its_user([str(programs / "initdb"), *initialise, "--pgdata", str(data)])
    # Nothing here outlives the run, so nothing waits for the disk; and who waits for a lock that
    # is never given up is told so.
    settings = (
        f"-c listen_addresses= -c fsync=off -c unix_socket_directories={data} -c lock_timeout=60s"
    )
    control = [str(programs / "pg_ctl"), "--pgdata", str(data), "--silent", "--wait"]
    as_its_user([*control, "--log", str(data / "log"), "--options", settings, "start"])
    try:
        yield f"postgresql://portal@/postgres?host={data}"
    finally:
        as_its_user([*control, "--mode=immediate", "stop"])


def postgresql_programs() -> Path | None:
    """The folder of the newest PostgreSQL server here, from the PATH or where Debian keeps it."""
    if program := shutil.which("initdb"):
        return Path(program).resolve().parent
    folders = sorted(Path(DEBIAN_POSTGRESQL).glob("*/bin"), key=lambda path: int(path.parent.name))
    return folders[-1] if folders else None


def as_its_user(command: list[str]) -> None:
    """Runs a PostgreSQL program, which refuses to run as root, as Debian's user for it."""
    user = "postgres" if os.geteuid() == 0 else None
    environment = {"PATH": os.defpath, "LC_ALL": "C"}
    done = subprocess.run(
        command, user=user, cwd="/", env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def wait_for(path: Path, *, seconds: float = 10) -> None:
    """Returns once this file is there."""
    deadline = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > deadline:
            sys.exit(f"A server did not start within {seconds:.0f} seconds: no {path}.")
        time.sleep(0.05)


if __name__ == "__main__":
    # A stop from outside unwinds like an error, so that the servers go too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
