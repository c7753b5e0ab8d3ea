"""Letters in an invitation's mailbox, sealed under its secret; and the invitation as a file or QR text."""

import json
from dataclasses import dataclass
from typing import Final

from advocate_app.crypto.derive import hkdf
from advocate_app.crypto.symmetric import open_sealed, seal
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.padding import pad, unpad

_FORMAT: Final = "advocate-invitation"
MAX_FILE: Final = 4096


def mailbox_of(secret: bytes) -> bytes:
    """The 16-byte id of an invitation's mailbox."""
    return hkdf(secret, info=b"ADV1/mailbox", length=16)


def seal_letter(*, secret: bytes, step: int, content: bytes) -> bytes:
    """A letter for one step of the mailbox, padded and sealed under the invitation's secret."""
    return seal(_key(secret), context=_context(secret=secret, step=step), plain=pad(content))


def open_letter(*, secret: bytes, step: int, sealed: bytes) -> bytes:
    """The letter's content. Raises `SealBroken`, `WireBroken`."""
    return unpad(open_sealed(_key(secret), context=_context(secret=secret, step=step), sealed=sealed))


def _key(secret: bytes) -> bytes:
    return hkdf(secret, info=b"ADV1/invitation-key")


def _context(*, secret: bytes, step: int) -> bytes:
    return b"ADV1/letter\0" + mailbox_of(secret) + bytes([step])


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationFile:
    """An `.advinvite` file, or the text of its QR code: server, agency fingerprint (32 bytes), secret (16)."""

    server: str
    fingerprint: bytes
    secret: bytes

    def text(self) -> str:
        """JSON, one line."""
        return json.dumps(
            {
                "format": _FORMAT,
                "version": 1,
                "server": self.server,
                "fingerprint": self.fingerprint.hex(),
                "secret": self.secret.hex(),
            },
            separators=(",", ":"),
        )

    def __repr__(self) -> str:
        return "InvitationFile()"


def read_invitation_file(text: str) -> InvitationFile:
    """The invitation in a file or QR text. Raises `WireBroken`."""
    if len(text) > MAX_FILE:
        raise WireBroken("invitation file: too long")
    try:
        content = json.loads(text)
        if content["format"] != _FORMAT or content["version"] != 1:
            raise WireBroken("invitation file: of another format or version")
        found = InvitationFile(
            server=str(content["server"]),
            fingerprint=bytes.fromhex(content["fingerprint"]),
            secret=bytes.fromhex(content["secret"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WireBroken("invitation file: not readable") from error
    if len(found.fingerprint) != 32 or len(found.secret) != 16:
        raise WireBroken("invitation file: not readable")
    return found
