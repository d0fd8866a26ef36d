"""Two people save the same form at the same moment, again and again: no save is lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_WAIT = 280

# Prints, for each pair, the two answers, what both typed, and what the draft then says.
RACE = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from django.db import connection
from django.test import Client
from codes.models import Code
from guidance import actions
from guidance.workflow import Role
from tests.factories import make_account, make_release
from tests.revision_form import change_url, form_of

make_release(["J3490"])
people = [make_account(name, Role.EDITOR) for name in ("ann", "bob")]
subject = Code.objects.get(code="J3490")
draft = actions.start_draft(subject=subject, by=people[0], valid_from="2024-01-01")
clients = [Client(headers={"host": "localhost"}) for _ in people]
for client, person in zip(clients, people):
    client.force_login(person)
together = Barrier(2, timeout=60)

def save(client, words, sent):
    together.wait()
    try:
        answer = client.post(change_url(draft), sent | {"unit": words})
        both = answer.status_code == 200 and b"Saved meanwhile" in answer.content
        return words, answer.status_code, both
    finally:
        connection.close()

pairs = []
with ThreadPoolExecutor(2) as pool:
    for number in range(int(sys.argv[-1])):
        draft.refresh_from_db()
        sent = form_of(draft)
        words = [f"{person}'s {number}" for person in people]
        answers = list(pool.map(save, clients, words, [sent, sent]))
        draft.refresh_from_db()
        pairs.append([answers, draft.unit])
print(json.dumps(pairs))
"""


@pytest.fixture
def environment(child_environment):
    # In debug mode static files need not be collected first.
    return child_environment | {
        "DEBUG": "true",
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "hcpcs_portal.settings",
    }


def run(arguments, environment):
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_WAIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("times", [25, pytest.param(100, marks=pytest.mark.long)])
def test_of_two_saves_at_once_one_is_kept_and_the_other_is_shown_both_texts(environment, times):
    setup = "import django; django.setup()\n"

    pairs = json.loads(run(["-c", setup + RACE, str(times)], environment).splitlines()[-1])

    assert len(pairs) == times
    for answers, kept in pairs:
        saved = [words for words, status, _ in answers if status == 302]
        refused = [words for words, _, shown_both in answers if shown_both]
        assert saved == [kept]
        assert len(refused) == 1
