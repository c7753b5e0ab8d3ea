"""Writes the frozen vectors anew; to be run only while a format has not been released yet.

python -m tests.vectors.freeze
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.base.private import Private
from advocate_app.crypto import signing
from advocate_app.crypto.derive import hkdf, key_id
from advocate_app.crypto.kem import KemKey, seal_to
from advocate_app.crypto.keybox import make_box, make_own_box
from advocate_app.crypto.link import make_link
from advocate_app.crypto.recovery import RecoveryKit, kit_text, split
from advocate_app.crypto.signing import ENVELOPE, KEYBOX, SigningKey, device_id
from advocate_app.crypto.slots import FLOOR, add_recovery, create_keyfile
from advocate_app.crypto.symmetric import seal
from advocate_app.crypto.words import check_words, secret_to_words
from advocate_app.wire.columns import encode, uncompressed
from advocate_app.wire.envelope import Header, parse_envelope
from advocate_app.wire.keybox import HPKE, OWN, BoxHeader
from advocate_app.wire.log import Receipt, first_head, next_head
from advocate_app.wire.padding import pad
from tests.vectors.sample import EVENTS, HEADER, KEY, KIT, OTHER, SCOPE, SECRET, SEED, as_json, box_header

FOLDER: Final = Path(__file__).parent
IDS: Final = SeededIds(FixedClock(1_764_000_000_000), seed=2026)
SIGNER: Final = SigningKey(KEY)
KEM: Final = KemKey.from_seed(SEED)


def write(name: str, *, about: str, vectors: Sequence[Mapping[str, Any]], refused: Sequence[Mapping[str, Any]]) -> None:
    """One file: what must come out, and what must be refused with which fault."""
    content = {"about": about, "vectors": vectors, "refused": refused}
    text = json.dumps(content, indent=1, ensure_ascii=False, default=as_json)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def flipped(content: bytes, *, place: int) -> bytes:
    """The bytes with one bit turned."""
    place %= len(content)
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def freeze_derivations() -> None:
    """Names of keys and devices."""
    write(
        "derivations",
        about="hkdf: HKDF-SHA256; key_id: HKDF(key, ADV1/key-id || scope)[:16]; device_id of an Ed25519 public key",
        vectors=[
            {"of": "hkdf", "secret": KEY, "info": b"ADV1/own-box", "out": hkdf(KEY, info=b"ADV1/own-box")},
            {
                "of": "hkdf",
                "secret": KEY,
                "info": b"",
                "salt": SCOPE,
                "out": hkdf(KEY, info=b"", length=48, salt=SCOPE),
            },
            {"of": "key_id", "key": KEY, "scope": SCOPE, "out": key_id(KEY, scope=SCOPE)},
            {"of": "key_id", "key": OTHER, "scope": bytes(16), "out": key_id(OTHER, scope=bytes(16))},
            {"of": "device_id", "public": SIGNER.public, "out": device_id(SIGNER.public)},
            {"of": "kem_public", "seed": SEED, "out": KEM.public},
        ],
        refused=[],
    )


def freeze_signatures() -> None:
    """One signature for each domain."""
    names = ("ROSTER", "ENVELOPE", "KEYBOX", "RECEIPT", "AUTH", "INVITE")
    made = [
        {
            "domain": getattr(signing, name),
            "seed": KEY,
            "public": SIGNER.public,
            "message": b"message",
            "signature": SIGNER.sign(domain=getattr(signing, name), message=b"message"),
        }
        for name in names
    ]
    first = made[0]
    write(
        "signatures",
        about="Ed25519 over domain || message",
        vectors=made,
        refused=[
            first | {"why": "another domain", "domain": b"ADV1/auth\0"},
            first | {"why": "another message", "message": b"massage"},
            first | {"why": "a bit turned", "signature": flipped(first["signature"], place=5)},
            first | {"why": "cut", "signature": first["signature"][:-1]},
            first | {"why": "the neutral point as key", "public": b"\1" + bytes(31), "signature": b"\1" + bytes(63)},
        ],
    )


def freeze_seals() -> None:
    """Cobblestone-256, HPKE, links."""
    sealed = seal(KEY, context=b"ADV1/context\0", plain=b"plain")
    good = {"of": "cobblestone", "key": KEY, "context": b"ADV1/context\0", "sealed": sealed, "plain": b"plain"}
    boxed = {"of": "hpke", "seed": SEED, "info": b"info", "sealed": seal_to(KEM.public, info=b"info", plain=SECRET)}
    link = {"of": "link", "newer": KEY, "older_id": key_id(OTHER, scope=SCOPE), "scope": SCOPE}
    link |= {"sealed": make_link(newer=KEY, older=OTHER, scope=SCOPE)}
    context = b"ADV1/link\0" + SCOPE + key_id(KEY, scope=SCOPE) + key_id(OTHER, scope=SCOPE)
    write(
        "seals",
        about="Cobblestone-256; HPKE with X-Wing, HKDF-SHA256, AES-256-GCM; links of keys",
        vectors=[good, boxed | {"plain": SECRET}, link | {"plain": OTHER}],
        refused=[
            good | {"why": "another context", "context": b"", "raises": "SealBroken"},
            good | {"why": "another key", "key": OTHER, "raises": "SealBroken"},
            good | {"why": "a bit turned", "sealed": flipped(sealed, place=-1), "raises": "SealBroken"},
            good | {"why": "cut", "sealed": sealed[:-1], "raises": "SealBroken"},
            boxed | {"why": "another info", "info": b"", "raises": "SealBroken"},
            boxed | {"why": "another seed", "seed": OTHER, "raises": "SealBroken"},
            link | {"why": "another scope", "scope": bytes(16), "raises": "SealBroken"},
            link | {"why": "another older key", "older_id": bytes(16), "raises": "SealBroken"},
            link
            | {"why": "holds another key", "sealed": seal(KEY, context=context, plain=SECRET), "raises": "KeyMismatch"},
        ],
    )


def freeze_boxes() -> None:
    """Key boxes of both kinds."""
    hpke = box_header(kind=HPKE, sender=device_id(SIGNER.public))
    own = box_header(kind=OWN, sender=device_id(SIGNER.public))
    box = make_box(header=BoxHeader(**hpke), secret=SECRET, recipient_public=KEM.public, signer=SIGNER)
    own_box = make_own_box(header=BoxHeader(**own), secret=SECRET, under=OTHER, signer=SIGNER)
    front = BoxHeader(**hpke).pack()
    body = front + seal_to(KEM.public, info=KEYBOX + front, plain=OTHER)
    other = body + SIGNER.sign(domain=KEYBOX, message=body)
    shared = {"sender_public": SIGNER.public, "seed": SEED}
    own_shared = {"sender_public": SIGNER.public, "under": OTHER}
    write(
        "boxes",
        about="76-byte header || seal || Ed25519 signature; seed opens HPKE boxes, under opens own ones",
        vectors=[
            shared | {"header": hpke, "box": box, "secret": SECRET},
            own_shared | {"header": own, "box": own_box, "secret": SECRET},
        ],
        refused=[
            shared | {"why": "a bit of the header turned", "box": flipped(box, place=20), "raises": "SignatureBroken"},
            shared | {"why": "a bit of the seal turned", "box": flipped(box, place=200), "raises": "SignatureBroken"},
            shared
            | {"why": "a bit of the signature turned", "box": flipped(box, place=-9), "raises": "SignatureBroken"},
            shared | {"why": "another suite", "box": box[:1] + b"\2" + box[2:], "raises": "WireBroken"},
            shared | {"why": "an unknown kind", "box": b"\3" + box[1:], "raises": "WireBroken"},
            shared | {"why": "flags", "box": box[:3] + b"\1" + box[4:], "raises": "WireBroken"},
            shared | {"why": "cut", "box": box[:-1], "raises": "WireBroken"},
            shared | {"why": "holds another key", "box": other, "raises": "KeyMismatch"},
            shared | {"why": "another recipient", "seed": OTHER, "box": box, "raises": "SealBroken"},
            own_shared | {"why": "under another seed", "under": SEED, "box": own_box, "raises": "SealBroken"},
        ],
    )


def freeze_padding() -> None:
    """Sizes, and one padded message."""
    sizes = [0, 1, 508, 509, 1000, 1020, 2000, 4096, 10_000, 65_536, 100_000, 262_140, 1_000_000]
    padded = pad(b"content")
    write(
        "padding",
        about="u32 length || content || zeros, to Padme of the sum, at least 512",
        vectors=[{"of": "size", "size": size, "padded": len(pad(bytes(size)))} for size in sizes]
        + [{"of": "bytes", "content": b"content", "padded": padded}],
        refused=[
            {"why": "a padding byte that is not zero", "padded": flipped(padded, place=-1)},
            {"why": "a size that it should not have", "padded": padded + b"\0"},
            {"why": "cut", "padded": padded[:-1]},
            {"why": "a length beyond the end", "padded": b"\0\0\2\0" + padded[4:]},
            {"why": "nothing", "padded": b""},
        ],
    )


def freeze_columns() -> None:
    """Events in a parcel, compressed with dictionary 1 and not at all."""
    packed, raw = encode(EVENTS), b"\0" + uncompressed(EVENTS)
    events = [[getattr(event, name) for name in event.__struct_fields__] for event in EVENTS]
    write(
        "columns",
        about="dictionary number || zstd(msgpack(columns)); events as wire.events.SealedEvent, fields in its order",
        vectors=[{"packed": packed, "events": events}, {"packed": raw, "events": events}],
        refused=[
            {"why": "nothing", "packed": b""},
            {"why": "a dictionary of a newer program", "packed": b"\2" + packed[1:]},
            {"why": "cut", "packed": packed[:-1]},
            {"why": "something behind the frame", "packed": packed + b"\0"},
            {"why": "something behind the columns", "packed": raw + b"\0"},
            {"why": "columns cut", "packed": raw[:-1]},
            {"why": "a column too many", "packed": b"\0\x9e" + raw[2:] + b"\x90"},
        ],
    )


def freeze_keyfile() -> None:
    """A keyfile with a passphrase slot and a recovery slot, at the floor's cost."""
    made = create_keyfile(
        passphrase=Private("correct horse"), vault_key=KEY, device_secret=OTHER + SEED, cost=FLOOR, ids=IDS
    )
    whole = add_recovery(made, vault_key=KEY, recovery_public=KEM.public)
    good = {"keyfile": whole, "passphrase": "correct horse"}
    write(
        "keyfile",
        about="docs/spec/keyfile.md; recovery_seed opens the recovery slot",
        vectors=[good | {"vault_key": KEY, "device_secret": OTHER + SEED, "recovery_seed": SEED}],
        refused=[
            good | {"why": "another passphrase", "passphrase": "Correct horse", "raises": "WrongPassphrase"},
            good | {"why": "a bit turned", "keyfile": flipped(whole, place=60), "raises": "KeyfileDamaged"},
            good | {"why": "cut", "keyfile": whole[:-1], "raises": "KeyfileDamaged"},
            good | {"why": "not a keyfile", "keyfile": b"x" + whole[1:], "raises": "KeyfileDamaged"},
        ],
    )


def freeze_words() -> None:
    """Words of secrets, check words, a recovery sheet, shares."""
    sheet = kit_text(RecoveryKit(**KIT))
    shares = split(SEED, k=2, n=3)
    write(
        "words",
        about="BIP39 words of secrets; check words of digests; the recovery sheet; SLIP-39 shares, two of three",
        vectors=[
            {"of": "secret", "secret": KEY[:16], "english": secret_to_words(KEY[:16])},
            {"of": "secret", "secret": KEY, "english": secret_to_words(KEY)},
            {"of": "spanish", "secret": KEY[:16], "spanish": secret_to_words(KEY[:16], language="spanish")},
            {"of": "check", "digest": KEY, "english": " ".join(check_words(KEY))},
            {"of": "check", "digest": OTHER, "english": " ".join(check_words(OTHER))},
            {"of": "sheet", "sheet": sheet, **KIT},
            {"of": "shares", "shares": [shares[0], shares[2]], "seed": SEED},
        ],
        refused=[
            {"of": "secret", "why": "the checksum", "words": "abandon " * 11 + "abandon", "raises": "WordsBroken"},
            {"of": "secret", "why": "no such word", "words": "abandon " * 11 + "xyzzy", "raises": "WordsBroken"},
            {"of": "secret", "why": "a word too few", "words": "abandon " * 11, "raises": "WordsBroken"},
            {"of": "sheet", "why": "a line is missing", "sheet": sheet.replace("P2", ""), "raises": "KitBroken"},
            {"of": "shares", "why": "one alone", "shares": shares[:1], "raises": "SharesMissing"},
            {"of": "shares", "why": "a damaged one", "shares": [shares[0], shares[1][:-8]], "raises": "ShareBroken"},
        ],
    )


def freeze_log() -> None:
    """An envelope and its leaf, heads of a log, what a receipt signs."""
    header = Header(**HEADER)
    sealed = bytes(HEADER["sealed_size"])
    body = header.pack() + sealed
    signed = header.pack() + hashlib.sha256(sealed).digest()
    envelope = body + SIGNER.sign(domain=ENVELOPE, message=signed)
    parsed = parse_envelope(envelope)
    before = first_head(agency=SCOPE, stream=HEADER["stream"])
    place: dict[str, Any] = {"index": 1, "leaf": parsed.leaf, "received_at": 1_764_000_000_123, "roster_size": 9}
    head = next_head(before=before, **place)
    receipt = Receipt(agency=SCOPE, stream=HEADER["stream"], life=1, head=head, **place)
    write(
        "log",
        about="an envelope, its leaf, the heads before and after it, what its receipt signs after ADV1/receipt\\0",
        vectors=[
            {
                "header": HEADER,
                "envelope": envelope,
                "sender_public": SIGNER.public,
                "leaf": parsed.leaf,
                "agency": SCOPE,
                "before": before,
                "place": place,
                "head": head,
                "life": 1,
                "receipt": receipt.signed(),
            }
        ],
        refused=[
            {"why": "another magic", "envelope": b"ADV2" + envelope[4:]},
            {"why": "another suite", "envelope": envelope[:4] + b"\2" + envelope[5:]},
            {"why": "flags", "envelope": envelope[:7] + b"\1" + envelope[8:]},
            {"why": "cut", "envelope": envelope[:-1]},
            {"why": "something behind it", "envelope": envelope + b"\0"},
            {"why": "another length", "envelope": envelope[:84] + b"\xff\xff\xff\xff" + envelope[88:]},
            {"why": "sequence 0", "envelope": envelope[:40] + bytes(8) + envelope[48:]},
            {"why": "sequence 1 with a leaf before it", "envelope": envelope[:46] + b"\0\1" + envelope[48:]},
            {"why": "only a header", "envelope": envelope[:104]},
            {"why": "nothing", "envelope": b""},
        ],
    )


def main() -> None:
    """Write every file."""
    for freeze in (
        freeze_derivations,
        freeze_signatures,
        freeze_seals,
        freeze_boxes,
        freeze_padding,
        freeze_columns,
        freeze_keyfile,
        freeze_words,
        freeze_log,
    ):
        freeze()


if __name__ == "__main__":
    main()
