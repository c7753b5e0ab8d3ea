"""Enrolment: an invitation handed over in words, QR or file; an application; an approval with six check words."""

from dataclasses import dataclass
from typing import Final

import msgspec

from advocate_app.base.clock import Clock
from advocate_app.base.errors import Fault, Refusal
from advocate_app.base.ids import Ids
from advocate_app.crypto.derive import sha256
from advocate_app.crypto.kem import KemKey
from advocate_app.crypto.signing import INVITE, verify
from advocate_app.crypto.words import check_words, same_words
from advocate_app.store import facts, keys, roster_log, stream_log
from advocate_app.store.keys import HeldKey
from advocate_app.store.vault import Vault
from advocate_app.sync import letters
from advocate_app.sync.errors import Attack, Refused
from advocate_app.sync.following import follow_roster
from advocate_app.sync.identity import DeviceSecret, Identity
from advocate_app.sync.key_work import append_or_lose, note_boxed, sign_entries
from advocate_app.sync.keyring import Recipient, box_for, new_key
from advocate_app.sync.pages import promise
from advocate_app.sync.people import seal_name
from advocate_app.sync.server_link import ServerLink
from advocate_app.wire import api
from advocate_app.wire import roster as r
from advocate_app.wire.invitation import (
    Answer,
    Application,
    StreamPlace,
    Welcome,
    decode_answer,
    decode_application,
    decode_welcome,
    encode_letter,
)
from advocate_app.wire.keybox import GROUP, MEMBER
from advocate_app.wire.roster_state import AGENCY_GROUP, ROLES, SUPERVISION_GROUP, RosterState

LIFETIME_S: Final = 72 * 60 * 60
WELCOME_STEP: Final = 1
APPLICATION_STEP: Final = 2
ANSWER_STEP: Final = 3


class Invited(msgspec.Struct, frozen=True, array_like=True):
    """An invitation as the inviting vault keeps it. Times are ms since 1970 UTC."""

    secret: bytes
    role: str
    member: bytes
    made_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who answered an invitation: shown name, role, and the mailbox (16 bytes) that tells them apart."""

    mailbox: bytes
    name: str
    role: str
    words: tuple[str, ...]
    """What the newcomer must read out; never shown to the authority, who types what is heard."""

    def __repr__(self) -> str:
        return "Applicant()"


def invite(
    vault: Vault, *, link: ServerLink, me: Identity, state: RosterState, role: str, clock: Clock, ids: Ids
) -> Invited | Refusal:
    """Make an invitation for a role and lay the welcome into its mailbox."""
    if role not in ROLES:
        return Refusal("invite.unknown_role")
    if me.member not in state.authorities():
        return Refusal("invite.not_an_authority")
    invited = Invited(
        secret=ids.secret(16),
        role=role,
        member=ids.next(),
        made_at=clock.now(),
        expires_at=clock.now() + LIFETIME_S * 1000,
    )
    with vault.read() as db:
        places = [StreamPlace(one.stream, one.life, one.size, one.head) for one in stream_log.list_streams(db)]
    welcome = Welcome(
        agency=me.agency,
        fingerprint=state.fingerprint,
        roster_size=state.size,
        roster_head=state.head,
        places=places,
        role=role,
        inviter=me.member,
        inviter_device=me.device.id,
        inviter_keys=me.device.keys,
        member=invited.member,
        expires_at=invited.expires_at,
    )
    mailbox = letters.mailbox_of(invited.secret)
    letter = letters.seal_letter(secret=invited.secret, step=WELCOME_STEP, content=encode_letter(welcome))
    link.put_letter(mailbox=mailbox, step=WELCOME_STEP, sealed=letter, lifetime=LIFETIME_S)
    with vault.write() as tx:
        facts.put(tx, f"invited/{mailbox.hex()}", msgspec.msgpack.encode(invited))
    return invited


def open_invitations(vault: Vault) -> list[Invited]:
    """Invitations made in this vault that are neither answered for good nor withdrawn."""
    with vault.read() as db:
        rows = db.rows("SELECT value FROM fact WHERE name GLOB 'invited/*' ORDER BY name")
    return sorted(
        (msgspec.msgpack.decode(value, type=Invited) for (value,) in rows), key=lambda invited: invited.made_at
    )


def applicants(vault: Vault, *, link: ServerLink, me: Identity, state: RosterState) -> list[Applicant]:
    """Those who answered the invitations made here and wait for approval."""
    found = []
    for invited in open_invitations(vault):
        application = _application(link, invited=invited)
        if application is not None and invited.member not in state.members:
            words = _words(
                secret=invited.secret, fingerprint=state.fingerprint, inviter=me.device.keys, application=application
            )
            mailbox = letters.mailbox_of(invited.secret)
            found.append(Applicant(mailbox=mailbox, name=application.name, role=invited.role, words=words))
    return found


def approve(
    vault: Vault,
    *,
    link: ServerLink,
    me: Identity,
    state: RosterState,
    mailbox: bytes,
    typed: str,
    clock: Clock,
) -> bytes | Refusal:
    """Take in the newcomer whose six words were typed as heard. Returns the new member's id.

    Wrong words empty the application: whoever sent it may be somebody else, and the newcomer has to apply again.
    """
    invited = _find_invited(vault, mailbox=mailbox)
    if invited is None:
        return Refusal("approve.no_such_invitation")
    application = _application(link, invited=invited)
    if application is None:
        return Refusal("approve.nobody_applied")
    expected = _words(
        secret=invited.secret, fingerprint=state.fingerprint, inviter=me.device.keys, application=application
    )
    if not same_words(typed, expected=expected):
        link.clear_letter(mailbox=mailbox, step=APPLICATION_STEP)
        return Refusal("approve.words_differ")
    if invited.member not in state.members:
        refusal = _append_member(
            vault, link=link, me=me, state=state, invited=invited, application=application, clock=clock
        )
        if refusal is not None:
            return refusal
    answer = Answer(approved=True, roster_size=state.size, reason="")
    letter = letters.seal_letter(secret=invited.secret, step=ANSWER_STEP, content=encode_letter(answer))
    link.put_letter(mailbox=mailbox, step=ANSWER_STEP, sealed=letter)
    with vault.write() as tx:
        facts.drop(tx, f"invited/{mailbox.hex()}")
    return invited.member


def _append_member(
    vault: Vault,
    *,
    link: ServerLink,
    me: Identity,
    state: RosterState,
    invited: Invited,
    application: Application,
    clock: Clock,
) -> Refusal | None:
    agency = state.group(AGENCY_GROUP)
    supervision = state.group(SUPERVISION_GROUP)
    joins = [agency, supervision] if invited.role == "supervisor" else [agency]
    to = Recipient(id=invited.member, generation=1, public=application.member_public)
    boxed = []
    with vault.read() as db:
        for group in joins:
            seed = keys.find_generation(db, kind=GROUP, scope=group.id, generation=group.generation)
            if seed is None:
                return Refusal("approve.key_not_here", {"group": group.name})
            boxed.append((seed, box_for(me=me, scope_kind=GROUP, scope=group.id, key=seed, to=to)))
    bodies: list[r.Body] = [
        r.MemberAdd(
            member=r.MemberKeys(
                member=invited.member,
                name=seal_name(name=application.name, whose=invited.member, seed=boxed[0][0]),
                roles=[invited.role],
                public=application.member_public,
                key_id=application.member_key_id,
            ),
            device=application.device,
        )
    ]
    if supervision in joins:
        bodies.append(r.GroupChange(group=supervision.id, add=[invited.member], remove=[]))
    entries = sign_entries(me=me, state=state, bodies=bodies, at=clock.now())
    request = api.RosterAppend(size=state.size, head=state.head, entries=entries, boxes=[box for _, box in boxed])
    if not append_or_lose(link, request):
        return Refusal("approve.roster_moved")
    with vault.write() as tx:
        for seed, _ in boxed:
            note_boxed(tx, kind=GROUP, key=seed, to=to)
    return None


class _Enrolment(msgspec.Struct, frozen=True, array_like=True):
    """What a newcomer's vault keeps between applying and being approved."""

    secret: bytes
    welcome: bytes
    server: str
    seed: bytes
    application: bytes


def apply(
    vault: Vault,
    *,
    link: ServerLink,
    server: str,
    secret: bytes,
    fingerprint: bytes | None,
    name: str,
    clock: Clock,
    ids: Ids,
) -> tuple[str, ...] | Refusal:
    """Answer an invitation. Returns the six words to read out to whoever invited.

    `fingerprint` (32 bytes) is what a file or QR named; words alone carry none. Applying again with the same
    invitation sends the same keys.
    """
    mailbox = letters.mailbox_of(secret)
    letter = link.get_letter(mailbox=mailbox, step=WELCOME_STEP)
    if letter is None:
        return Refusal("invitation.not_there")
    try:
        welcome = decode_welcome(letters.open_letter(secret=secret, step=WELCOME_STEP, sealed=letter.sealed))
    except Fault:
        return Refusal("invitation.not_readable")
    if fingerprint is not None and welcome.fingerprint != fingerprint:
        raise Attack("the mailbox holds an invitation to another agency")
    if welcome.expires_at < clock.now():
        return Refusal("invitation.expired")
    kept = _kept_enrolment(vault)
    if kept is None or kept.secret != secret:
        kept = _prepare(vault, secret=secret, welcome=welcome, server=server, name=name, ids=ids)
    application = decode_application(kept.application)
    sealed = letters.seal_letter(secret=secret, step=APPLICATION_STEP, content=kept.application)
    try:
        link.put_letter(mailbox=mailbox, step=APPLICATION_STEP, sealed=sealed)
    except Refused as refused:
        if refused.status != 409:
            raise
        return Refusal("invitation.used")
    return _words(secret=secret, fingerprint=welcome.fingerprint, inviter=welcome.inviter_keys, application=application)


def _prepare(vault: Vault, *, secret: bytes, welcome: Welcome, server: str, name: str, ids: Ids) -> _Enrolment:
    device = DeviceSecret.of(vault.secret.device_secret)
    key = new_key(scope=welcome.member, generation=1, ids=ids)
    public = KemKey.from_seed(key.secret).public
    unsigned = Application(name=name, device=device.keys, member_public=public, member_key_id=key.key_id, signature=b"")
    message = _application_message(secret=secret, application=unsigned)
    signature = device.signer.sign(domain=INVITE, message=message)
    application = msgspec.structs.replace(unsigned, signature=signature)
    kept = _Enrolment(
        secret=secret,
        welcome=encode_letter(welcome),
        server=server,
        seed=key.secret,
        application=encode_letter(application),
    )
    with vault.write() as tx:
        facts.put(tx, facts.ENROLMENT, msgspec.msgpack.encode(kept))
    return kept


def has_applied(vault: Vault) -> bool:
    """Whether this vault waits for an approval."""
    return _kept_enrolment(vault) is not None


def finish(vault: Vault, *, clock: Clock) -> bool | Refusal:
    """Look for the approval, and take the place on the roster. False while nobody has approved yet."""
    kept = _kept_enrolment(vault)
    if kept is None:
        return Refusal("enrolment.not_applied")
    welcome = decode_welcome(kept.welcome)
    device = DeviceSecret.of(vault.secret.device_secret)
    link = ServerLink(server=kept.server, clock=clock)
    try:
        letter = link.get_letter(mailbox=letters.mailbox_of(kept.secret), step=ANSWER_STEP)
    finally:
        link.close()
    if letter is None:
        return False
    answer = decode_answer(letters.open_letter(secret=kept.secret, step=ANSWER_STEP, sealed=letter.sealed))
    if not answer.approved:
        return Refusal("enrolment.turned_away")
    me = Identity(agency=welcome.agency, member=welcome.member, device=device)
    with vault.write() as tx:
        facts.put(tx, facts.FINGERPRINT, welcome.fingerprint)
    link = ServerLink(server=kept.server, clock=clock, identity=me)
    try:
        state = follow_roster(vault, link=link, state=None, device=device.id)
    finally:
        link.close()
    return _settle(vault, kept=kept, welcome=welcome, me=me, state=state)


def _settle(vault: Vault, *, kept: _Enrolment, welcome: Welcome, me: Identity, state: RosterState) -> bool:
    mine = state.members.get(me.member)
    if mine is None or me.device.id not in state.devices:
        raise Attack("the approval is there, but the roster does not name this device")
    key_name = decode_application(kept.application).member_key_id
    if mine.key_id != key_name and mine.generation == 1:
        raise Attack("the roster names another key for this member")
    with vault.write() as tx:
        if roster_log.roster_hash(tx, welcome.roster_size - 1) != welcome.roster_head:
            raise Attack("the roster is another one than the invitation vouched for")
        keys.hold_key(tx, kind=MEMBER, scope=me.member, key=HeldKey(1, key_name, kept.seed))
        for place in welcome.places:
            if place.index:
                promise(tx, stream=place.stream, index=place.index, head=place.head)
        rows = [stream_log.ensure_stream(tx, agency=me.agency, stream=stream) for stream in state.streams_of(me.member)]
        home = rows[1] if len(rows) > 1 and "supervisor" not in mine.now else rows[0]
        for fact, value in (
            (facts.AGENCY, me.agency),
            (facts.MEMBER, me.member),
            (facts.DEVICE, me.device.id),
            (facts.SERVER, kept.server),
            (facts.HOME_STREAM, home.row),
        ):
            facts.put(tx, fact, value)
        facts.drop(tx, facts.ENROLMENT)
    return True


def _kept_enrolment(vault: Vault) -> _Enrolment | None:
    with vault.read() as db:
        kept = facts.find_bytes(db, facts.ENROLMENT)
    return msgspec.msgpack.decode(kept, type=_Enrolment) if kept else None


def _find_invited(vault: Vault, *, mailbox: bytes) -> Invited | None:
    with vault.read() as db:
        kept = facts.find_bytes(db, f"invited/{mailbox.hex()}")
    return msgspec.msgpack.decode(kept, type=Invited) if kept else None


def _application(link: ServerLink, *, invited: Invited) -> Application | None:
    """The answer to an invitation, if there is one that holds the keys it names."""
    letter = link.get_letter(mailbox=letters.mailbox_of(invited.secret), step=APPLICATION_STEP)
    if letter is None:
        return None
    try:
        plain = letters.open_letter(secret=invited.secret, step=APPLICATION_STEP, sealed=letter.sealed)
        application = decode_application(plain)
        message = _application_message(
            secret=invited.secret, application=msgspec.structs.replace(application, signature=b"")
        )
        verify(application.device.signing, domain=INVITE, message=message, signature=application.signature)
    except Fault:
        return None
    return application


def _application_message(*, secret: bytes, application: Application) -> bytes:
    return letters.mailbox_of(secret) + encode_letter(application)


def _words(*, secret: bytes, fingerprint: bytes, inviter: r.DeviceKeys, application: Application) -> tuple[str, ...]:
    """Six words over secret, fingerprint, and both sides' public keys."""
    digest = sha256(
        b"ADV1/check\0",
        secret,
        fingerprint,
        inviter.signing,
        inviter.kem,
        application.device.signing,
        application.device.kem,
        application.member_public,
    )
    return check_words(digest)
