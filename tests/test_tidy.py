"""The rules of the house that no other tool checks: size, names, leftovers, dead files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"
LINES_OF_A_FILE = 300
LINES_OF_A_FUNCTION = 50
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "services", "signals"}
# Written so that the patterns do not find themselves.
LEFTOVERS = {
    "unfinished work": r"\b(TOD[O]|FIXM[E]|XX[X]|NotImplemented[E]rror)\b",
    "a check silenced without naming it": r"# noq[a]\s*$|# noq[a](?!:)|type: ignor[e](?!\[)",
    "a test that does not run": r"\b(skip|skipif|xfail|importorskip)[(]|mark[.](skip|xfail)",
}
PLACES = {
    "a registry's address": r"files[.]pythonhosted|/simpl[e]\b|--(extra-)?index-ur[l]\b",
    "a file's address": r"\bfil[e]://",
    "a path of one machine": r"(?<![\w.}\])])/(work|opt|Users|home)/\w",
}
FOUND_BY_NAME = {"__init__", "__main__", "models", "apps", "wsgi", "settings"}
FOUND_BY_FOLDER = {"migrations", "commands", "templatetags"}


def python_files() -> list[Path]:
    folders = [SOURCE, ROOT / "tests", ROOT / "bench"]
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def text_files() -> list[Path]:
    folders = ["src", "tests", "bench", "docs", "examples", "requirements", ".ci"]
    inner = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    outer = [path for path in ROOT.iterdir() if path.name != ".git"]
    suffixes = {".pyc", ".png", ".mo", ".woff2", ".ico"}
    return sorted(
        path
        for path in inner + outer
        if path.is_file() and path.suffix not in suffixes and "egg-info" not in str(path)
    )


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def names_in(path: Path) -> Iterator[str]:
    """Every module that a file may name: in an import, or in a string such as an app's name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value.partition(":")[0]
            yield node.value.rpartition(".")[0]


def found(patterns: dict[str, str], paths: list[Path]) -> list[str]:
    compiled = {what: re.compile(pattern, re.MULTILINE) for what, pattern in patterns.items()}
    return [
        f"{path.relative_to(ROOT)}: {what}: {match.group()}"
        for path in paths
        for what, pattern in compiled.items()
        for match in pattern.finditer(path.read_text())
    ]


def test_files_stay_small() -> None:
    sizes = {path: len(path.read_text().splitlines()) for path in python_files()}
    large = [
        f"{path.relative_to(ROOT)}: {size} lines"
        for path, size in sizes.items()
        if size > LINES_OF_A_FILE and path.parent.name != "migrations"
    ]
    assert not large


def test_functions_stay_small() -> None:
    large = [
        f"{path.relative_to(ROOT)}: {function.name}"
        for path in python_files()
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > LINES_OF_A_FUNCTION
    ]
    assert not large


def test_files_are_named_for_what_they_hold() -> None:
    named = [path for path in python_files() if {path.stem, path.parent.name} & BANNED_NAMES]
    assert not named


def test_nothing_is_left_unfinished() -> None:
    assert not found(LEFTOVERS, python_files())


def test_no_place_of_one_machine_is_named() -> None:
    assert not found(PLACES, text_files())


def test_every_module_is_used() -> None:
    entry_points = re.findall(r'"(makegood[\w.]*):\w+"', (ROOT / "pyproject.toml").read_text())
    used = set(entry_points)
    for path in SOURCE.rglob("*.py"):
        used |= set(names_in(path)) - {module_name(path)}
    unused = [
        module_name(path)
        for path in SOURCE.rglob("*.py")
        if path.stem not in FOUND_BY_NAME
        and not FOUND_BY_FOLDER & set(path.parts)
        and module_name(path) not in used
    ]
    assert not unused


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("unfinished work", "# TO" + "DO: later"),
        ("unfinished work", "raise NotImplemented" + "Error"),
        ("a check silenced without naming it", "x = y  # no" + "qa"),
        ("a check silenced without naming it", "x = y  # type: " + "ignore"),
        ("a test that does not run", "pytest.sk" + "ip()"),
        ("a test that does not run", "@pytest.mark.xf" + "ail"),
        ("a registry's address", "https://pypi.org/sim" + "ple"),
        ("a path of one machine", "see /wor" + "k/main"),
    ],
)
def test_the_patterns_find_what_they_are_for(what: str, text: str) -> None:
    assert re.search((LEFTOVERS | PLACES)[what], text)
