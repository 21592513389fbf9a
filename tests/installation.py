"""A Makegood as an operator runs it: the installed command, with a home and database of its own."""

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from makegood.cli.main import run
from tests.home.processes import plain_environment

MAKEGOOD = Path(sys.executable).with_name("makegood")
Figures = dict[str, dict[str, int]]

COMPARED: dict[str, tuple[str, ...]] = {
    "lightning_dispatch": ("breaches", "compensation"),
    "in_stock": ("orders", "refund", "lines", "compensation"),
    "refund_guarantee": ("orders", "refund"),
    "price_protection": ("lines", "refund"),
}
"""What of a report was worked out independently from the files of real orders."""


class Installation:
    """One installation; every process of it ends with the test that started it."""

    def __init__(self, home: Path, database: str) -> None:
        self.environment = plain_environment() | {
            "MAKEGOOD_HOME": str(home),
            "DATABASE_URL": database,
        }

    def run(self, *arguments: str, told: bytes | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, with `told` on its standard input."""
        ended = subprocess.run(
            [MAKEGOOD, *arguments],
            input=told,
            stdin=subprocess.DEVNULL if told is None else None,
            capture_output=True,
            check=False,
            env=self.environment,
        )
        out, err = ended.stdout.decode(), ended.stderr.decode()
        return subprocess.CompletedProcess(ended.args, ended.returncode, out, err)

    def succeed(self, *arguments: str, told: bytes | None = None) -> str:
        """What a command that must succeed prints."""
        ended = self.run(*arguments, told=told)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command and leave it running."""
        return subprocess.Popen(
            [MAKEGOOD, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment,
        )

    def report(self) -> dict[str, Any]:
        """The report, whose books and record must be verified."""
        report: dict[str, Any] = json.loads(self.succeed("report", "--json"))
        assert report["verified"] == {"books": True, "record": True}
        return report

    def figures(self) -> Figures:
        """The report's figures, in the oracle's form."""
        return compared(self.report())


class WithinTest(Installation):
    """The same commands run in the test's own process, on the database that Django uses there."""

    def run(self, *arguments: str, told: bytes | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, with `told` on its standard input."""
        before, out, err = sys.stdin, io.StringIO(), io.StringIO()
        sys.stdin = io.TextIOWrapper(io.BytesIO(told or b""))
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = run(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            sys.stdin = before
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def compared(report: dict[str, Any]) -> Figures:
    """The figures of a report that the oracle works out too."""
    guarantees = report["guarantees"]
    figures = {
        code: {name: guarantees[code][name] for name in names} for code, names in COMPARED.items()
    }
    return figures | {"held": report["held"]}
