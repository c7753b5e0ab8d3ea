"""Who this vault is: its agency, member and device, with the device's private keys."""

from dataclasses import dataclass

from advocate_app.crypto.kem import KemKey
from advocate_app.crypto.signing import SigningKey, device_id
from advocate_app.store import facts
from advocate_app.store.connection import Reader
from advocate_app.wire.roster import DeviceKeys


@dataclass(frozen=True, slots=True)
class DeviceSecret:
    """The private keys of one enrolment: 32 bytes Ed25519 seed || 32 bytes X-Wing seed."""

    signer: SigningKey
    kem: KemKey

    @classmethod
    def of(cls, secret: bytes) -> "DeviceSecret":
        """The keys of a 64-byte device secret."""
        if len(secret) != 64:
            raise ValueError("a device secret has 64 bytes")
        return cls(signer=SigningKey(secret[:32]), kem=KemKey.from_seed(secret[32:]))

    @property
    def id(self) -> bytes:
        """The device id, 16 bytes."""
        return device_id(self.signer.public)

    @property
    def keys(self) -> DeviceKeys:
        """The public keys, as the roster names them."""
        return DeviceKeys(signing=self.signer.public, kem=self.kem.public)


@dataclass(frozen=True, slots=True)
class Identity:
    """The agency, member and device that this vault acts as (16 bytes each)."""

    agency: bytes
    member: bytes
    device: DeviceSecret


def find_identity(db: Reader, *, device_secret: bytes) -> Identity | None:
    """Who this vault is, or None before it has founded or joined an agency."""
    agency = facts.find_bytes(db, facts.AGENCY)
    member = facts.find_bytes(db, facts.MEMBER)
    if not agency or not member:
        return None
    return Identity(agency=agency, member=member, device=DeviceSecret.of(device_secret))
