"""One event as it stands inside a parcel, in fields that keep their numbers for ever."""

from typing import Any, Final

import msgspec

MAX_EVENTS: Final = 65_536


class SealedEvent(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One change to one record.

    `record_id` and `txn` are 16 bytes. `fields`: field number to value (None, bool, 64-bit int, str, bytes, or lists
    and maps of these). `over`: register number to names of events, each (index into the delta's devices, no).
    `recorded_at` is milliseconds since 1970 UTC as the clock read; `zone` is minutes east of UTC.
    """

    record_type: int
    record_id: bytes
    verb: int
    fields: dict[int, Any]
    over: dict[int, list[tuple[int, int]]]
    recorded_at: int
    zone: int
    reason: str | None = None
    txn: bytes | None = None


_ENCODER: Final = msgspec.msgpack.Encoder()


def weigh(event: SealedEvent) -> int:
    """Bytes of this event by itself, in msgpack; `wire.envelope.MAX_EVENT` is the most it may be."""
    return len(_ENCODER.encode(event))
