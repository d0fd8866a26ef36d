"""An import is all or nothing: killed at any moment, readers see the old data or the new."""

import random
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from tests.cms_files import code
from tests.factories import release_file

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_WAIT = 120


@pytest.fixture
def manage(child_environment):
    """A function that runs a management command in a process of its own, on a real database."""

    def start(*arguments):
        return subprocess.Popen(
            [sys.executable, ROOT / "manage.py", *map(str, arguments)],
            env=child_environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def finish(process):
    output, errors = process.communicate(timeout=SECONDS_TO_WAIT)
    assert process.returncode == 0, errors
    return output


def write_release(folder, quarter, word, codes=1500):
    records = [code(f"J{number:04}", long=f"{word} drug {number}") for number in range(codes)]
    name, content = release_file([*records, code("V2020", added=date(2020, 1, 1))], quarter=quarter)
    (folder / name).write_bytes(content)
    return folder / name


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.long)])
def test_a_killed_import_leaves_the_old_data_whole_and_a_rerun_completes(manage, tmp_path, kills):
    finish(manage("import_release", write_release(tmp_path, "2024-10", "Old")))
    new = write_release(tmp_path, "2025-10", "New")
    before = finish(manage("dump_history"))
    seed = random.randrange(10**6)
    moments = random.Random(seed)

    for _ in range(kills):
        importing = manage("import_release", new)
        time.sleep(moments.uniform(0.5, 3.0))  # the moment of the kill, not a wait for something
        importing.kill()
        importing.communicate(timeout=SECONDS_TO_WAIT)
        after = finish(manage("dump_history"))
        if after != before:
            break

    finish(manage("import_release", new))
    whole = finish(manage("dump_history"))
    assert after in (before, whole), f"half an import was seen (seed {seed})"
    assert "New drug 1499" in whole
    assert "Every stored entry" in finish(manage("rebuild_entries", "--check"))
