"""The disk as a power cut leaves it, built from the shim's log: what was flushed is there, the rest if chance wills."""

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

SECTOR = 512
_HEAD = struct.Struct("<4Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to the disk."""

    op: str
    """W write, T truncate, S sync of a file, D sync of a folder, R rename, U unlink, N note; C a file that is new."""
    offset: int
    """In bytes; of a note its number, of a new file which one it is."""
    name: str
    content: bytes
    """What was written; of a rename the new name."""


def read_log(log: Path) -> Iterator[Call]:
    """The calls in the order in which they were made."""
    content, at = log.read_bytes(), 0
    while at < len(content):
        op, offset, length, name_length = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        name = content[at : at + name_length].decode()
        at += name_length
        yield Call(op=chr(op), offset=offset, name=name, content=content[at : at + length])
        at += length


def flushed(folder: Path) -> bytes:
    """The beginning of a log: all that is in a folder is on the disk."""
    log = b""
    for entry in folder.iterdir():
        if entry.suffix == ".lock" or entry.name.endswith("-shm"):
            continue
        name, content = entry.name.encode(), entry.read_bytes()
        log += _HEAD.pack(ord("W"), 0, len(content), len(name)) + name + content
        log += _HEAD.pack(ord("S"), 0, 0, len(name)) + name
    return log + _HEAD.pack(ord("D"), 0, 0, 0)


@dataclass(slots=True, kw_only=True)
class Platter:
    """What has reached the disk for certain, and what is on its way. Names reach it in order, sectors in any."""

    names: dict[str, int] = field(default_factory=dict)
    """The names that are on the disk, and which file each stands for."""
    files: dict[int, bytes] = field(default_factory=dict)
    """What is on the disk of each file."""
    names_under_way: list[Call] = field(default_factory=list)
    parts_under_way: dict[int, list[Call]] = field(default_factory=dict)
    _now: dict[str, int] = field(default_factory=dict)
    """The names as the running program sees them."""
    _numbers: Iterator[int] = field(default_factory=count)

    def take(self, call: Call) -> None:
        """Let one more call have been made."""
        if call.op in "WT":
            self.parts_under_way.setdefault(self._file(call.name), []).append(call)
        elif call.op == "S":
            file = self._file(call.name)
            self.files[file] = _written(self.files.get(file, b""), self.parts_under_way.pop(file, []))
        elif call.op == "D":
            self.names = _renamed(self.names, self.names_under_way)
            self.names_under_way = []
        elif call.op in "RU":
            self._now = _renamed(self._now, [call])
            self.names_under_way.append(call)

    def _file(self, name: str) -> int:
        if name not in self._now:
            new = Call(op="C", offset=next(self._numbers), name=name, content=b"")
            self._now = _renamed(self._now, [new])
            self.names_under_way.append(new)
        return self._now[name]

    def cut(self, folder: Path, *, source: random.Random, arriving: float) -> None:
        """Write into `folder` what a cut at this moment leaves, each sector under way arriving with this chance."""
        changes = sum(source.random() < arriving for _ in self.names_under_way)
        for name, file in _renamed(self.names, self.names_under_way[:changes]).items():
            arrived = [part for call in self.parts_under_way.get(file, []) for part in _torn(call, source, arriving)]
            (folder / name).write_bytes(_written(self.files.get(file, b""), arrived))


def _torn(call: Call, source: random.Random, arriving: float) -> list[Call]:
    """The parts of a call that arrive: whole sectors of a write, or all or nothing of a truncation."""
    if call.op == "T":
        return [call] if source.random() < arriving else []
    parts = []
    at = 0
    while at < len(call.content):
        step = SECTOR - (call.offset + at) % SECTOR
        if source.random() < arriving:
            parts.append(replace(call, offset=call.offset + at, content=call.content[at : at + step]))
        at += step
    return parts


def _written(content: bytes, calls: list[Call]) -> bytes:
    image = bytearray(content)
    for call in calls:
        if call.op == "T":
            del image[call.offset :]
            image.extend(bytes(call.offset - len(image)))
            continue
        end = call.offset + len(call.content)
        image.extend(bytes(max(0, end - len(image))))
        image[call.offset : end] = call.content
    return bytes(image)


def _renamed(names: dict[str, int], calls: list[Call]) -> dict[str, int]:
    after = dict(names)
    for call in calls:
        if call.op == "C":
            after[call.name] = call.offset
        elif call.op == "U":
            after.pop(call.name, None)
        elif call.name in after:
            after[call.content.decode()] = after.pop(call.name)
    return after
