"""How far long work is, for a person who looks at a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from makegood.watch.actions.sweeping import Progress as SweepProgress


@contextmanager
def watched() -> Iterator[Progress]:
    """Bars on standard error while this is open; none where that is no terminal."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as progress:
        yield progress


def sweeping(progress: Progress) -> SweepProgress:
    """A bar for the sweep, which appears when the sweep has something to judge."""
    task = progress.add_task("Judging silence", total=None, visible=False)

    def tell(done: int, total: int) -> None:
        progress.update(task, completed=done, total=total, visible=True)

    return tell
