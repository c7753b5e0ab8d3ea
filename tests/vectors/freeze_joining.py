"""Makes the frozen vectors of what is handed over at founding and joining; run by `freeze_roster`."""

from typing import Any, Final

import msgspec

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.crypto.derive import key_id
from advocate_app.crypto.kem import KemKey
from advocate_app.crypto.signing import INVITE, SigningKey
from advocate_app.domain.compartments import CompartmentKind, compartment_id
from advocate_app.sync.enrolment import _words
from advocate_app.sync.identity import DeviceSecret
from advocate_app.sync.keyring import recovery_recipient
from advocate_app.sync.letters import InvitationFile, mailbox_of, seal_letter
from advocate_app.wire.invitation import Answer, Application, FoundingToken, StreamPlace, Welcome, encode_letter
from advocate_app.wire.roster import agency_stream_id, group_id
from tests.vectors.freeze import flipped, write
from tests.vectors.sample import KEY, OTHER, SCOPE, SEED

_IDS: Final = SeededIds(FixedClock(1_764_000_000_000), seed=2028)
_SECRET: Final = bytes(range(0xF0, 0x100))
_MEMBER: Final = bytes([0xB2]) * 16


def freeze_joining() -> None:
    """Founding token, invitation file, letters, check words, and ids that both sides derive."""
    inviter, newcomer = DeviceSecret.of(_IDS.secret(64)), DeviceSecret.of(_IDS.secret(64))
    recovery = KemKey.from_seed(SEED).public
    token = FoundingToken(agency=SCOPE, secret=_SECRET, log_public=SigningKey(KEY).public)
    invitation = InvitationFile(server="https://advocate.example:8320", fingerprint=KEY, secret=_SECRET)
    welcome = Welcome(
        agency=SCOPE,
        fingerprint=KEY,
        roster_size=7,
        roster_head=OTHER,
        places=[StreamPlace(agency_stream_id(SCOPE), 1, 12, SEED)],
        role="advocate",
        inviter=bytes([0xA1]) * 16,
        inviter_device=inviter.id,
        inviter_keys=inviter.keys,
        member=_MEMBER,
        expires_at=1_764_259_200_000,
    )
    unsigned = Application(
        name="Luz",
        device=newcomer.keys,
        member_public=KemKey.from_seed(OTHER).public,
        member_key_id=key_id(OTHER, scope=_MEMBER),
        signature=b"",
    )
    message = mailbox_of(_SECRET) + encode_letter(unsigned)
    application = msgspec.structs.replace(unsigned, signature=newcomer.signer.sign(domain=INVITE, message=message))
    words = _words(secret=_SECRET, fingerprint=KEY, inviter=inviter.keys, application=application)
    letters: list[dict[str, Any]] = [
        {
            "of": "letter",
            "secret": _SECRET,
            "step": step,
            "content": encode_letter(letter),
            "sealed": seal_letter(secret=_SECRET, step=step, content=encode_letter(letter)),
        }
        for step, letter in ((1, welcome), (2, application), (3, Answer(approved=True, roster_size=7, reason="")))
    ]
    text = invitation.text()
    write(
        "joining",
        about="what is handed over at founding and joining, and the ids that both sides derive",
        vectors=[
            {"of": "token", "agency": SCOPE, "secret": _SECRET, "log_public": token.log_public, "text": token.text()},
            {"of": "file", "server": invitation.server, "fingerprint": KEY, "secret": _SECRET, "text": text},
            *letters,
            {"of": "signed application", "message": message, "signature": application.signature},
            {
                "of": "check words",
                "secret": _SECRET,
                "fingerprint": KEY,
                "inviter": inviter.keys,
                "application": encode_letter(application),
                "words": " ".join(words),
            },
            {"of": "id", "what": "mailbox", "from": _SECRET, "out": mailbox_of(_SECRET)},
            {"of": "id", "what": "stream", "from": SCOPE, "out": agency_stream_id(SCOPE)},
            {"of": "id", "what": "supervision", "from": SCOPE, "out": group_id(agency=SCOPE, name="supervision")},
            {"of": "id", "what": "recovery", "from": recovery, "out": recovery_recipient(recovery).id},
            {
                "of": "id",
                "what": "file",
                "from": _MEMBER,
                "out": compartment_id(SCOPE, kind=CompartmentKind.FILE, owner=_MEMBER),
            },
            {
                "of": "id",
                "what": "register",
                "from": b"tasks",
                "out": compartment_id(SCOPE, kind=CompartmentKind.REGISTER, owner="tasks"),
            },
        ],
        refused=[
            {"of": "token", "why": "a letter mistyped", "text": _mistyped(token.text()), "raises": "WireBroken"},
            {"of": "token", "why": "cut", "text": token.text()[:-1], "raises": "WireBroken"},
            {"of": "token", "why": "of another kind", "text": "adv2" + token.text()[4:], "raises": "WireBroken"},
            {"of": "file", "why": "cut", "text": text[:-1], "raises": "WireBroken"},
            {"of": "file", "why": "of another version", "text": text.replace(":1,", ":2,"), "raises": "WireBroken"},
            {"of": "file", "why": "a short secret", "text": text.replace("fdfeff", "fdfe"), "raises": "WireBroken"},
            letters[0] | {"why": "in another step", "step": 2, "raises": "SealBroken"},
            letters[0] | {"why": "under another secret", "secret": bytes(16), "raises": "SealBroken"},
            letters[2]
            | {"why": "a bit turned", "sealed": flipped(letters[2]["sealed"], place=70), "raises": "SealBroken"},
        ],
    )


def _mistyped(text: str) -> str:
    return text[:20] + ("b" if text[20] == "a" else "a") + text[21:]
