"""Portals of full size, as they are in earnest: the pack that ships, and beside it the whole of
October 2025 as CMS published it."""

from datetime import date
from pathlib import Path

from codes.actions import publish_release, upload_release
from guidance.actions import load_starter
from tests.kept_databases import Keeper

OCTOBER_2025 = "hcpcs/2025-10/HCPC2025_OCT_ANWEB_v3.reassembled"


def publish_file(path: Path, on: date) -> None:
    release = upload_release(name=path.name, content=path.read_bytes())
    publish_release(release=release, on=on)


def load_shipped_pack(keeper: Keeper, on: date) -> None:
    """The pack alone, loaded into an empty portal."""
    keeper.stand("shipped pack", lambda: load_starter(on=on))


def publish_october_2025(keeper: Keeper, shared_data: Path, on: date) -> None:
    """The pack, and then CMS's release."""

    def make() -> None:
        load_shipped_pack(keeper, on)
        publish_file(shared_data / f"{OCTOBER_2025}.txt", on)

    keeper.stand("October 2025", make)
