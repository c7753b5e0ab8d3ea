"""Links: an older key of a scope sealed under the key that succeeds it."""

from advocate_app.crypto.derive import key_id
from advocate_app.crypto.errors import KeyMismatch
from advocate_app.crypto.symmetric import open_sealed, seal


def make_link(*, newer: bytes, older: bytes, scope: bytes) -> bytes:
    """The older 32-byte key under the newer one: 104 bytes. `scope` is the 16-byte id that both belong to."""
    return seal(
        newer,
        context=_context(scope=scope, newer_id=key_id(newer, scope=scope), older_id=key_id(older, scope=scope)),
        plain=older,
    )


def open_link(sealed: bytes, *, newer: bytes, older_id: bytes, scope: bytes) -> bytes:
    """The older key, whose 16-byte name is known. Raises `SealBroken`, `KeyMismatch`."""
    context = _context(scope=scope, newer_id=key_id(newer, scope=scope), older_id=older_id)
    older = open_sealed(newer, context=context, sealed=sealed)
    if len(older) != 32 or key_id(older, scope=scope) != older_id:
        raise KeyMismatch("link: holds another key than it names")
    return older


def _context(*, scope: bytes, newer_id: bytes, older_id: bytes) -> bytes:
    return b"ADV1/link\0" + scope + newer_id + older_id
