"""`makegood demo`: from nothing to a served report, and again without a change."""

import signal
import socket
import subprocess
from pathlib import Path

from tests.home.processes import eventually
from tests.installation import Installation
from tests.servers import MAKEGOOD, answers, environment, free_port


def replayed(home: Path, database: str) -> str:
    """What a demo says that is ended, as by Ctrl-C, once it serves."""
    port, said = free_port(), home.parent / "said"
    with said.open("w") as output:
        demo = subprocess.Popen(
            [MAKEGOOD, "demo", "--port", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(home, database),
        )
        served = eventually(lambda: demo.poll() is not None or answers(port), seconds=90)
        demo.send_signal(signal.SIGINT)
        demo.wait(30)
    assert served, said.read_text()
    return said.read_text()


def test_the_marketplace_is_replayed_reported_and_served(place: Path, fresh_database: str) -> None:
    installed = Installation(place / "home", fresh_database)
    reports = []
    for known in (False, True):
        said = replayed(place / "home", fresh_database)
        assert ("0 facts taken" in said) == known
        assert "Lightning dispatch" in said
        assert "The books add up; the record holds." in said
        report = installed.report()
        for feed in report["feeds"]:
            del feed["lag_seconds"]
        reports.append(report)
    assert reports[0] == reports[1]
    assert reports[0]["currency"] == "CNY"
    assert reports[0]["guarantees"]["lightning_dispatch"]["breaches"] > 0


def test_a_port_in_use_is_one_sentence_and_changes_nothing(
    place: Path, fresh_database: str
) -> None:
    installed = Installation(place / "home", fresh_database)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = installed.run("demo", "--port", str(port))
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"Cannot listen on 127.0.0.1 port {port}")
    assert refused.stderr.count("\n") == 1
    assert installed.report()["feeds"] == []
