"""Whether an envelope may enter a log: the rules of protocol §7, as a pure function of envelope, roster and log."""

from dataclasses import dataclass

from advocate_app.crypto.signing import ENVELOPE, SignatureBroken, verify
from advocate_app.wire.envelope import (
    DELTA,
    HEADER_SIZE,
    KEYS,
    MAX_ENVELOPE,
    NO_LEAF,
    SIGNATURE_SIZE,
    Envelope,
    parse_envelope,
)
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.roster_state import RosterState
from advocate_server.calls import words

STORED = "stored"
STALE = "stale"
DUPLICATE = "duplicate"
GAP = "gap"
EQUIVOCATION = "equivocation"
NOT_PERMITTED = "not_permitted"
SHELVED = "shelved"
TOO_LARGE = "too_large"
MALFORMED = "malformed"
MOST_SEQ = 2**63 - 1
_SLACK = 4096


@dataclass(frozen=True, slots=True)
class Judgement:
    """A status of `PushResult`, with the reason in words where it is not taken."""

    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """A device's newest envelope in the stream; before the first one, seq 0."""

    seq: int = 0
    leaf: bytes = NO_LEAF
    roster_size: int = 0


class Incoming:
    """One envelope as it came in: its parts, or what is wrong with its bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.broken: Judgement | None = None
        self.envelope: Envelope | None = None
        self.leaf = b""
        self._stands: dict[bytes, bool] = {}
        try:
            if len(data) > MAX_ENVELOPE + HEADER_SIZE + SIGNATURE_SIZE + _SLACK:
                self.broken = Judgement(TOO_LARGE, f"an envelope is at most {MAX_ENVELOPE} bytes, padded")
                return
            self.envelope = parse_envelope(data)
        except WireBroken as fault:
            self.broken = Judgement(MALFORMED, words(fault))
            return
        self.signed = self.envelope.signed
        self.leaf = self.envelope.leaf

    def stands(self, public: bytes) -> bool:
        """Whether the signature stands under this key; worked out once for each key."""
        known = self._stands.get(public)
        if known is None:
            assert self.envelope is not None
            known = self._stands[public] = _stands(public=public, signed=self.signed, signature=self.envelope.signature)
        return known


def judge_before_log(item: Incoming, *, stream: bytes, state: RosterState) -> Judgement | None:
    """What can be said of an envelope without looking at the log; None if nothing speaks against it."""
    if item.envelope is None:
        return item.broken
    header = item.envelope.header
    if header.stream != stream:
        return Judgement(MALFORMED, "it is of another stream")
    if header.kind not in (DELTA, KEYS) or header.seq > MOST_SEQ:
        return Judgement(MALFORMED, "its kind or number is unknown here")
    device = state.devices.get(header.device)
    if device is None:
        return Judgement(NOT_PERMITTED, "its device is not on the roster")
    if not item.stands(device.signing):
        return Judgement(MALFORMED, "its signature does not stand")
    return None


def judge(
    item: Incoming, *, stream: bytes, state: RosterState, last: Last, other_leaf: bool, stopped: bool
) -> Judgement:
    """What becomes of an envelope whose bytes and signature are good and which is not logged already.

    `other_leaf`: another envelope of this number is logged. `stopped`: an earlier one of this device just failed.
    """
    assert item.envelope is not None
    header = item.envelope.header
    device = state.devices[header.device]
    keys = state.streams[stream].key_ids
    if other_leaf:
        return Judgement(EQUIVOCATION, "another envelope of this number is logged")
    if header.key_id not in keys:
        return Judgement(NOT_PERMITTED, "its key is not one that the roster names for this stream")
    if device.until is not None:
        return Judgement(SHELVED, "its device was removed; a supervisor decides")
    if not state.subscribed(member=device.member, stream=stream):
        return Judgement(NOT_PERMITTED, "its member does not write this stream")
    if stopped:
        return Judgement(GAP, "an earlier one of this device was not taken")
    if header.roster_size > state.size:
        return Judgement(NOT_PERMITTED, "it cites a roster that is not known here")
    if header.roster_size < max(last.roster_size, device.since):
        return Judgement(MALFORMED, "it cites an older roster than its device must know")
    if header.seq > last.seq + 1:
        return Judgement(GAP, f"the next number of this device is {last.seq + 1}")
    if header.previous != last.leaf:
        return Judgement(EQUIVOCATION, "it follows on another envelope than the one logged")
    return Judgement(STORED if header.key_id == keys[-1] else STALE)


def _stands(*, public: bytes, signed: bytes, signature: bytes) -> bool:
    try:
        verify(public, domain=ENVELOPE, message=signed, signature=signature)
    except SignatureBroken:
        return False
    return True
