"""CSV tables of a folder, read row by row; whatever is wrong is said in one sentence."""

import csv
import gzip
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from makegood.money import AmountError, minor_units


class FolderError(Exception):
    """A folder that cannot be read as what it was said to be: file, line and what to do."""


def find_table(directory: Path, name: str) -> Path | None:
    """The table's file, plain or packed, whichever is there; None when neither is."""
    for path in (directory / name, directory / f"{name}.gz"):
        if path.is_file():
            return path
    return None


def need_table(directory: Path, name: str) -> Path:
    """The table's file; FolderError names the file that is missing."""
    if not directory.is_dir():
        raise FolderError(f"{directory} is not a folder; name the folder that holds {name}.")
    path = find_table(directory, name)
    if path is None:
        raise FolderError(
            f"{directory} has no {name} (nor {name}.gz); put it there or name another folder."
        )
    return path


def read_rows(path: Path, columns: Sequence[str], take: Callable[[tuple[str, ...]], None]) -> None:
    """Hands the named columns of each row to `take`, whose ValueError says what is wrong with it.

    Raises FolderError with the file and the line.
    """
    try:
        with _open(path) as file:
            _take_rows(path, file, columns, take)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise FolderError(f"{path} cannot be read ({error}); fetch the file again.") from error


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _take_rows(
    path: Path, file: TextIO, columns: Sequence[str], take: Callable[[tuple[str, ...]], None]
) -> None:
    reader = csv.reader(file, strict=True)
    try:
        header = next(reader, [""])
        for column in columns:
            if column not in header:
                raise FolderError(
                    f"{path}, line 1: the column {column} is missing; export the table with it."
                )
        pick = itemgetter(*[header.index(column) for column in columns])
        for row in reader:
            if len(row) == len(header):
                take(pick(row))
            elif row:
                raise ValueError(f"there are {len(row)} columns instead of {len(header)}")
    except (ValueError, csv.Error) as error:
        raise FolderError(
            f"{path}, line {reader.line_num}: {error}; correct the row or take it out."
        ) from error


def moment(text: str, column: str) -> datetime:
    """A stamp, in UTC; one without a zone is UTC. ValueError names the column."""
    try:
        if len(text) == 19:
            return datetime.fromisoformat(text + "+00:00")
        stamp = datetime.fromisoformat(text)
        return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(
            f"{column} is {text!r}, not a moment such as 2017-11-21 18:54:23"
        ) from error


def moment_or_none(text: str, column: str) -> datetime | None:
    """A stamp, or None for an empty cell."""
    return moment(text, column) if text else None


def amount(text: str, column: str, currency: str) -> int:
    """A decimal amount, not below zero, in the currency's minor unit, exactly."""
    try:
        if not text.startswith("-"):
            return minor_units(text, currency)
    except AmountError:
        pass
    raise ValueError(f"{column} is {text!r}, not an amount of {currency} such as 21.99")


def whole_number(text: str, column: str) -> int:
    """A counting number from 1; ValueError for anything else."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ValueError(f"{column} is {text!r}, not a number from 1")
    return int(text)


def reference(text: str, column: str) -> str:
    """An identifier of 1 to 150 characters, which leaves room for what is added to it."""
    if not 0 < len(text) <= 150:
        raise ValueError(f"{column} is {text!r}, not an identifier of 1 to 150 characters")
    return text
