"""Runs one measurement, with a scratch folder for whatever the portal keeps."""

import importlib
import os
import sys
import tempfile
from pathlib import Path

import django

HERE = Path(__file__).resolve().parent
NAMES = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))


def main(arguments: list[str]) -> int:
    """The exit status is that of the measurement: 0 where every promise is kept."""
    if not arguments or arguments[0] not in NAMES:
        print(f"script/bench NAME, with NAME one of: {', '.join(NAMES)}")
        return 2
    name, *options = arguments
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/portal.sqlite3")
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "hcpcs_portal.settings",
            "LOG_LEVEL": "CRITICAL",
            "SECRET_KEY": "only-for-measuring-" * 4,
            "VAR_DIR": folder,
        }
        django.setup()
        return importlib.import_module(f"bench.{name}").main(*options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
