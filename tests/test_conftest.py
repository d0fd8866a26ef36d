"""What tests stand on: a skip fails in CI, the network ends at this machine, the browser works, what
is written for all to see is taken back, a page is looked at in every look."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User

from guidance.workflow import Role
from tests.factories import make_account
from tests.looks import WCAG, faults_in_every_look

ROOT = Path(__file__).resolve().parent.parent
SKIPS = {
    "in_a_test": "import pytest\n\ndef test_it():\n    pytest.skip('no Redis')\n",
    "in_a_module": "import pytest\n\npytest.importorskip('no_such_package')\n",
}


@pytest.fixture
def suite_with_skips(tmp_path):
    """Runs a suite of skipping tests with the house's conftest; gives its last line."""
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path / "conftest.py")
    for name, skip in SKIPS.items():
        (tmp_path / f"test_{name}.py").write_text(skip)

    def run(ci: str) -> str:
        command = [sys.executable, "-m", "pytest", "--continue-on-collection-errors"]
        environment = {**os.environ, "CI": ci}
        done = subprocess.run(
            [*command, "--rootdir", str(tmp_path), str(tmp_path)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return done.stdout.splitlines()[-1]

    return run


def test_a_skip_fails_in_ci_alone(suite_with_skips):
    assert "2 skipped in" in suite_with_skips(ci="")
    assert "1 failed, 1 error in" in suite_with_skips(ci="true")


@pytest.mark.parametrize("host", ["192.0.2.1", "portal.example.org"])
def test_the_network_ends_at_this_machine(host):
    with pytest.raises(AssertionError, match="only this machine"):
        socket.create_connection((host, 80), timeout=0.1)


@pytest.mark.django_db(transaction=True)
def test_the_browser_works_the_admin_under_the_strict_policy(live_server, signed_in, admin_user):
    page = signed_in(admin_user)

    page.goto(f"{live_server.url}/admin/")

    # Its script shows what only a script can open, so neither scripts nor styles were blocked.
    page.get_by_role("button", name="Keyboard").wait_for()


MADE = "const made = (tag, values) => Object.assign(document.createElement(tag), values);"


@pytest.mark.parametrize(
    ("event", "breach"),
    [
        ("console", "document.body.append(made('style', {textContent: 'p { color: red }'}))"),
        ("console", "document.body.append(made('script', {text: '1 + 1'}))"),
        ("pageerror", "setTimeout(() => { throw new Error('broken') })"),
    ],
)
def test_a_breach_of_the_policy_or_a_broken_script_is_noted(
    live_server, context, complaints_of, event, breach
):
    page = context.new_page()
    complaints = complaints_of(page)
    page.goto(f"{live_server.url}/admin/login/")

    with page.expect_event(event):
        page.evaluate(f"() => {{ {MADE} {breach} }}")

    assert complaints


# What is written for all to see


@pytest.mark.django_db(transaction=True)
def test_the_database_is_brought_back_as_the_migrations_left_it(keeper):
    make_account("ann", Role.EDITOR)
    Group.objects.all().delete()

    keeper.as_migrated()

    assert not User.objects.exists()
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)


@pytest.mark.django_db(transaction=True)
def test_a_portal_is_made_once_and_brought_back_whole(keeper):
    made = []

    def make():
        made.append(make_account("ann", Role.EDITOR).pk)

    keeper.stand("with Ann", make)
    keeper.as_migrated()
    keeper.stand("with Ann", make)

    assert list(User.objects.values_list("pk", flat=True)) == made


# Looks

PAGE = """<!doctype html><html lang="en"><title>A page</title><style>
@media (prefers-color-scheme: dark) {{ .dark {{ color: #333; background: #222 }} }}
@media (max-width: 400px) {{ .narrow {{ width: 900px }} }}
@media (forced-colors: active) {{
  .forced {{ forced-color-adjust: none; color: #ddd; background: #fff }}
}}</style><main><h1>A page</h1><p class="{}">Words</p></main></html>"""


@pytest.mark.parametrize(
    ("fault", "rules"),
    [
        ("none", set()),
        ("dark", {("dark and narrow", "color-contrast")}),
        ("forced", {("forced colours", "color-contrast")}),
        ("narrow", {("dark and narrow", "scrolls sideways")}),
    ],
)
def test_what_is_wrong_in_one_look_alone_is_found(page, fault, rules):
    page.set_content(PAGE.format(fault))

    assert {found[:2] for found in faults_in_every_look(page, WCAG)} == rules
