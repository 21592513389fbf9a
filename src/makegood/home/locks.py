"""Locks that the kernel gives up when their holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def lock_file(path: Path) -> Iterator[int]:
    """A descriptor of the file, to lock; closing it gives up whatever it holds."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def held(descriptor: int) -> Iterator[None]:
    """Hold the lock alone, waiting for it as long as it takes."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def share(descriptor: int) -> None:
    """Hold the lock together with others."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def taken(descriptor: int, *, shared: bool = False) -> bool:
    """Try to take the lock at once, alone or together with others."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def give_up(descriptor: int) -> None:
    """Hold the lock no more."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)
