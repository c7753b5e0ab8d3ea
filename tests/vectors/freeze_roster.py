"""Writes the frozen vectors of roster, joining and envelopes anew; only while a format has not been released yet.

python -m tests.vectors.freeze_roster
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.crypto.derive import hkdf, key_id
from advocate_app.crypto.kem import KemKey
from advocate_app.crypto.link import make_link
from advocate_app.crypto.signing import ENVELOPE, ROSTER, SigningKey
from advocate_app.crypto.symmetric import seal, sealed_size
from advocate_app.sync.following import verify_entry
from advocate_app.sync.identity import DeviceSecret
from advocate_app.wire import columns, delta, envelope
from advocate_app.wire import roster as r
from advocate_app.wire.keybox import GROUP, MEMBER, STREAM
from advocate_app.wire.padding import pad
from advocate_app.wire.roster_reading import read_entry
from tests.vectors.freeze import flipped, write
from tests.vectors.freeze_joining import freeze_joining
from tests.vectors.sample import EVENTS, KEY, OTHER, SCOPE, summary

_AT: Final = 1_764_000_000_000
_IDS: Final = SeededIds(FixedClock(_AT), seed=2027)
_AGENCY: Final = SCOPE
_ALL: Final = r.group_id(agency=_AGENCY, name="agency")
_SUPERVISION: Final = r.group_id(agency=_AGENCY, name="supervision")
_HOME: Final = r.agency_stream_id(_AGENCY)
_NORTH: Final = bytes(range(48, 64))
_ANA, _BEN, _CY = (bytes([number]) * 16 for number in (0xA1, 0xB2, 0xC3))
_A, _B, _B2, _B3, _C = (DeviceSecret.of(_IDS.secret(64)) for _ in range(5))


class _Scope:
    """Generations of one scope's key."""

    def __init__(self, scope: bytes) -> None:
        self.scope = scope
        self.secrets = [_IDS.secret(32)]

    def next(self) -> bytes:
        """Make the next generation; the link that seals the one before."""
        self.secrets.append(_IDS.secret(32))
        return make_link(newer=self.secrets[-1], older=self.secrets[-2], scope=self.scope)

    @property
    def public(self) -> bytes:
        """The newest generation's public key."""
        return KemKey.from_seed(self.secrets[-1]).public

    @property
    def name(self) -> bytes:
        """The newest generation's key_id."""
        return key_id(self.secrets[-1], scope=self.scope)


_U_ANA, _U_BEN, _U_CY = (_Scope(member) for member in (_ANA, _BEN, _CY))
_G_ALL, _G_SUPERVISION = _Scope(_ALL), _Scope(_SUPERVISION)
_S_HOME, _S_NORTH = _Scope(_HOME), _Scope(_NORTH)


def _name(text: str, *, whose: bytes) -> r.SealedName:
    key = hkdf(_G_ALL.secrets[0], info=b"ADV1/names")
    return r.SealedName(1, seal(key, context=b"ADV1/name\0" + whose, plain=text.encode()))


def _member(whose: bytes, *, text: str, roles: list[str], scope: _Scope) -> r.MemberKeys:
    return r.MemberKeys(whose, _name(text, whose=whose), roles, scope.public, scope.name)


def _advance(kind: str, *, scope: _Scope, linked: bool = True) -> r.KeyAdvance:
    link = scope.next()
    return r.KeyAdvance(
        scope_kind=kind,
        scope=scope.scope,
        generation=len(scope.secrets),
        public=b"" if kind == STREAM else scope.public,
        key_id=scope.name,
        link=link if linked else b"",
    )


def _genesis() -> r.Genesis:
    return r.Genesis(
        min_suite=1,
        founder=_member(_ANA, text="Ana", roles=["authority", "supervisor"], scope=_U_ANA),
        device=_A.keys,
        groups=[
            r.GroupKeys(_ALL, "agency", _G_ALL.public, _G_ALL.name),
            r.GroupKeys(_SUPERVISION, "supervision", _G_SUPERVISION.public, _G_SUPERVISION.name),
        ],
        stream=_HOME,
        stream_key_id=_S_HOME.name,
        recovery_public=KemKey.from_seed(KEY).public,
        log_public=SigningKey(KEY).public,
        paper_public=SigningKey(OTHER).public,
        policy={"own_devices": True, "short_name": "NM"},
    )


def _steps() -> list[tuple[r.Body, tuple[DeviceSecret, ...]]]:
    """One entry of each kind at least, and who signs it."""
    return [
        (_genesis(), (_A,)),
        (r.MemberAdd(member=_member(_BEN, text="Ben", roles=["advocate"], scope=_U_BEN), device=_B.keys), (_A,)),
        (r.GroupChange(group=_SUPERVISION, add=[_BEN], remove=[]), (_A,)),
        (r.DeviceAdd(member=_BEN, device=_B2.keys), (_B,)),
        (
            r.StreamCreate(stream=_NORTH, name=_name("North", whose=_NORTH), key_id=_S_NORTH.name, subscribers=[_BEN]),
            (_A,),
        ),
        (r.Subscribe(stream=_NORTH, who=_ALL), (_A,)),
        (r.Unsubscribe(stream=_NORTH, who=_ALL), (_A,)),
        (_advance(STREAM, scope=_S_NORTH), (_B,)),
        (r.GroupChange(group=_SUPERVISION, add=[], remove=[_BEN]), (_A,)),
        (_advance(GROUP, scope=_G_SUPERVISION), (_A,)),
        (_advance(STREAM, scope=_S_HOME, linked=False), (_A,)),
        (r.MemberAdd(member=_member(_CY, text="Cy", roles=["authority"], scope=_U_CY), device=_C.keys), (_A,)),
        (r.MemberRole(member=_BEN, roles=["advocate", "finance"]), (_A,)),
        (r.DeviceRevoke(device=_B2.id, cutoffs=[(_NORTH, 7)]), (_B,)),
        (_advance(MEMBER, scope=_U_BEN), (_B,)),
        (r.PolicySet(policy={"short_name": "TF"}), (_A, _C)),
        (r.RecoverySet(public=KemKey.from_seed(OTHER).public), (_A, _C)),
        (r.LogKey(public=SigningKey(_IDS.secret(32)).public), (_C, _A)),
        (r.RecoveryRequest(member=_BEN, device=_B3.keys), (_A,)),
        (r.RecoveryApprove(request=18), (_A, _C)),
        (r.Heartbeat(places=[(_HOME, 1, 3, KEY)]), (_C,)),
        (r.MemberRemove(member=_BEN, cutoffs=[(_HOME, 2), (_NORTH, 9)]), (_A,)),
    ]


def _signed(data: bytes, *, by: Sequence[DeviceSecret]) -> list[tuple[bytes, bytes]]:
    digest = r.entry_hash(data)
    return [(one.id, one.signer.sign(domain=ROSTER, message=digest)) for one in by]


def _entry(body: r.Body, *, index: int, previous: bytes, agency: bytes = _AGENCY) -> bytes:
    return r.encode_entry(r.Entry(agency=agency, index=index, previous=previous, at=_AT + index, body=body))


def freeze_roster() -> None:
    """A roster with every kind of entry, what it says at its end, and entries that cannot follow."""
    made: list[dict[str, Any]] = []
    heads: list[bytes] = []
    state = None
    for index, (body, signers) in enumerate(_steps()):
        data = _entry(body, index=index, previous=heads[-1] if heads else r.NO_HASH)
        signatures = _signed(data, by=signers)
        heads.append(r.entry_hash(data))
        state = read_entry(state=state, data=data, signatures=signatures, verify=verify_entry)
        made.append(
            {"kind": msgspec.msgpack.decode(data)[4][0], "entry": data, "hash": heads[-1], "signatures": signatures}
        )
    assert state is not None
    write(
        "roster",
        about="entries in order, and the roster after the last; refused: what may not follow after so many entries",
        vectors=[{"entries": made, "agency_seed": _G_ALL.secrets[0], "names": ["Ana", "Ben", "Cy"], **summary(state)}],
        refused=_refused(made, heads=heads),
    )


def _refused(made: Sequence[dict[str, Any]], *, heads: Sequence[bytes]) -> list[dict[str, Any]]:
    refused: list[dict[str, Any]] = []

    def no(why: str, *, after: int, data: bytes, signatures: list[tuple[bytes, bytes]], raises: str) -> None:
        refused.append({"why": why, "after": after, "entry": data, "signatures": signatures, "raises": raises})

    def rule(why: str, body: r.Body, *, after: int, by: Sequence[DeviceSecret]) -> None:
        data = _entry(body, index=after, previous=heads[after - 1])
        no(why, after=after, data=data, signatures=_signed(data, by=by), raises="RosterBroken")

    end = len(heads)
    first = made[0]["entry"]
    no("a genesis by another", after=0, data=first, signatures=_signed(first, by=(_B,)), raises="RosterBroken")
    turned = [(_A.id, flipped(made[0]["signatures"][0][1], place=5))]
    no("a signature with a bit turned", after=0, data=first, signatures=turned, raises="SignatureBroken")
    beat = r.Heartbeat(places=[])
    good = _entry(beat, index=end, previous=heads[-1])
    no("no signature", after=end, data=good, signatures=[], raises="RosterBroken")
    no("a device twice", after=end, data=good, signatures=_signed(good, by=(_A, _A)), raises="RosterBroken")
    no("a stranger", after=end, data=good, signatures=_signed(good, by=(_B3, _B2)), raises="RosterBroken")
    no("a removed member's device", after=end, data=good, signatures=_signed(good, by=(_B,)), raises="RosterBroken")
    for why, data in (
        ("an index left out", _entry(beat, index=end + 1, previous=heads[-1])),
        ("on another head", _entry(beat, index=end, previous=heads[-2])),
        ("of another agency", _entry(beat, index=end, previous=heads[-1], agency=bytes(16))),
    ):
        no(why, after=end, data=data, signatures=_signed(data, by=(_A,)), raises="RosterBroken")
    parts = msgspec.msgpack.decode(good)
    for why, data in (
        ("an unknown kind", msgspec.msgpack.encode([*parts[:4], ["partner_add", b""]])),
        ("a field too many", msgspec.msgpack.encode([*parts[:4], ["heartbeat", [], 0]])),
        ("a field too few", msgspec.msgpack.encode([*parts[:4], ["heartbeat"]])),
        ("something behind it", good + b"\0"),
        ("cut", good[:-1]),
    ):
        no(why, after=end, data=data, signatures=_signed(data, by=(_A,)), raises="WireBroken")
    rule("a second genesis", _genesis(), after=end, by=(_A,))
    rule("a role given by who is no authority", r.MemberRole(member=_BEN, roles=["finance"]), after=3, by=(_B,))
    rule("policy by one of two authorities", r.PolicySet(policy={}), after=end, by=(_A,))
    rule("one authority removes the other", r.MemberRemove(member=_CY, cutoffs=[]), after=end, by=(_A,))
    rule("the last authority goes", r.MemberRemove(member=_ANA, cutoffs=[]), after=3, by=(_A,))
    rule("an unknown role", r.MemberRole(member=_BEN, roles=["owner"]), after=3, by=(_A,))
    rule("supervision is unsubscribed", r.Unsubscribe(stream=_HOME, who=_SUPERVISION), after=3, by=(_A,))
    skipped = r.KeyAdvance(
        scope_kind=GROUP, scope=_ALL, generation=3, public=_G_ALL.public, key_id=_G_ALL.name, link=b""
    )
    rule("a generation left out", skipped, after=end, by=(_A,))
    other = msgspec.structs.replace(skipped, scope_kind=MEMBER, scope=_CY, generation=2)
    rule("another member's key", other, after=end, by=(_A,))
    rule("recovery that nobody asked for", r.RecoveryApprove(request=2), after=end, by=(_A, _C))
    return refused


def freeze_envelopes() -> None:
    """A keys envelope and the delta behind it, which open down to their events."""
    stream_key, compartment_key, compartment = _IDS.secret(32), _IDS.secret(32), bytes(range(64, 80))
    name, inner = key_id(stream_key, scope=_HOME), key_id(compartment_key, scope=compartment)
    seen = delta.Seen(life=1, index=0, head=KEY)
    keys = delta.Keys(roster_head=OTHER, seen=seen, compartment=compartment, key_id=inner, boxes=[], links=[])
    context = delta.parcel_context(stream=_HOME, device=_A.id, seq=2, compartment=compartment, key_id=inner)
    parcel = seal(compartment_key, context=context, plain=columns.encode(EVENTS))
    content = delta.Delta(
        roster_head=OTHER,
        seen=seen,
        first_no=1,
        devices=[_A.id, _B.id],
        parcels=[delta.Parcel(key_id=inner, count=len(EVENTS), sealed=parcel)],
    )
    made: list[dict[str, Any]] = []
    leaf = envelope.NO_LEAF
    for seq, (kind, plain) in enumerate(((envelope.KEYS, keys), (envelope.DELTA, content)), start=1):
        padded = pad(delta.encode_content(plain))
        header = envelope.Header(
            kind=kind,
            stream=_HOME,
            device=_A.id,
            seq=seq,
            previous=leaf,
            roster_size=9,
            sealed_size=sealed_size(len(padded)),
            key_id=name,
        ).pack()
        bound = delta.delta_context(header) if kind == envelope.DELTA else delta.keys_context(header)
        front = header + seal(stream_key, context=bound, plain=padded)
        unsigned = envelope.parse_envelope(front + bytes(64))
        data = front + _A.signer.sign(domain=ENVELOPE, message=unsigned.signed)
        leaf = envelope.parse_envelope(data).leaf
        made.append(
            {"kind": kind, "envelope": data, "leaf": leaf, "content": delta.encode_content(plain), "context": bound}
        )
    shared = {"stream_key": stream_key, "compartment_key": compartment_key, "compartment": compartment}
    write(
        "envelopes",
        about="a keys envelope and a delta of one device, with the keys that open them; events as in columns",
        vectors=[{**shared, "sender_public": _A.signer.public, "parcel_context": context, "envelopes": made}],
        refused=[
            {"why": "keys with something behind them", "kind": 3, "content": delta.encode_content(keys) + b"\0"},
            {"why": "a delta where keys should be", "kind": 3, "content": delta.encode_content(content)},
            {"why": "keys where a delta should be", "kind": 1, "content": delta.encode_content(keys)},
            {
                "why": "numbers from 0",
                "kind": 1,
                "content": delta.encode_content(msgspec.structs.replace(content, first_no=0)),
            },
            {
                "why": "a parcel of nothing",
                "kind": 1,
                "content": delta.encode_content(
                    msgspec.structs.replace(content, parcels=[delta.Parcel(key_id=inner, count=0, sealed=parcel)])
                ),
            },
            {
                "why": "a short head",
                "kind": 1,
                "content": delta.encode_content(msgspec.structs.replace(content, roster_head=OTHER[:31])),
            },
        ],
    )


if __name__ == "__main__":
    freeze_roster()
    freeze_joining()
    freeze_envelopes()
