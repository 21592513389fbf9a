"""Tables at a terminal: whole, however narrow it is."""

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

_WIDEST = 1_000
"""Characters; more than any table has."""


def print_whole(table: Table) -> None:
    """Print the table wider than a narrow terminal, which would show figures without their end."""
    console = Console(highlight=False)
    wide = console.options.update(max_width=_WIDEST)
    needed = Measurement.get(console, wide, table).maximum
    Console(highlight=False, width=max(console.width, needed)).print(table, crop=False)
