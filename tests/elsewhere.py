"""The database's tests once more, on each other PostgreSQL that this machine has.

`python -m tests.elsewhere`; the whole suite runs on the default one before.
"""

import os
import subprocess
import sys
from pathlib import Path

from makegood.home.accounts import server_account
from makegood.home.binaries import candidates, major_version

TESTS = Path(__file__).parent
FOLDERS = ("ledger", "record", "trade", "watch", "test_schema.py", "home/test_checks.py")


def others() -> dict[int, Path]:
    """The bin folder of each major version that is here beside the default's."""
    account = server_account(Path("/nowhere"))
    found: dict[int, Path] = {}
    for folder in candidates({}):
        major = major_version(folder, account)
        if major is not None:
            found.setdefault(major, folder)
    default = next(iter(found), None)
    return {major: folder for major, folder in found.items() if major != default}


def main() -> int:
    """The first exit code that is not 0; nothing to do where the operator named a server."""
    if any(os.environ.get(name) for name in ("DATABASE_URL", "MAKEGOOD_POSTGRES")):
        return 0
    paths = [str(TESTS / name) for name in FOLDERS if (TESTS / name).exists()]
    for major, folder in others().items():
        print(f"Once more on PostgreSQL {major}:", flush=True)
        environment = os.environ | {"MAKEGOOD_POSTGRES": str(folder)}
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", *paths], check=False, env=environment
        )
        if ended.returncode:
            return ended.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
