"""Nonces and sessions, in memory only: a restarted server asks every device to prove itself again."""

import hashlib
from dataclasses import dataclass
from typing import Final

from advocate_app.base.clock import Clock
from advocate_app.base.ids import Ids

_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Session:
    """A device that proved itself. Whether it is still in good standing is asked of the roster each time."""

    agency: bytes
    device: bytes
    until: int


class Sessions:
    """Hands out nonces and tokens; keeps a token's hash, never the token."""

    def __init__(self, *, clock: Clock, ids: Ids, session_seconds: int, nonce_seconds: int) -> None:
        self._clock = clock
        self._ids = ids
        self.seconds: Final = session_seconds
        self._nonce_ms = nonce_seconds * 1000
        self._nonces: dict[bytes, Session] = {}
        self._open: dict[bytes, Session] = {}

    def challenge(self, *, agency: bytes, device: bytes) -> bytes:
        """A nonce of 32 bytes for this device, good once and for a minute."""
        nonce = self._ids.secret(32)
        self._nonces[nonce] = Session(agency, device, self._clock.now() + self._nonce_ms)
        _forget(self._nonces)
        return nonce

    def spend(self, nonce: bytes, *, agency: bytes, device: bytes) -> bool:
        """Whether this nonce was given to this device and is still good; it is good no more."""
        given = self._nonces.pop(nonce, None)
        if given is None or self._clock.now() >= given.until:
            return False
        return (given.agency, given.device) == (agency, device)

    def open(self, *, agency: bytes, device: bytes) -> str:
        """A token for this device."""
        token = self._ids.secret(32).hex()
        self._open[_hash(token)] = Session(agency, device, self._clock.now() + self.seconds * 1000)
        _forget(self._open)
        return token

    def find(self, token: str) -> Session | None:
        """The session of a token, unless it has ended."""
        key = _hash(token)
        session = self._open.get(key)
        if session is not None and self._clock.now() >= session.until:
            self._open.pop(key, None)
            return None
        return session


def _hash(token: str) -> bytes:
    return hashlib.sha256(b"ADV1/session\0" + token.encode("utf-8", "replace")).digest()


def _forget(kept: dict[bytes, Session]) -> None:
    """Drop the oldest beyond what is kept."""
    while len(kept) > _KEPT:
        kept.pop(next(iter(kept)), None)
