"""`make bench`: how fast facts are taken, promises judged and money posted, and at what cost.

Runs on a PostgreSQL of its own in a folder that is gone afterwards. Names what reached its
target and what missed it; a miss is a finding, not a failure.
"""

import importlib
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

import django

from makegood.cli.main import database
from makegood.home.paths import open_home

PARTS = ("judging", "ledger", "intake", "memory")


def main(arguments: Sequence[str]) -> int:
    """Run the parts that are named, or all; `--quick` makes intake and memory small."""
    named = [one for one in arguments if one in PARTS]
    quick = "--quick" in arguments
    if unknown := set(arguments) - set(PARTS) - {"--quick"}:
        sys.stderr.write(f"There is no part {min(unknown)!r}: {', '.join(PARTS)}.\n")
        return 2
    # The figures are of an empty server of the bench's own.
    os.environ.pop("DATABASE_URL", None)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="makegood-bench-"))
        # PostgreSQL may run as another user, who must be able to enter.
        Path(folder).chmod(0o711)
        stack.enter_context(database(open_home(Path(folder))))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
        django.setup()
        importlib.import_module("makegood.storage.schema").migrate_when_needed()
        for part in named or PARTS:
            _run(part, quick)
        importlib.import_module("django.db").connections.close_all()
    return 0


def _run(part: str, quick: bool) -> None:
    """Run one part and say how long it took; what needs models is imported only now."""
    say(f"— {part} —")
    started = perf_counter()
    module = importlib.import_module(f"bench.{part}")
    url = os.environ["DATABASE_URL"]
    if part == "judging":
        found = module.measure()
    elif part == "ledger":
        found = module.measure(url)
    elif part == "intake":
        found = module.measure(module.QUICK if quick else module.FULL, say)
    else:
        found = module.measure(url, module.QUICK if quick else module.FACTS)
    module.report(found, say)
    say(f"({part}: {perf_counter() - started:.0f} s)")


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
