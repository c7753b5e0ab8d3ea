"""How each kind of roster entry changes the roster, and whose signature it needs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from advocate_app.wire import roster as r
from advocate_app.wire.keybox import GROUP, MEMBER, STREAM
from advocate_app.wire.roster_state import (
    AGENCY_GROUP,
    AUTHORITY,
    GROUP_NAMES,
    ROLES,
    SUPERVISION_GROUP,
    Group,
    Link,
    RosterBroken,
    RosterState,
    Stream,
    new_device,
    new_group,
    new_member,
)

_B = TypeVar("_B")
_Rule = Callable[[RosterState, Any, r.Entry, frozenset[bytes]], RosterState]


def follow(*, state: RosterState, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    """The roster after `entry`, whose signatures by the devices `signers` are good. Raises `RosterBroken`."""
    rule = _RULES.get(type(entry.body))
    if rule is None:
        raise RosterBroken("a genesis in the middle of the roster")
    before = len(state.authorities())
    grown = rule(state, entry.body, entry, signers)
    after = len(grown.authorities())
    if after == 0 or not any(grown.devices_of(member) for member in grown.authorities()):
        raise RosterBroken("the last authority cannot be removed, nor the last device of one")
    if before >= 2 > after and _authorities_among(state=state, signers=signers) < 2:
        raise RosterBroken("one signature never brings the authorities below two")
    return grown


def _authorities_among(*, state: RosterState, signers: frozenset[bytes]) -> int:
    """How many different authorities signed."""
    return len({state.devices[device].member for device in signers} & state.authorities())


def _need_authority(*, state: RosterState, signers: frozenset[bytes], two: bool = False) -> None:
    """Refuse unless an authority signed, or two of them where two are asked for and there are two."""
    wanted = min(2, len(state.authorities())) if two else 1
    if _authorities_among(state=state, signers=signers) < wanted:
        raise RosterBroken("not signed by enough authorities", wanted=wanted)


def _put(table: Mapping[bytes, _B], key: bytes, value: _B) -> dict[bytes, _B]:
    return {**table, key: value}


def _member_add(state: RosterState, body: r.MemberAdd, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    _need_authority(state=state, signers=signers, two=AUTHORITY in body.member.roles)
    member = new_member(keys=body.member, since=entry.index + 1)
    device = new_device(keys=body.device, member=member.id, since=entry.index + 1)
    if member.id in state.members or device.id in state.devices or member.id in state.groups:
        raise RosterBroken("this member or device is on the roster already")
    agency = state.group(AGENCY_GROUP)
    return replace(
        state,
        members=_put(state.members, member.id, member),
        devices=_put(state.devices, device.id, device),
        groups=_put(state.groups, agency.id, replace(agency, members=agency.members | {member.id})),
    )


def _member_role(state: RosterState, body: r.MemberRole, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    member = state.members.get(body.member)
    roles = frozenset(body.roles)
    if member is None or member.removed or not roles or not roles <= ROLES:
        raise RosterBroken("unknown member or roles")
    _need_authority(state=state, signers=signers, two=AUTHORITY in roles | member.now)
    changed = replace(member, roles=(*member.roles, (entry.index + 1, roles)))
    grown = replace(state, members=_put(state.members, member.id, changed))
    if "supervisor" in member.now and "supervisor" not in roles:
        supervision = state.group(SUPERVISION_GROUP)
        if member.id in supervision.members:
            grown = _leave(state=grown, group=supervision, gone=frozenset({member.id}))
    return grown


def _member_remove(state: RosterState, body: r.MemberRemove, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    member = state.members.get(body.member)
    if member is None or member.removed:
        raise RosterBroken("no such member")
    _need_authority(state=state, signers=signers, two=AUTHORITY in member.now)
    gone = replace(member, removed=True, roles=(*member.roles, (entry.index + 1, frozenset[str]())))
    grown = replace(state, members=_put(state.members, member.id, gone))
    for device in state.devices_of(member.id):
        ended = replace(device, until=entry.index + 1, cutoffs=dict(body.cutoffs))
        grown = replace(grown, devices=_put(grown.devices, device.id, ended))
    for group in state.groups_of(member.id):
        grown = _leave(state=grown, group=grown.groups[group.id], gone=frozenset({member.id}))
    streams = {
        stream.id: replace(stream, subscribers=stream.subscribers - {member.id}, due=True)
        if member.id in stream.subscribers
        else stream
        for stream in grown.streams.values()
    }
    return replace(grown, streams=streams)


def _leave(*, state: RosterState, group: Group, gone: frozenset[bytes]) -> RosterState:
    """A group without some members: its key is due, and so are those of the streams it reads."""
    left = replace(group, members=group.members - gone, due=True)
    streams = {
        stream.id: replace(stream, due=True) if group.id in stream.subscribers else stream
        for stream in state.streams.values()
    }
    return replace(state, groups=_put(state.groups, group.id, left), streams=streams)


def _device_add(state: RosterState, body: r.DeviceAdd, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    member = state.members.get(body.member)
    if member is None or member.removed:
        raise RosterBroken("no such member")
    own = any(state.devices[device].member == member.id for device in signers)
    if not (own and AUTHORITY not in member.now and state.policy.get("own_devices", False)):
        _need_authority(state=state, signers=signers, two=AUTHORITY in member.now)
    device = new_device(keys=body.device, member=member.id, since=entry.index + 1)
    if device.id in state.devices:
        raise RosterBroken("this device is on the roster already")
    return replace(state, devices=_put(state.devices, device.id, device))


def _device_revoke(state: RosterState, body: r.DeviceRevoke, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    device = state.devices.get(body.device)
    if device is None or device.until is not None:
        raise RosterBroken("no such device in good standing")
    member = state.members[device.member]
    if not any(state.devices[signer].member == member.id for signer in signers):
        _need_authority(state=state, signers=signers, two=AUTHORITY in member.now)
    ended = replace(device, until=entry.index + 1, cutoffs=dict(body.cutoffs))
    groups = {
        group.id: replace(group, due=True) if member.id in group.members else group for group in state.groups.values()
    }
    streams = {
        stream.id: replace(stream, due=True) if state.subscribed(member=member.id, stream=stream.id) else stream
        for stream in state.streams.values()
    }
    return replace(
        state,
        devices=_put(state.devices, device.id, ended),
        members=_put(state.members, member.id, replace(member, due=True)),
        groups=groups,
        streams=streams,
    )


def _group_change(state: RosterState, body: r.GroupChange, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    group = state.groups.get(body.group)
    if group is None:
        if body.keys is None or body.group != r.group_id(agency=state.agency, name=body.keys.name):
            raise RosterBroken("no such group")
        group = new_group(keys=body.keys, members=frozenset())
    elif body.keys is not None:
        raise RosterBroken("the group has keys already")
    _need_authority(state=state, signers=signers, two=group.name == SUPERVISION_GROUP)
    if group.name == AGENCY_GROUP or group.name not in GROUP_NAMES:
        raise RosterBroken("the group agency follows its members")
    if any(who not in state.members or state.members[who].removed for who in body.add):
        raise RosterBroken("no such member")
    joined = replace(group, members=group.members | frozenset(body.add))
    grown = replace(state, groups=_put(state.groups, group.id, joined))
    gone = frozenset(body.remove) & joined.members
    return _leave(state=grown, group=joined, gone=gone) if gone else grown


def _stream_create(state: RosterState, body: r.StreamCreate, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    _need_authority(state=state, signers=signers)
    if body.stream in state.streams or len(body.stream) != 16 or len(body.key_id) != 16:
        raise RosterBroken("this stream exists, or is malformed")
    supervision = state.group(SUPERVISION_GROUP).id
    if any(state.recipient(who) is None for who in body.subscribers):
        raise RosterBroken("no such subscriber")
    stream = Stream(
        id=body.stream,
        name=body.name,
        subscribers=frozenset(body.subscribers) | {supervision},
        key_ids=(body.key_id,),
    )
    return replace(state, streams=_put(state.streams, stream.id, stream))


def _subscribe(state: RosterState, body: r.Subscribe, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    _need_authority(state=state, signers=signers)
    stream = state.streams.get(body.stream)
    if stream is None or state.recipient(body.who) is None:
        raise RosterBroken("no such stream or subscriber")
    joined = replace(stream, subscribers=stream.subscribers | {body.who})
    return replace(state, streams=_put(state.streams, stream.id, joined))


def _unsubscribe(state: RosterState, body: r.Unsubscribe, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    _need_authority(state=state, signers=signers)
    stream = state.streams.get(body.stream)
    if stream is None or body.who not in stream.subscribers:
        raise RosterBroken("no such subscription")
    if body.who == state.group(SUPERVISION_GROUP).id:
        raise RosterBroken("supervision reads every stream")
    if body.stream == r.agency_stream_id(state.agency) and body.who == state.group(AGENCY_GROUP).id:
        raise RosterBroken("every member reads the agency's stream")
    left = replace(stream, subscribers=stream.subscribers - {body.who}, due=True)
    return replace(state, streams=_put(state.streams, stream.id, left))


def _key_advance(state: RosterState, body: r.KeyAdvance, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    makers = {state.devices[device].member for device in signers}
    if len(body.key_id) != 16 or len(body.public) != (0 if body.scope_kind == STREAM else 1216):
        raise RosterBroken("malformed keys")
    grown = _with_link(state=state, body=body)
    if body.scope_kind == MEMBER:
        member = state.members.get(body.scope)
        if member is None or member.removed or makers != {member.id} or body.generation != member.generation + 1:
            raise RosterBroken("only a member advances the member's key")
        newer = replace(member, public=body.public, key_id=body.key_id, generation=body.generation, due=False)
        return replace(grown, members=_put(state.members, member.id, newer))
    if body.scope_kind == GROUP:
        group = state.groups.get(body.scope)
        if group is None or not makers <= group.members or body.generation != group.generation + 1:
            raise RosterBroken("only a member of a group advances its key")
        turned = replace(group, public=body.public, key_id=body.key_id, generation=body.generation, due=False)
        return replace(grown, groups=_put(state.groups, group.id, turned))
    stream = state.streams.get(body.scope) if body.scope_kind == STREAM else None
    if stream is None or body.generation != stream.generation + 1:
        raise RosterBroken("no such scope or generation")
    if not all(state.subscribed(member=maker, stream=stream.id) for maker in makers):
        raise RosterBroken("only a subscriber advances a stream's key")
    fresh = replace(stream, key_ids=(*stream.key_ids, body.key_id), due=False)
    return replace(grown, streams=_put(state.streams, stream.id, fresh))


def _with_link(*, state: RosterState, body: r.KeyAdvance) -> RosterState:
    """The roster with the link that an advance brings, if the scope is there at all."""
    if not body.link:
        return state
    if body.scope_kind == STREAM:
        older = state.streams[body.scope].key_ids[-1] if body.scope in state.streams else b""
    else:
        known = (state.members if body.scope_kind == MEMBER else state.groups).get(body.scope)
        older = known.key_id if known is not None else b""
    link = Link(
        scope_kind=body.scope_kind,
        scope=body.scope,
        generation=body.generation,
        newer=body.key_id,
        older=older,
        sealed=body.link,
    )
    return replace(state, links=(*state.links, link))


def _log_key(state: RosterState, body: r.LogKey, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    _need_authority(state=state, signers=signers, two=True)
    if len(body.public) != 32:
        raise RosterBroken("malformed key")
    return replace(state, log_public=body.public)


def _recovery_set(state: RosterState, body: r.RecoverySet, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    _need_authority(state=state, signers=signers, two=True)
    if len(body.public) != 1216:
        raise RosterBroken("malformed key")
    return replace(state, recovery_public=body.public)


def _recovery_request(
    state: RosterState, body: r.RecoveryRequest, entry: r.Entry, signers: frozenset[bytes]
) -> RosterState:
    _need_authority(state=state, signers=signers)
    if body.member not in state.members or state.members[body.member].removed:
        raise RosterBroken("no such member")
    return replace(state, recovery_requests={**state.recovery_requests, entry.index: body})


def _recovery_approve(
    state: RosterState, body: r.RecoveryApprove, entry: r.Entry, signers: frozenset[bytes]
) -> RosterState:
    _need_authority(state=state, signers=signers, two=True)
    request = state.recovery_requests.get(body.request)
    if request is None or state.members[request.member].removed:
        raise RosterBroken("no such request, or its member has gone since")
    device = new_device(keys=request.device, member=request.member, since=entry.index + 1)
    if device.id in state.devices:
        raise RosterBroken("this device is on the roster already")
    left = {index: asked for index, asked in state.recovery_requests.items() if index != body.request}
    return replace(state, devices=_put(state.devices, device.id, device), recovery_requests=left)


def _policy_set(state: RosterState, body: r.PolicySet, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    _need_authority(state=state, signers=signers, two=True)
    return replace(state, policy=dict(body.policy))


def _heartbeat(state: RosterState, body: r.Heartbeat, entry: r.Entry, signers: frozenset[bytes]) -> RosterState:
    beats = {**state.heartbeats, **dict.fromkeys(signers, (entry.index, entry.at))}
    return replace(state, heartbeats=beats)


_RULES: Final[dict[type, _Rule]] = {
    r.MemberAdd: _member_add,
    r.MemberRole: _member_role,
    r.MemberRemove: _member_remove,
    r.DeviceAdd: _device_add,
    r.DeviceRevoke: _device_revoke,
    r.GroupChange: _group_change,
    r.StreamCreate: _stream_create,
    r.Subscribe: _subscribe,
    r.Unsubscribe: _unsubscribe,
    r.KeyAdvance: _key_advance,
    r.LogKey: _log_key,
    r.RecoverySet: _recovery_set,
    r.RecoveryRequest: _recovery_request,
    r.RecoveryApprove: _recovery_approve,
    r.PolicySet: _policy_set,
    r.Heartbeat: _heartbeat,
}
