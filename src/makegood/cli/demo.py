"""`makegood demo`: the invented marketplace replayed, reported and served."""

from importlib.resources import files

import typer

from makegood.cli.facts import take_all
from makegood.cli.policies import publish_content
from makegood.cli.progress import watched
from makegood.cli.report import show, tell
from makegood.cli.sealing import seal_record
from makegood.cli.serve import Port, ensure_free, serve
from makegood.trade.sources import demo as marketplace_folder
from makegood.trade.sources.demo import marketplace
from makegood.trade.sources.ndjson import json_lines

ACTOR = "demo"
HOST = "127.0.0.1"
AT_ONCE = 50
"""Facts in one batch: few, so that one can watch the marketplace live."""


def demo(port: Port = 8000) -> None:
    """Replay an invented marketplace, print its report, and serve it on this machine.

    Doing it again changes nothing: every fact is known by then.
    """
    ensure_free(HOST, port)
    policies = files(marketplace_folder).joinpath("policies.toml").read_bytes()
    typer.echo(publish_content(policies, "the invented marketplace's policies", ACTOR))
    told = marketplace.facts()
    with watched() as progress:
        done = take_all(json_lines(told), len(told), AT_ONCE, progress)
    seal_record()
    typer.echo(f"{done.taken:,} facts taken, {done.repeated:,} known already.")
    show(tell())
    serve(port=port, host=HOST)
