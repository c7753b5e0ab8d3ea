"""The inputs of the frozen vectors, and how bytes stand in their JSON: {"hex": "00ff"}."""

import json
from pathlib import Path
from typing import Any, Final

import msgspec

from advocate_app.crypto.derive import key_id
from advocate_app.crypto.signing import SigningKey, device_id
from advocate_app.wire.events import SealedEvent
from advocate_app.wire.roster_state import RosterState

KEY: Final = bytes(range(32))
OTHER: Final = bytes(range(32, 64))
SEED: Final = bytes(range(64, 96))
SECRET: Final = bytes(range(96, 128))
SCOPE: Final = bytes(range(16))
KIT: Final = {"recovery_seed": SEED, "paper_seed": OTHER, "fingerprint": KEY}

_CLIENT: Final = bytes.fromhex("019ab0000000700080000000000000a1")
_AT: Final = 1_764_000_000_000
EVENTS: Final = [
    SealedEvent(1, _CLIENT, 1, {3: "Ana", 5: "Begay", 7: ["Annie"], 13: None}, {}, _AT, -420),
    SealedEvent(
        2, bytes.fromhex("019ab0000001700080000000000000b2"), 1, {1: _CLIENT, 2: "call", 4: True}, {}, _AT + 9, -420
    ),
    SealedEvent(
        2, bytes.fromhex("019ab0000002700080000000000000b3"), 1, {1: _CLIENT, 2: "call", 4: False}, {}, _AT + 8, -420
    ),
    SealedEvent(1, _CLIENT, 1, {3: "Anna"}, {3: [(0, 1)], 200: [(1, 7), (0, 2)]}, _AT + 60_000, -360, "asked", _CLIENT),
    SealedEvent(5, bytes(16), 2, {}, {}, 0, 0, None, b"\xff" * 16),
    SealedEvent(5, bytes(16), 9, {1: _AT, 2: -5, 3: {"VOCA": 6000}, 4: b"\0\1"}, {}, (1 << 48) - 1, 1440),
]
HEADER: Final[dict[str, Any]] = {
    "kind": 1,
    "stream": bytes(range(16, 32)),
    "device": device_id(SigningKey(KEY).public),
    "seq": 258,
    "previous": OTHER,
    "roster_size": 7,
    "sealed_size": 584,
    "key_id": key_id(SECRET, scope=SCOPE),
}


def box_header(*, kind: int, sender: bytes) -> dict[str, Any]:
    """The fields of the boxes' header."""
    return {
        "kind": kind,
        "scope_kind": "C",
        "scope": SCOPE,
        "key_id": key_id(SECRET, scope=SCOPE),
        "generation": 0,
        "recipient": bytes(range(16, 32)),
        "recipient_generation": 3,
        "sender": sender,
    }


def summary(state: RosterState) -> dict[str, Any]:
    """What a roster says, as JSON can hold it."""
    return {
        "size": state.size,
        "fingerprint": state.fingerprint,
        "head": state.head,
        "members": [
            [one.id, [[since, sorted(roles)] for since, roles in one.roles], one.key_id, one.generation, one.due]
            for one in state.members.values()
        ],
        "devices": [
            [one.id, one.member, one.since, one.until, [list(cut) for cut in one.cutoffs.items()]]
            for one in state.devices.values()
        ],
        "groups": [
            [one.id, one.name, sorted(one.members), one.key_id, one.generation, one.due]
            for one in state.groups.values()
        ],
        "streams": [[one.id, sorted(one.subscribers), list(one.key_ids), one.due] for one in state.streams.values()],
        "links": [[one.scope_kind, one.scope, one.generation, one.newer, one.older] for one in state.links],
        "log_public": state.log_public,
        "policy": dict(state.policy),
        "heartbeats": [[device, list(beat)] for device, beat in state.heartbeats.items()],
    }


def as_json(value: object) -> object:
    """How JSON holds bytes, and structs as their fields."""
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, msgspec.Struct):
        return [getattr(value, name) for name in value.__struct_fields__]
    raise TypeError(type(value))


def read(name: str) -> dict[str, Any]:
    """One file of vectors, with its bytes."""
    text = (Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8")
    read_in: dict[str, Any] = json.loads(
        text, object_hook=lambda found: bytes.fromhex(found["hex"]) if found.keys() == {"hex"} else found
    )
    return read_in
