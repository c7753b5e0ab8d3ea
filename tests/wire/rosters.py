"""A roster with real signatures, grown one entry at a time."""

from dataclasses import dataclass, field

from advocate_app.base.ids import SystemIds
from advocate_app.crypto.signing import ROSTER, verify
from advocate_app.wire import api
from advocate_app.wire import roster as r
from advocate_app.wire.invitation import FoundingToken
from advocate_app.wire.roster_reading import read_entry
from advocate_app.wire.roster_state import Group, Member, RosterState, Stream
from tests.server.people import CLOCK, Agency, Device, agency_of, joins, kem, new_device

IDS = SystemIds(CLOCK)


def stands(public: bytes, message: bytes, signature: bytes) -> None:
    """Raises unless the signature is good."""
    verify(public, domain=ROSTER, message=message, signature=signature)


@dataclass
class Grown:
    """A roster as everyone reads it, with the devices that can sign."""

    agency: Agency
    state: RosterState
    boss: Device
    devices: list[Device] = field(default_factory=list)

    def read(self, signed: api.SignedEntry) -> RosterState:
        return read_entry(state=self.state, data=signed.entry, signatures=signed.signatures, verify=stands)

    def add(self, body: r.Body, *signers: Device) -> RosterState:
        signed = self.agency.signed(body, *signers)
        self.state = self.read(signed)
        self.agency.took(signed)
        return self.state

    def member(self, *roles: str, by: tuple[Device, ...] = ()) -> Device:
        device = new_device()
        self.add(joins(device, roles=list(roles)), *by)
        self.devices.append(device)
        return device


def founded() -> Grown:
    """A roster of one entry."""
    token = FoundingToken(agency=IDS.next(), secret=IDS.secret(16), log_public=IDS.secret(32))
    agency = agency_of(token)
    genesis = agency.founding().genesis
    state = read_entry(state=None, data=genesis.entry, signatures=genesis.signatures, verify=stands)
    agency.took(genesis)
    return Grown(agency=agency, state=state, boss=agency.founder, devices=[agency.founder])


def advance(state: RosterState, *, kind: str, scope: bytes, skip: int = 0, link: bytes = b"sealed") -> r.KeyAdvance:
    """The next generation of a scope's key (or, with `skip`, one beyond)."""
    held: Member | Group | Stream
    if kind == "S":
        held = state.streams[scope]
    else:
        held = state.members[scope] if kind == "U" else state.groups[scope]
    return r.KeyAdvance(
        scope_kind=kind,
        scope=scope,
        generation=held.generation + 1 + skip,
        public=b"" if kind == "S" else kem(),
        key_id=IDS.secret(16),
        link=link,
    )
