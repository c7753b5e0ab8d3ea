"""Reading the roster entry by entry: each must follow from the one before and be signed by who may."""

from collections.abc import Callable
from dataclasses import replace

from advocate_app.wire import roster as r
from advocate_app.wire.roster_rules import follow
from advocate_app.wire.roster_state import (
    AGENCY_GROUP,
    AUTHORITY,
    SUPERVISION_GROUP,
    RosterBroken,
    RosterState,
    Stream,
    new_device,
    new_group,
    new_member,
)

Verify = Callable[[bytes, bytes, bytes], None]
"""(public key, message after the domain prefix, signature): raises when the signature is not good."""


def read_entry(
    *, state: RosterState | None, data: bytes, signatures: list[tuple[bytes, bytes]], verify: Verify
) -> RosterState:
    """The roster with one more entry. Raises `RosterBroken` or `WireBroken` and changes nothing."""
    entry = r.decode_entry(data)
    digest = r.entry_hash(data)
    if state is None:
        return _genesis(entry=entry, digest=digest, signatures=signatures, verify=verify)
    if entry.agency != state.agency or entry.index != state.size or entry.previous != state.head:
        raise RosterBroken("entry does not follow the one before", index=entry.index, size=state.size)
    signers = _signers(state=state, digest=digest, signatures=signatures, verify=verify)
    grown = follow(state=state, entry=entry, signers=signers)
    return replace(grown, size=state.size + 1, head=digest)


def _genesis(*, entry: r.Entry, digest: bytes, signatures: list[tuple[bytes, bytes]], verify: Verify) -> RosterState:
    body = entry.body
    if not isinstance(body, r.Genesis) or entry.index != 0 or entry.previous != r.NO_HASH:
        raise RosterBroken("the first entry is not a genesis")
    if body.min_suite != 1 or len(entry.agency) != 16:
        raise RosterBroken("unknown suite", suite=body.min_suite)
    device = r.device_id_of(body.device.signing)
    if [signer for signer, _ in signatures] != [device]:
        raise RosterBroken("the genesis is not signed by its founder's device alone")
    verify(body.device.signing, digest, signatures[0][1])
    founder = body.founder
    names = {keys.name for keys in body.groups}
    if names != {AGENCY_GROUP, SUPERVISION_GROUP} or AUTHORITY not in founder.roles:
        raise RosterBroken("the genesis lacks a group or an authority")
    if body.stream != r.agency_stream_id(entry.agency):
        raise RosterBroken("the genesis names a wrong stream")
    groups = {}
    for keys in body.groups:
        if keys.group != r.group_id(agency=entry.agency, name=keys.name):
            raise RosterBroken("the genesis names a wrong group")
        groups[keys.group] = new_group(keys=keys, members=frozenset({founder.member}))
    agency_group = r.group_id(agency=entry.agency, name=AGENCY_GROUP)
    supervision = r.group_id(agency=entry.agency, name=SUPERVISION_GROUP)
    return RosterState(
        agency=entry.agency,
        size=1,
        head=digest,
        fingerprint=digest,
        min_suite=body.min_suite,
        members={founder.member: new_member(keys=founder, since=1)},
        devices={device: new_device(keys=body.device, member=founder.member, since=1)},
        groups=groups,
        streams={
            body.stream: Stream(
                id=body.stream,
                name=None,
                subscribers=frozenset({agency_group, supervision}),
                key_ids=(body.stream_key_id,),
            )
        },
        links=(),
        recovery_public=body.recovery_public,
        log_public=body.log_public,
        paper_public=body.paper_public,
        policy=dict(body.policy),
    )


def _signers(
    *, state: RosterState, digest: bytes, signatures: list[tuple[bytes, bytes]], verify: Verify
) -> frozenset[bytes]:
    if not signatures or len(signatures) > 8:
        raise RosterBroken("an entry without signatures, or with too many", count=len(signatures))
    signers: set[bytes] = set()
    for signer, signature in signatures:
        if signer in signers:
            raise RosterBroken("a device signed twice")
        device = state.devices.get(signer)
        if device is None or device.until is not None:
            raise RosterBroken("signed by a device that is not in good standing")
        verify(device.signing, digest, signature)
        signers.add(signer)
    return frozenset(signers)
