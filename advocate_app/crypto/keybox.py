"""Key boxes: one 32-byte key for one recipient, with the word of the device that made it."""

from typing import Final

from advocate_app.base.errors import Bug
from advocate_app.crypto.derive import hkdf, key_id
from advocate_app.crypto.errors import KeyMismatch
from advocate_app.crypto.kem import KemKey, seal_to
from advocate_app.crypto.signing import KEYBOX, SIGNATURE_SIZE, SignatureBroken, SigningKey, device_id, verify
from advocate_app.crypto.symmetric import open_sealed, seal
from advocate_app.wire.errors import WireBroken
from advocate_app.wire.keybox import HEADER_SIZE, HPKE, OWN, BoxHeader, parse_box_header

HPKE_BOX_SIZE: Final = HEADER_SIZE + 1168 + SIGNATURE_SIZE
OWN_BOX_SIZE: Final = HEADER_SIZE + 104 + SIGNATURE_SIZE
_SIZES: Final = {HPKE: HPKE_BOX_SIZE, OWN: OWN_BOX_SIZE}


def make_box(*, header: BoxHeader, secret: bytes, recipient_public: bytes, signer: SigningKey) -> bytes:
    """A box that only the recipient's private key opens: 1,308 bytes. The header is bound as HPKE `info`."""
    front = _front(header, kind=HPKE, secret=secret, signer=signer)
    return _signed(front + seal_to(recipient_public, info=KEYBOX + front, plain=secret), signer=signer)


def make_own_box(*, header: BoxHeader, secret: bytes, under: bytes, signer: SigningKey) -> bytes:
    """A box for oneself or a group one belongs to, under that recipient's 32-byte seed: 244 bytes."""
    front = _front(header, kind=OWN, secret=secret, signer=signer)
    return _signed(front + seal(_own_key(under), context=KEYBOX + front, plain=secret), signer=signer)


def check_box(box: bytes, *, sender_public: bytes) -> BoxHeader:
    """The header, once size and signature stand. Raises `WireBroken`, `SignatureBroken`.

    Whether the sender was entitled to box this key is for the roster to say.
    """
    header = _checked_header(box)
    if device_id(sender_public) != header.sender:
        raise SignatureBroken("key box: another device's key")
    verify(sender_public, domain=KEYBOX, message=box[:-SIGNATURE_SIZE], signature=box[-SIGNATURE_SIZE:])
    return header


def open_box(box: bytes, *, kem: KemKey) -> bytes:
    """The 32-byte key. Raises `WireBroken`, `SealBroken`, and `KeyMismatch` if it is not the key that the box names."""
    header = _checked_header(box, kind=HPKE)
    return _named(kem.open(_sealed(box), info=KEYBOX + box[:HEADER_SIZE]), header=header)


def open_own_box(box: bytes, *, under: bytes) -> bytes:
    """The 32-byte key from a box made under a seed. Raises as `open_box` does."""
    header = _checked_header(box, kind=OWN)
    plain = open_sealed(_own_key(under), context=KEYBOX + box[:HEADER_SIZE], sealed=_sealed(box))
    return _named(plain, header=header)


def _front(header: BoxHeader, *, kind: int, secret: bytes, signer: SigningKey) -> bytes:
    ids = (header.scope, header.key_id, header.recipient, header.sender)
    if header.kind != kind or any(len(each) != 16 for each in ids):
        raise Bug("key box: header does not fit")
    if header.sender != device_id(signer.public):
        raise Bug("key box: signed by another device than it says")
    if len(secret) != 32 or key_id(secret, scope=header.scope) != header.key_id:
        raise Bug("key box: not the key that the header names")
    return header.pack()


def _signed(body: bytes, *, signer: SigningKey) -> bytes:
    return body + signer.sign(domain=KEYBOX, message=body)


def _sealed(box: bytes) -> bytes:
    return box[HEADER_SIZE:-SIGNATURE_SIZE]


def _own_key(seed: bytes) -> bytes:
    return hkdf(seed, info=b"ADV1/own-box")


def _checked_header(box: bytes, *, kind: int | None = None) -> BoxHeader:
    header = parse_box_header(box)
    if kind is not None and header.kind != kind:
        raise WireBroken("key box: of another kind", kind=header.kind)
    if len(box) != _SIZES[header.kind]:
        raise WireBroken("key box: wrong length", length=len(box))
    return header


def _named(plain: bytes, *, header: BoxHeader) -> bytes:
    if len(plain) != 32 or key_id(plain, scope=header.scope) != header.key_id:
        raise KeyMismatch("key box: holds another key than it names")
    return plain
