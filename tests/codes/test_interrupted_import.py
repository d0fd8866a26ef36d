"""An import is all or nothing: killed at any moment, readers see the old data or the new."""

import random
import subprocess
import sys
import time
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.cms_files import code
from tests.factories import release_file

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_WAIT = 120


@pytest.fixture
def start_import(child_environment):
    """A function that imports a file in a process of its own, on the tests' database."""

    def start(path):
        return subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "import_release", path],
            env=child_environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    return start


def manage(*arguments):
    """What a command prints."""
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def write_release(folder, quarter, word, codes=1500):
    records = [code(f"J{number:04}", long=f"{word} drug {number}") for number in range(codes)]
    name, content = release_file([*records, code("V2020", added=date(2020, 1, 1))], quarter=quarter)
    (folder / name).write_bytes(content)
    return str(folder / name)


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.long)])
def test_a_killed_import_leaves_the_old_data_whole_and_a_rerun_completes(
    start_import, tmp_path, kills
):
    manage("import_release", write_release(tmp_path, "2024-10", "Old"))
    new = write_release(tmp_path, "2025-10", "New")
    before = manage("dump_history")
    seed = random.randrange(10**6)
    moments = random.Random(seed)

    for _ in range(kills):
        importing = start_import(new)
        time.sleep(moments.uniform(0.5, 3.0))  # the moment of the kill, not a wait for something
        importing.kill()
        importing.wait(timeout=SECONDS_TO_WAIT)
        after = manage("dump_history")
        if after != before:
            break

    manage("import_release", new)
    whole = manage("dump_history")
    assert after in (before, whole), f"half an import was seen (seed {seed})"
    assert "New drug 1499" in whole
    assert "Every stored entry" in manage("rebuild_entries", "--check")
