"""The 76-byte header of a key box: which key, for whom, from which device."""

import struct
from dataclasses import dataclass
from typing import Final

from advocate_app.wire.errors import WireBroken

SUITE: Final = 1
HPKE: Final = 1
OWN: Final = 2
MEMBER: Final = "U"
GROUP: Final = "G"
STREAM: Final = "S"
COMPARTMENT: Final = "C"
HEADER_SIZE: Final = 76
SIGNATURE_SIZE: Final = 64
MAX_BOX: Final = 4096
_LAYOUT: Final = struct.Struct(">BBsB16s16s16sII16s")
_SCOPES: Final = frozenset({MEMBER, GROUP, STREAM, COMPARTMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxHeader:
    """What a box says of itself. Ids are 16 bytes; `generation` is 0 for compartment keys."""

    kind: int
    scope_kind: str
    scope: bytes
    key_id: bytes
    generation: int
    recipient: bytes
    recipient_generation: int
    sender: bytes

    def pack(self) -> bytes:
        """The 76 bytes, integers big-endian."""
        return _LAYOUT.pack(
            self.kind,
            SUITE,
            self.scope_kind.encode("ascii"),
            0,
            self.scope,
            self.key_id,
            self.recipient,
            self.recipient_generation,
            self.generation,
            self.sender,
        )


def parse_box_header(box: bytes) -> BoxHeader:
    """The header at the start of a box. Raises `WireBroken` unless it is well formed."""
    if not HEADER_SIZE + SIGNATURE_SIZE + 48 <= len(box) <= MAX_BOX:
        raise WireBroken("key box: wrong length", length=len(box))
    kind, suite, scope_kind, flags, scope, key_id, recipient, for_generation, generation, sender = _LAYOUT.unpack_from(
        box
    )
    text = scope_kind.decode("latin-1")
    if suite != SUITE or kind not in (HPKE, OWN) or flags or text not in _SCOPES:
        raise WireBroken("key box: unknown kind or suite", kind=kind, suite=suite)
    return BoxHeader(
        kind=kind,
        scope_kind=text,
        scope=scope,
        key_id=key_id,
        generation=generation,
        recipient=recipient,
        recipient_generation=for_generation,
        sender=sender,
    )
