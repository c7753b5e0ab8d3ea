"""Founding an agency: the genesis, the first keys, and the recovery kit."""

from dataclasses import dataclass
from typing import Final

import msgspec

from advocate_app.base.clock import Clock
from advocate_app.base.ids import Ids
from advocate_app.crypto.kem import KemKey
from advocate_app.crypto.recovery import RecoveryKit
from advocate_app.crypto.signing import ROSTER, SigningKey
from advocate_app.store import facts, keys, roster_log, stream_log
from advocate_app.store.keys import HeldKey
from advocate_app.store.vault import Vault
from advocate_app.sync.following import verify_entry
from advocate_app.sync.identity import DeviceSecret, Identity
from advocate_app.sync.key_work import note_boxed
from advocate_app.sync.keyring import Recipient, box_for, new_key, recovery_recipient
from advocate_app.sync.people import seal_name
from advocate_app.sync.server_link import ServerLink
from advocate_app.wire import api
from advocate_app.wire import roster as r
from advocate_app.wire.invitation import FoundingToken
from advocate_app.wire.keybox import GROUP, MEMBER, STREAM
from advocate_app.wire.roster_reading import read_entry
from advocate_app.wire.roster_state import AGENCY_GROUP, AUTHORITY, SUPERVISION_GROUP

_PLAN: Final = "founding"


@dataclass(frozen=True, slots=True)
class Founded:
    """What came of founding: the agency, its fingerprint (32 bytes), and the kit that must be kept on paper."""

    agency: bytes
    fingerprint: bytes
    kit: RecoveryKit


@dataclass(frozen=True, slots=True)
class _FirstKeys:
    """The first keys of an agency, before anybody else knows of it."""

    member: HeldKey
    agency: HeldKey
    supervision: HeldKey
    stream: HeldKey


class _Plan(msgspec.Struct, frozen=True, array_like=True):
    """A founding as it was prepared: kept in the vault until the server has it, so that it can be sent again."""

    member: bytes
    request: bytes
    recovery_seed: bytes
    paper_seed: bytes


def found_agency(
    vault: Vault, *, link: ServerLink, server: str, token: FoundingToken, name: str, clock: Clock, ids: Ids
) -> Founded:
    """Found the agency that a token stands for, with this vault's device as its first authority.

    The founder holds the roles `authority` and `supervisor`. What was prepared stays in the vault: when the answer is
    lost on the way, calling again with the same token sends the very same.
    """
    plan = _find_plan(vault, token=token)
    if plan is None:
        plan = _prepare(vault, token=token, name=name, clock=clock, ids=ids)
    request = api.decode(plan.request, api.Found)
    link.found(request)
    return _settle(vault, plan=plan, request=request, server=server)


def _find_plan(vault: Vault, *, token: FoundingToken) -> _Plan | None:
    with vault.read() as db:
        kept = facts.find_bytes(db, _PLAN)
    if not kept:
        return None
    plan = msgspec.msgpack.decode(kept, type=_Plan)
    return plan if api.decode(plan.request, api.Found).secret == token.secret else None


def _prepare(vault: Vault, *, token: FoundingToken, name: str, clock: Clock, ids: Ids) -> _Plan:
    """Make the keys, the genesis and the boxes, and keep them."""
    device = DeviceSecret.of(vault.secret.device_secret)
    agency, member = token.agency, ids.next()
    me = Identity(agency=agency, member=member, device=device)
    groups = {group: r.group_id(agency=agency, name=group) for group in (AGENCY_GROUP, SUPERVISION_GROUP)}
    stream = r.agency_stream_id(agency)
    first = _FirstKeys(
        member=new_key(scope=member, generation=1, ids=ids),
        agency=new_key(scope=groups[AGENCY_GROUP], generation=1, ids=ids),
        supervision=new_key(scope=groups[SUPERVISION_GROUP], generation=1, ids=ids),
        stream=new_key(scope=stream, generation=1, ids=ids),
    )
    recovery_seed, paper_seed = ids.secret(32), ids.secret(32)
    recovery = KemKey.from_seed(recovery_seed)
    genesis = r.Genesis(
        min_suite=1,
        founder=r.MemberKeys(
            member=member,
            name=seal_name(name=name, whose=member, seed=first.agency),
            roles=[AUTHORITY, "supervisor"],
            public=KemKey.from_seed(first.member.secret).public,
            key_id=first.member.key_id,
        ),
        device=device.keys,
        groups=[
            _group_keys(group=groups[AGENCY_GROUP], name=AGENCY_GROUP, key=first.agency),
            _group_keys(group=groups[SUPERVISION_GROUP], name=SUPERVISION_GROUP, key=first.supervision),
        ],
        stream=stream,
        stream_key_id=first.stream.key_id,
        recovery_public=recovery.public,
        log_public=token.log_public,
        paper_public=SigningKey(paper_seed).public,
        policy={},
    )
    entry = r.encode_entry(r.Entry(agency=agency, index=0, previous=r.NO_HASH, at=clock.now(), body=genesis))
    signature = device.signer.sign(domain=ROSTER, message=r.entry_hash(entry))
    shares = _first_shares(me=me, first=first, groups=groups, stream=stream, recovery=recovery.public)
    boxes = [
        box_for(me=me, scope_kind=kind, scope=scope, key=key, to=to, under=under)
        for kind, scope, key, to, under in shares
    ]
    signed = api.SignedEntry(entry=entry, signatures=[(device.id, signature)])
    request = api.Found(agency=agency, secret=token.secret, genesis=signed, boxes=boxes)
    plan = _Plan(member=member, request=api.encode(request), recovery_seed=recovery_seed, paper_seed=paper_seed)
    with vault.write() as tx:
        facts.put(tx, _PLAN, msgspec.msgpack.encode(plan))
        for kind, scope, key in (
            (MEMBER, member, first.member),
            (GROUP, groups[AGENCY_GROUP], first.agency),
            (GROUP, groups[SUPERVISION_GROUP], first.supervision),
            (STREAM, stream, first.stream),
        ):
            keys.hold_key(tx, kind=kind, scope=scope, key=key)
        for kind, _, key, to, _ in shares:
            note_boxed(tx, kind=kind, key=key, to=to)
    return plan


def _settle(vault: Vault, *, plan: _Plan, request: api.Found, server: str) -> Founded:
    """The server has it: this vault belongs to the agency from here on."""
    device = DeviceSecret.of(vault.secret.device_secret)
    genesis = request.genesis
    state = read_entry(state=None, data=genesis.entry, signatures=genesis.signatures, verify=verify_entry)
    with vault.write() as tx:
        roster_log.keep_entries(tx, first=0, entries=[(genesis.entry, genesis.signatures)])
        roster_log.keep_devices(tx, state=state, own=device.id)
        row = stream_log.ensure_stream(tx, agency=state.agency, stream=r.agency_stream_id(state.agency))
        for fact, value in (
            (facts.AGENCY, state.agency),
            (facts.MEMBER, plan.member),
            (facts.DEVICE, device.id),
            (facts.FINGERPRINT, state.fingerprint),
            (facts.SERVER, server),
            (facts.HOME_STREAM, row.row),
        ):
            facts.put(tx, fact, value)
        facts.drop(tx, _PLAN)
    kit = RecoveryKit(fingerprint=state.fingerprint, recovery_seed=plan.recovery_seed, paper_seed=plan.paper_seed)
    return Founded(agency=state.agency, fingerprint=state.fingerprint, kit=kit)


def _group_keys(*, group: bytes, name: str, key: HeldKey) -> r.GroupKeys:
    return r.GroupKeys(group=group, name=name, public=KemKey.from_seed(key.secret).public, key_id=key.key_id)


_Share = tuple[str, bytes, HeldKey, Recipient, bytes | None]


def _first_shares(
    *, me: Identity, first: _FirstKeys, groups: dict[str, bytes], stream: bytes, recovery: bytes
) -> list[_Share]:
    """Whom the first keys are boxed to: (kind, scope, key, recipient, seed where the box is symmetric)."""
    device = Recipient(id=me.device.id, generation=0, public=me.device.keys.kem)
    member = Recipient(id=me.member, generation=1, public=b"")
    agency = Recipient(id=groups[AGENCY_GROUP], generation=1, public=b"")
    kit = recovery_recipient(recovery)
    return [
        (MEMBER, me.member, first.member, device, None),
        (MEMBER, me.member, first.member, kit, None),
        (GROUP, groups[AGENCY_GROUP], first.agency, member, first.member.secret),
        (GROUP, groups[AGENCY_GROUP], first.agency, kit, None),
        (GROUP, groups[SUPERVISION_GROUP], first.supervision, member, first.member.secret),
        (GROUP, groups[SUPERVISION_GROUP], first.supervision, kit, None),
        (STREAM, stream, first.stream, agency, first.agency.secret),
        (STREAM, stream, first.stream, kit, None),
    ]
