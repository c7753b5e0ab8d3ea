"""The proof that the server holds no plaintext: every file of its folder is searched for what was planted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from advocate_app.demo.errors import must


@dataclass(frozen=True, slots=True)
class Proof:
    """What was searched, and how often a planted marker was found (must be 0)."""

    files: int
    bytes: int
    markers: int
    found: int


def search(folder: Path, *, markers: Mapping[str, str]) -> Proof:
    """Look for each marker, in UTF-8 and UTF-16, whole and in lower case, in every file below a folder."""
    needles = {needle for text in markers.values() for needle in _needles(text)}
    files, size, found = 0, 0, 0
    for file in _files(folder):
        content = file.read_bytes()
        files += 1
        size += len(content)
        found += sum(needle in content for needle in needles)
    return Proof(files=files, bytes=size, markers=len(markers), found=found)


def check_search(folder: Path, *, markers: Mapping[str, str]) -> None:
    """The same search finds each marker where it does stand: a search that cannot find proves nothing."""
    folder.mkdir()
    for number, text in enumerate(markers.values()):
        for form in ("utf-8", "utf-16-le"):
            (folder / f"{number}.{form}").write_bytes(b"\0" * 100 + text.encode(form) + b"\0" * 100)
    proof = search(folder, markers=markers)
    must(proof.found >= 2 * len(markers), "the search for planted markers does not find them where they stand")


def _needles(text: str) -> Iterable[bytes]:
    for form in (text, text.lower()):
        yield form.encode("utf-8")
        yield form.encode("utf-16-le")
        yield form.encode("utf-16-be")


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())
