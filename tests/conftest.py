"""What every test stands on: no network, settings fit for tests, a browser, no silent skips."""

import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings
from xdist.scheduler import LoadScopeScheduling

from codes.calendar import today
from codes.limiting import forget_visitors
from codes.search import forget_index
from tests import whole_portals
from tests.admin_addresses import Portal, make_staffed_portal
from tests.full_portal import make_full_portal
from tests.kept_databases import Keeper

# The browser's driver keeps an event loop in the tests' thread, which Django takes for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# How long an example takes is a matter of what else the machine does.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SECONDS_FOR_A_LONG_TEST = 3600
CHROMIUM_OPTIONS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--no-first-run",
]


# The modules that take longest, these first, so that no worker is left alone with one at the end.
LONGEST = (
    "test_admin_pages",
    "test_pack_release",
    "test_full_portal",
    "test_interrupted_import",
    "test_scripts",
)
# They stand on one portal of full size, which takes long to make: one worker runs them all.
ON_THE_SHIPPED_PACK = {
    "test_checks_pack",
    "test_checks_whole_release",
    "test_export",
    "test_full_portal",
    "test_pack_dates",
    "test_pack_release",
}


# What may not run, and where


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the tests of one database's own behaviour to the run on that database, and those that
    ask no database to the run on SQLite. Puts the longest first."""
    others = {"postgresql", "sqlite"} - {connection.vendor}
    elsewhere = [item for item in items if others & {mark.name for mark in item.iter_markers()}]
    if connection.vendor != "sqlite":
        elsewhere += [item for item in items if not asks_a_database(item)]
    config.hook.pytest_deselected(items=elsewhere)
    left = set(elsewhere)
    items[:] = sorted((item for item in items if item not in left), key=turn)
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(SECONDS_FOR_A_LONG_TEST))


def turn(item: pytest.Item) -> int:
    """Whose turn it is: those in LONGEST, those with a browser, all others."""
    if item.path.stem in LONGEST:
        return LONGEST.index(item.path.stem)
    return len(LONGEST) + (item.path.parent.name != "browser")


class ByModule(LoadScopeScheduling):  # type: ignore[misc]
    """A worker runs a whole module, or all modules that stand on the same portal."""

    def _split_scope(self, nodeid: str) -> str:
        module = Path(nodeid.partition("::")[0])
        return "the shipped pack" if module.stem in ON_THE_SHIPPED_PACK else str(module)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule:
    return ByModule(config, log)


def asks_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    asks = {"db", "transactional_db", "module_db", "keeper", "live_server"} & fixtures
    return bool(asks or item.get_closest_marker("django_db"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    return fail_if_skipped_in_ci((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Any:
    return fail_if_skipped_in_ci((yield))


def fail_if_skipped_in_ci(report: Any) -> Any:
    """CI has all that the tests need: there a skip would be a promise that nobody checked."""
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which CI does not allow: {report.longrepr}"
    return report


# Where they run


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On SQLite a file, as in earnest: in memory, whoever meets a lock fails at once."""
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "portal.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[Keeper]:
    """A test that writes for other connections to see has its database brought back at its end, as
    the migrations left it. Django would empty it: the roles would be gone."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        keeper = Keeper()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: keeper.as_migrated())
        yield keeper
        keeper.leave()


@pytest.fixture(scope="session")
def keeper(django_db_setup: Keeper) -> Keeper:
    return django_db_setup


@pytest.fixture(autouse=True, scope="session")
def test_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Static files straight from their sources, quick passwords; readers are counted and nothing is
    written unless a test asks for it."""
    folder = tmp_path_factory.mktemp("var")
    (folder / "static").mkdir()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=folder / "static",
        STORAGES=settings.STORAGES | {"staticfiles": plain},
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        SECONDS_BETWEEN_COUNTS=0,
    ):
        yield


class NetworkBlocked(AssertionError):
    """A test tried to reach beyond this machine."""


def require_loopback(host: object) -> None:
    """Raises NetworkBlocked for any host but this machine itself."""
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return
    try:
        is_here = ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise NetworkBlocked(f"Tests may not reach {host}: only this machine.")


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Python code can neither connect to another machine nor ask for its address."""
    ask, join = socket.getaddrinfo, socket.socket.connect

    def ask_for_loopback(host: Any, *args: Any, **kwargs: Any) -> Any:
        require_loopback(host)
        return ask(host, *args, **kwargs)

    def join_loopback(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX:
            require_loopback(address[0])
        join(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", ask_for_loopback)
        patch.setattr(socket.socket, "connect", join_loopback)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of full CMS files that may lie beside a developer's checkout."""
    if not SHARED_DATA.exists():
        pytest.skip(f"the full CMS files are not at {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The address of a Redis that is the tests' own."""
    url = os.environ.get("TEST_REDIS_URL")
    if not url:
        pytest.skip("redis-server is not installed, or the suite was not started by script/test")
    return url


@pytest.fixture(scope="module")
def module_db(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """The database for fixtures of a whole module: what they write is taken back at its end."""
    # Without the mark there may be no test database, and this would be the developer's own.
    assert request.node.get_closest_marker("django_db"), "Mark the module with django_db."
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def full_portal(transactional_db: None, keeper: Keeper, tmp_path: Path, on: date) -> None:
    """The full portal, written for other connections to see. Ask for it before any other row."""
    keeper.stand("full portal", lambda: make_full_portal(tmp_path, on))


@pytest.fixture
def staffed_portal(transactional_db: None, keeper: Keeper, tmp_path: Path, on: date) -> Portal:
    """The staffed portal, likewise."""
    return deepcopy(keeper.stand("staffed portal", lambda: make_staffed_portal(tmp_path, on)))


@pytest.fixture
def shipped_pack(transactional_db: None, keeper: Keeper, on: date) -> None:
    """The pack that ships, loaded into an empty portal."""
    whole_portals.load_shipped_pack(keeper, on)


@pytest.fixture(scope="module")
def module_keeper(keeper: Keeper, django_db_blocker: Any) -> Iterator[Keeper]:
    """The keeper for a portal of a whole module, whose tests take back what they write in it."""
    with django_db_blocker.unblock():
        yield keeper
        keeper.as_migrated()


@pytest.fixture(scope="module")
def october_2025(module_keeper: Keeper, shared_data: Path) -> None:
    """CMS's whole release beside the pack that ships."""
    whole_portals.publish_october_2025(module_keeper, shared_data, today())


@pytest.fixture
def child_environment(transactional_db: None, tmp_path: Path) -> dict[str, str]:
    """The variables by which a process of its own works on the tests' database."""
    database = str(connection.settings_dict["NAME"])
    url = f"sqlite:///{database}"
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    own = {"DATABASE_URL": url, "SECRET_KEY": "k" * 60, "VAR_DIR": str(tmp_path)}
    return os.environ | own


# The browser


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """How pytest-playwright starts the machine's own Chromium."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    # Its sandbox cannot be had by root.
    rootless = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": program, "args": CHROMIUM_OPTIONS + rootless, "headless": True}


@pytest.fixture(scope="session")
def complaints_of() -> Callable[[Any], list[str]]:
    """`complaints_of(page)` gives the list that gathers, from now on, each breach of the content
    security policy on that page and each error of a script."""

    def watch(page: Any) -> list[str]:
        found: list[str] = []

        def note(message: Any) -> None:
            if "Content Security Policy" in message.text:
                found.append(message.text)

        page.on("console", note)
        page.on("pageerror", lambda error: found.append(str(error)))
        return found

    return watch


@pytest.fixture
def page(page: Any, complaints_of: Callable[[Any], list[str]]) -> Iterator[Any]:
    """A browser page; a complaint on it fails the test."""
    complaints = complaints_of(page)
    yield page
    assert not complaints, complaints


@pytest.fixture
def signed_in(page: Any, live_server: Any, client: Any) -> Callable[[Any], Any]:
    """`signed_in(user)` gives the browser page that user's session."""

    def sign_in(user: Any) -> Any:
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )
        return page

    return sign_in


# Search


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """No test has used up what another may ask for."""
    forget_visitors()


@pytest.fixture(autouse=True)
def fresh_search() -> None:
    """An index is looked at for half a second; no test finds what another one published."""
    forget_index()


# Dates


@pytest.fixture
def on() -> date:
    """The day that the portal takes for today."""
    return today()
