"""What the roster says at a given size: members, devices, groups, streams, and who may change them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from advocate_app.base.errors import Fault
from advocate_app.wire import roster as r
from advocate_app.wire.keybox import GROUP, MEMBER, STREAM

AUTHORITY: Final = "authority"
AGENCY_GROUP: Final = "agency"
SUPERVISION_GROUP: Final = "supervision"
ROLES: Final = frozenset(
    {"advocate", "hotline", "supervisor", "finance", "reporter", "directory_editor", "it", "auditor", AUTHORITY}
)
GROUP_NAMES: Final = frozenset({AGENCY_GROUP, SUPERVISION_GROUP, "finance", "hotline", "directory"})


class RosterBroken(Fault):
    """An entry that does not follow from the roster before it; whoever sent it is not to be believed."""

    code = "roster.broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member. `roles` = ((roster size from which they hold, roles), ...), newest last; no roles once removed."""

    id: bytes
    name: r.SealedName
    roles: tuple[tuple[int, frozenset[str]], ...]
    public: bytes
    key_id: bytes
    generation: int
    due: bool = False
    removed: bool = False

    def roles_at(self, size: int) -> frozenset[str]:
        """The roles held when the roster had this many entries."""
        held: frozenset[str] = frozenset()
        for since, roles in self.roles:
            if since <= size:
                held = roles
        return held

    @property
    def now(self) -> frozenset[str]:
        """The roles held now."""
        return self.roles[-1][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device. `since` and `until` are roster sizes; `cutoffs` = last index that counts, by stream."""

    id: bytes
    member: bytes
    signing: bytes
    kem: bytes
    since: int
    until: int | None = None
    cutoffs: Mapping[bytes, int] = field(default_factory=dict)

    def good_at(self, size: int) -> bool:
        """Whether the device was in good standing when the roster had this many entries."""
        return self.since <= size and (self.until is None or size < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group and the newest generation of its key. `due`: a removal asks for the next generation."""

    id: bytes
    name: str
    members: frozenset[bytes]
    public: bytes
    key_id: bytes
    generation: int
    due: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One stream: who reads and writes it, and its key generations, (key_id of 1, of 2, ...)."""

    id: bytes
    name: r.SealedName | None
    subscribers: frozenset[bytes]
    key_ids: tuple[bytes, ...]
    due: bool = False

    @property
    def generation(self) -> int:
        """The newest generation, from 1."""
        return len(self.key_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A key (`older`, its key_id) sealed under the one of the next generation (`newer`)."""

    scope_kind: str
    scope: bytes
    generation: int
    newer: bytes
    older: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterState:
    """The roster after `size` entries; `head` is the last one's hash and `fingerprint` the first one's."""

    agency: bytes
    size: int
    head: bytes
    fingerprint: bytes
    min_suite: int
    members: Mapping[bytes, Member]
    devices: Mapping[bytes, Device]
    groups: Mapping[bytes, Group]
    streams: Mapping[bytes, Stream]
    links: tuple[Link, ...]
    recovery_public: bytes
    log_public: bytes
    paper_public: bytes
    policy: Mapping[str, int | str | bool]
    heartbeats: Mapping[bytes, tuple[int, int]] = field(default_factory=dict)
    """Each device's last heartbeat: (entry index, `at` in ms)."""
    recovery_requests: Mapping[int, r.RecoveryRequest] = field(default_factory=dict)

    def group(self, name: str) -> Group:
        """The group of this name. Raises KeyError."""
        return self.groups[r.group_id(agency=self.agency, name=name)]

    def member_of(self, device: bytes) -> Member:
        """The member whose device this is. Raises KeyError."""
        return self.members[self.devices[device].member]

    def groups_of(self, member: bytes) -> list[Group]:
        """The groups that a member is in."""
        return [group for group in self.groups.values() if member in group.members]

    def devices_of(self, member: bytes) -> list[Device]:
        """A member's devices in good standing."""
        return [device for device in self.devices.values() if device.member == member and device.until is None]

    def subscribed(self, *, member: bytes, stream: bytes) -> bool:
        """Whether a member reads and writes a stream, in person or through a group."""
        known = self.streams.get(stream)
        person = self.members.get(member)
        if known is None or person is None or person.removed:
            return False
        through = {group.id for group in self.groups_of(member)}
        return member in known.subscribers or bool(through & known.subscribers)

    def streams_of(self, member: bytes) -> list[bytes]:
        """The ids of all streams that a member reads, the agency's first."""
        mine = [stream for stream in self.streams if self.subscribed(member=member, stream=stream)]
        first = r.agency_stream_id(self.agency)
        return sorted(mine, key=lambda stream: (stream != first, stream))

    def authorities(self) -> frozenset[bytes]:
        """Members who may sign changes of the roster."""
        return frozenset(m.id for m in self.members.values() if not m.removed and AUTHORITY in m.now)

    def recipient(self, who: bytes) -> tuple[bytes, int] | None:
        """Public key and generation of a member or group, or None when it is on the roster no more."""
        if who in self.groups:
            return self.groups[who].public, self.groups[who].generation
        member = self.members.get(who)
        if member is None or member.removed:
            return None
        return member.public, member.generation

    def good_at(self, *, device: bytes, size: int) -> bool:
        """Whether a device was in good standing at this size."""
        known = self.devices.get(device)
        return known is not None and known.good_at(size)

    def roles_of_device(self, *, device: bytes, size: int) -> frozenset[str]:
        """The roles of a device's member at this size; none when the device was not in good standing."""
        known = self.devices.get(device)
        if known is None or not known.good_at(size):
            return frozenset()
        return self.members[known.member].roles_at(size)


def new_member(*, keys: r.MemberKeys, since: int) -> Member:
    """A member as the roster first names them. Raises `RosterBroken`."""
    roles = frozenset(keys.roles)
    if len(keys.member) != 16 or len(keys.public) != 1216 or len(keys.key_id) != 16 or not roles <= ROLES or not roles:
        raise RosterBroken("a member's keys or roles are malformed")
    return Member(
        id=keys.member,
        name=keys.name,
        roles=((since, roles),),
        public=keys.public,
        key_id=keys.key_id,
        generation=1,
    )


def new_device(*, keys: r.DeviceKeys, member: bytes, since: int) -> Device:
    """A device as the roster first names it. Raises `RosterBroken`."""
    if len(keys.signing) != 32 or len(keys.kem) != 1216:
        raise RosterBroken("a device's keys are malformed")
    return Device(id=r.device_id_of(keys.signing), member=member, signing=keys.signing, kem=keys.kem, since=since)


def new_group(*, keys: r.GroupKeys, members: frozenset[bytes]) -> Group:
    """A group as the roster first names it. Raises `RosterBroken`."""
    if keys.name not in GROUP_NAMES or len(keys.public) != 1216 or len(keys.key_id) != 16:
        raise RosterBroken("a group's keys are malformed")
    return Group(id=keys.group, name=keys.name, members=members, public=keys.public, key_id=keys.key_id, generation=1)


def scope_exists(*, state: RosterState, scope_kind: str, scope: bytes) -> bool:
    """Whether a member (U), group (G) or stream (S) of this id is on the roster."""
    known = {MEMBER: state.members, GROUP: state.groups, STREAM: state.streams}.get(scope_kind)
    return known is not None and scope in known
