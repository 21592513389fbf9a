"""The layout of a home, and how its folders and secrets are made."""

import errno
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from makegood.home.problems import HomeProblem


@dataclass(frozen=True)
class Home:
    """The folder in which one running Makegood keeps its database, files and keys."""

    folder: Path

    @property
    def postgres(self) -> Path:
        """The database's folder, unless its server cannot enter it (see `elsewhere`)."""
        return self.folder / "postgres"

    @property
    def elsewhere(self) -> Path:
        """A file that names the database's folder when it is not in the home."""
        return self.folder / "postgres-is-in"

    @property
    def files(self) -> Path:
        """What consumers and merchants handed in: credentials and evidence."""
        return self.folder / "files"

    @property
    def keys(self) -> Path:
        """Keys and secrets, which only the calling user reads."""
        return self.folder / "keys"


def open_home(folder: Path) -> Home:
    """The home at `folder`, made if it is not there; a folder that exists keeps its mode.

    As root the home can be passed through by others, so that the database's unprivileged
    server reaches its own folder; files and keys are the calling user's alone.
    Raises HomeProblem where the folder cannot be made.
    """
    home = Home(folder.absolute())
    passable = 0o711 if os.geteuid() == 0 else 0o700
    try:
        make_folder(home.folder, passable)
        make_folder(home.files, 0o700)
        make_folder(home.keys, 0o700)
        _check_own(home)
    except OSError as error:
        raise HomeProblem(
            f"Makegood cannot keep anything in {home.folder}: {error.strerror or error}; "
            "name another folder in MAKEGOOD_HOME."
        ) from error
    return home


def _check_own(home: Home) -> None:
    """A PermissionError for a home that is another user's, or that nothing can be written to."""
    for folder in (home.files, home.keys, home.postgres):
        if folder.exists() and not os.access(
            folder, os.R_OK | os.W_OK | os.X_OK, effective_ids=True
        ):
            raise PermissionError(errno.EACCES, f"{folder.name} is closed to this user")


def make_folder(folder: Path, mode: int) -> None:
    """Make the folder, whatever the umask; one that exists stays as it is."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode)
    except FileExistsError:
        if not folder.is_dir():
            raise
    else:
        folder.chmod(mode)


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret in the file, made and kept for the calling user alone if there is none.

    Of several processes that make it at once, one wins and all read the same.
    """
    if not path.exists():
        descriptor, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()
    return path.read_text()
