"""Checks the rules of the house that no other tool knows: opening sentences, names, sizes, places, reasons.

Run from anywhere; prints `file:line: what` for each breach and exits 1 if there is one.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

LONGEST: Final = 400
MAY_BE_LONGER: Final[dict[str, str]] = {
    # path: why it is one room all the same
    "tests/wire/test_roster_rules.py": "one list of the kinds of roster entries, each with its rules tried in turn",
}

# A name that needs one of these has not found its noun yet.
EMPTY_WORDS: Final = frozenset(
    {"controller", "data", "handler", "helper", "info", "manager", "processor", "util"}
    | {"controllers", "handlers", "helpers", "managers", "processors", "utils"}
)

# Names that Qt gives to what a model overrides; they are taken in the window only.
GIVEN_BY_QT: Final = frozenset({"data", "headerData", "setData"})

# The server imports crypto.signing; whatever stood in these would come along.
ONLY_A_SENTENCE: Final = frozenset({"advocate_app/__init__.py", "advocate_app/crypto/__init__.py"})

# In pieces, so that this file does not find itself.
BELONGS_ELSEWHERE: Final[dict[str, str]] = {
    "/wo" + "rk/": "a path of one machine",
    "/tmp/br" + "ief": "a path of one machine",
    "/ro" + "ot/": "a path of one machine",
    "../sha" + "red": "a path of one machine",
    "py" + "pi.org": "the host of a package registry",
    "python" + "hosted.org": "the host of a package registry",
    "npm" + "js.org": "the host of a package registry",
    "deb.deb" + "ian.org": "the host of a package registry",
    "TO" + "DO": "unfinished work; finish it, or write it down in docs/known-limits.md",
    "FIX" + "ME": "unfinished work; finish it, or write it down in docs/known-limits.md",
}

_BARE_NOQA = re.compile(r"#\s*(?:ruff:\s*)?noqa(?::\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?\s*$")
_BARE_IGNORE = re.compile(r"#\s*type:\s*ignore(?:\[[^\]]*\])?\s*$")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

_Named = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a rule is not kept; `path` is relative to the checkout, `line` counts from 1."""

    path: PurePath
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def breaches(path: PurePath, text: str) -> Iterator[Breach]:
    """Every breach in one file of the checkout."""
    found = _in_any_text(text)
    if path.suffix == ".py":
        found = [*found, *_in_python(path, text)]
    for line, what in found:
        yield Breach(path, line, what)


def _in_any_text(text: str) -> list[tuple[int, str]]:
    present = [needle for needle in BELONGS_ELSEWHERE if needle in text]
    if not present:
        return []
    return [
        (number, f"{needle}: {BELONGS_ELSEWHERE[needle]}")
        for number, line in enumerate(text.splitlines(), start=1)
        for needle in present
        if needle in line
    ]


def _in_python(path: PurePath, text: str) -> Iterator[tuple[int, str]]:
    try:
        tree = ast.parse(text)
    except SyntaxError as broken:
        yield broken.lineno or 1, "this is not Python"
        return
    yield from _opening(tree)
    yield from _length(path, text)
    yield from _reasons(text)
    yield from _words(path.stem, line=1)
    if path.as_posix() in ONLY_A_SENTENCE and len(tree.body) > 1:
        yield tree.body[1].lineno, "this file holds its sentence and nothing else"
    for node in ast.walk(tree):
        if isinstance(node, _Named) and path.parts[0] != "tests":  # a test is called by a sentence, not a name
            if node.name in GIVEN_BY_QT and path.parts[:2] == ("advocate_app", "ui"):
                continue
            yield from _words(node.name, line=node.lineno)
        elif isinstance(node, ast.Call):
            yield from _translation(node)


def _opening(tree: ast.Module) -> Iterator[tuple[int, str]]:
    opening = (ast.get_docstring(tree) or "").split("\n\n")[0]
    if not opening.endswith((".", "?")):
        yield 1, "the file opens with one sentence saying what lives there"


def _length(path: PurePath, text: str) -> Iterator[tuple[int, str]]:
    lines = text.count("\n")
    if lines > LONGEST and path.as_posix() not in MAY_BE_LONGER:
        yield lines, f"{lines} lines, more than {LONGEST}: two rooms in one file"


def _reasons(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if _BARE_NOQA.search(line) or _BARE_IGNORE.search(line):
            yield number, "an ignored finding needs its codes and, behind them, its reason"


def _words(name: str, *, line: int) -> Iterator[tuple[int, str]]:
    for word in _WORD.findall(name):
        if word.lower() in EMPTY_WORDS:
            yield line, f"{name}: '{word.lower()}' says nothing; say what it is"


def _translation(call: ast.Call) -> Iterator[tuple[int, str]]:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called in ("tr", "translate") and any(isinstance(arg, ast.JoinedStr) for arg in call.args):
        yield call.lineno, "a text to translate is a constant; place what varies by name afterwards"


def tracked(root: Path) -> list[PurePath]:
    """What git keeps or would keep of this checkout, relative to it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
        text=True,
    )
    return [PurePath(name) for name in sorted(set(listed.stdout.split("\0"))) if name and (root / name).is_file()]


def check(root: Path) -> list[Breach]:
    """Every breach in the text files of a checkout; files that are not UTF-8 text are passed over."""
    found: list[Breach] = []
    for path in tracked(root):
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found.extend(breaches(path, text))
    return found


def main() -> int:
    """Check this checkout and say what was found."""
    found = check(Path(__file__).resolve().parents[1])
    print(*found, sep="\n", end="\n" if found else "")
    print(f"house rules: {len(found)} broken" if found else "house rules: kept")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
