"""Five of CMS's releases in the database: the order of import leaves no trace there either."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from codes.actions import publish_release, upload_release
from codes.calendar import today
from codes.models import ChangeNumber

pytestmark = [pytest.mark.django_db, pytest.mark.long]

FILES = [
    "2020-01/2020-Alpha-Numeric-HCPCS-File.zip",
    "2020-04/anweb.xlsx",
    "2020-07/anweb.xlsx",
    "2024-10/HCPC2024_OCT_ANWEB.case_restored.txt",
    "2025-10/HCPC2025_OCT_ANWEB_v3.reassembled.txt",
]
ORDERS = [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 3, 1]]


def import_all(paths: list[Path]) -> None:
    for path in paths:
        release = upload_release(name=path.name, content=path.read_bytes())
        publish_release(release=release, on=today())


@pytest.fixture
def dump(capsys):
    """A function that gives the history as it is dumped."""

    def dump_history() -> str:
        call_command("dump_history")
        return capsys.readouterr().out

    return dump_history


def test_the_order_of_import_leaves_no_trace(shared_data, dump):
    dumps = []
    for places in ORDERS:
        with transaction.atomic():
            import_all([shared_data / "hcpcs" / FILES[place] for place in places])
            dumps.append(dump())
            transaction.set_rollback(True)

    assert dumps[0].count("\n") == 8_463 + 383
    assert dumps[1] == dumps[0]
    assert dumps[2] == dumps[0]


def test_importing_them_all_again_changes_nothing(shared_data, dump):
    paths = [shared_data / "hcpcs" / name for name in FILES]
    import_all(paths)
    before, newest = dump(), ChangeNumber.objects.get().last

    import_all(paths)

    assert (dump(), ChangeNumber.objects.get().last) == (before, newest)
