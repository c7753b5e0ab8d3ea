"""An agency with real signing keys, as laptops would make it; what is sealed is random bytes here."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from advocate_app.base.clock import SystemClock
from advocate_app.base.ids import SystemIds
from advocate_app.crypto.signing import ENVELOPE, KEYBOX, ROSTER, SigningKey
from advocate_app.wire import keybox
from advocate_app.wire import roster as r
from advocate_app.wire.api import Found, RosterAppend, SignedEntry
from advocate_app.wire.envelope import DELTA, NO_LEAF, Header, leaf_of
from advocate_app.wire.invitation import FoundingToken

CLOCK = SystemClock()
IDS = SystemIds(CLOCK)


def kem() -> bytes:
    """A public key as long as they are."""
    return IDS.secret(1216)


@dataclass
class Chain:
    """How far a device has sealed in one stream."""

    seq: int = 0
    leaf: bytes = NO_LEAF


@dataclass
class Device:
    """One device of one member."""

    member: bytes
    key: SigningKey
    kem: bytes
    chains: dict[bytes, Chain] = field(default_factory=dict)

    @property
    def id(self) -> bytes:
        return r.device_id_of(self.key.public)

    @property
    def keys(self) -> r.DeviceKeys:
        return r.DeviceKeys(signing=self.key.public, kem=self.kem)


def new_device(member: bytes | None = None) -> Device:
    """A device that is on no roster yet."""
    return Device(member=member or IDS.next(), key=SigningKey(IDS.secret(32)), kem=kem())


@dataclass
class Agency:
    """An agency as its founder sees it: what the roster says, and who signs."""

    id: bytes
    secret: bytes
    log_public: bytes
    founder: Device
    size: int = 0
    head: bytes = r.NO_HASH
    stream_keys: dict[bytes, list[bytes]] = field(default_factory=dict)
    genesis: SignedEntry | None = None
    recovery_public: bytes = field(default_factory=kem)

    @property
    def stream(self) -> bytes:
        """The stream that all read."""
        return r.agency_stream_id(self.id)

    def group(self, name: str) -> bytes:
        return r.group_id(agency=self.id, name=name)

    def founding(self, **changed: Any) -> Found:
        """The message that founds the agency."""
        key_id = IDS.secret(16)
        self.stream_keys[self.stream] = [key_id]
        body = r.Genesis(
            min_suite=1,
            founder=member_keys(self.founder, roles=["authority", "supervisor"]),
            device=self.founder.keys,
            groups=[
                r.GroupKeys(group=self.group(name), name=name, public=kem(), key_id=IDS.secret(16))
                for name in ("agency", "supervision")
            ],
            stream=self.stream,
            stream_key_id=key_id,
            recovery_public=self.recovery_public,
            log_public=changed.pop("log_public", self.log_public),
            paper_public=IDS.secret(32),
            policy={"own_devices": True},
        )
        self.genesis = self.signed(body)
        return Found(
            agency=self.id,
            secret=changed.pop("secret", self.secret),
            genesis=self.genesis,
            boxes=[self.box(scope_kind="G", scope=self.group("agency"), recipient=self.founder.member)],
        )

    def signed(
        self, body: r.Body, *signers: Device, index: int | None = None, previous: bytes | None = None
    ) -> SignedEntry:
        """An entry that follows on what this agency knows of its roster, signed by these devices or the founder's."""
        entry = r.encode_entry(
            r.Entry(
                agency=self.id,
                index=self.size if index is None else index,
                previous=self.head if previous is None else previous,
                at=CLOCK.now(),
                body=body,
            )
        )
        digest = r.entry_hash(entry)
        made_by = signers or (self.founder,)
        return SignedEntry(
            entry=entry,
            signatures=[(device.id, device.key.sign(domain=ROSTER, message=digest)) for device in made_by],
        )

    def growing(self, *bodies: r.Body, by: Device | None = None, boxes: list[bytes] | None = None) -> RosterAppend:
        """A message that appends entries; what this agency knows is moved on as if it succeeded."""
        size, head = self.size, self.head
        entries = []
        for body in bodies:
            entries.append(self.signed(body, *([by] if by else [])))
            self.took(entries[-1])
        return RosterAppend(size=size, head=head, entries=entries, boxes=boxes or [])

    def took(self, signed: SignedEntry) -> None:
        """The roster has one more entry."""
        self.size, self.head = self.size + 1, r.entry_hash(signed.entry)

    def box(
        self,
        *,
        scope_kind: str,
        scope: bytes,
        recipient: bytes,
        sender: Device | None = None,
        sealed: bytes | None = None,
    ) -> bytes:
        """A key box with a true header and signature."""
        by = sender or self.founder
        header = keybox.BoxHeader(
            kind=keybox.HPKE,
            scope_kind=scope_kind,
            scope=scope,
            key_id=IDS.secret(16),
            generation=1,
            recipient=recipient,
            recipient_generation=1,
            sender=by.id,
        )
        signed = header.pack() + (sealed or IDS.secret(1168))
        return signed + by.key.sign(domain=KEYBOX, message=signed)

    def seal(
        self,
        device: Device,
        *,
        stream: bytes | None = None,
        size: int = 512,
        keep: bool = True,
        **changed: Any,
    ) -> bytes:
        """The device's next envelope; with `keep`, the one after follows on it. `changed` alters the header."""
        where = stream or self.stream
        chain = device.chains.setdefault(where, Chain())
        sealed = IDS.secret(size)
        fields: dict[str, Any] = {
            "kind": DELTA,
            "stream": where,
            "device": device.id,
            "seq": chain.seq + 1,
            "previous": chain.leaf,
            "roster_size": self.size,
            "sealed_size": size,
            "key_id": self.stream_keys[where][-1],
        }
        front = Header(**{**fields, **changed}).pack()
        signed = front + hashlib.sha256(sealed).digest()
        signature = device.key.sign(domain=ENVELOPE, message=signed)
        if keep:
            device.chains[where] = Chain(seq=chain.seq + 1, leaf=leaf_of(signed=signed, signature=signature))
        return front + sealed + signature


def agency_of(token: FoundingToken) -> Agency:
    """The agency that a founding token is for, not founded yet."""
    return Agency(id=token.agency, secret=token.secret, log_public=token.log_public, founder=new_device())


def member_keys(device: Device, *, roles: list[str]) -> r.MemberKeys:
    """A member as first rostered."""
    return r.MemberKeys(
        member=device.member,
        name=r.SealedName(generation=1, sealed=IDS.secret(72)),
        roles=roles,
        public=kem(),
        key_id=IDS.secret(16),
    )


def joins(device: Device, *, roles: list[str]) -> r.MemberAdd:
    """The entry that takes a new member in."""
    return r.MemberAdd(member=member_keys(device, roles=roles), device=device.keys)
