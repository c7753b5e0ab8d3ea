"""A colleague who cheats: what is bad is set aside with its reason, costs only itself, and everybody agrees on it."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from advocate_app.base.private import Private
from advocate_app.commands import notes
from advocate_app.crypto.signing import ENVELOPE
from advocate_app.crypto.symmetric import seal, sealed_size
from advocate_app.domain.records import by_name
from advocate_app.domain.verbs import Verb
from advocate_app.store import compartments, facts, keys, roster_log, sealed, stream_log
from advocate_app.store.connection import Writer
from advocate_app.store.event_rows import EventState
from advocate_app.store.vault import open_vault
from advocate_app.sync.errors import VaultIsCopy
from advocate_app.sync.identity import find_identity
from advocate_app.sync.sealing import Sealer, open_sealer
from advocate_app.sync.server_link import ServerLink
from advocate_app.sync.state import sync_state
from advocate_app.sync.words import SyncWord
from advocate_app.wire import columns, envelope
from advocate_app.wire.delta import (
    Delta,
    Keys,
    Parcel,
    Seen,
    delta_context,
    encode_content,
    keys_context,
    parcel_context,
)
from advocate_app.wire.envelope import Envelope, Header
from advocate_app.wire.events import SealedEvent
from advocate_app.wire.keybox import COMPARTMENT
from advocate_app.wire.padding import pad
from tests.agency import CLOCK, IDS, PASSPHRASE, Colleague, done
from tests.commands.conftest import Team
from tests.commands.conftest import team as team
from tests.commands.giving import give, has, new_client

NOTE = by_name["note"].number
REVIEW = by_name["review"].number
Forged = Callable[["Forger"], Delta]


class Forger:
    """A device that seals what no honest program would; its keys are real."""

    def __init__(self, who: Colleague, tx: Writer) -> None:
        self.who = who
        self.tx = tx
        state = roster_log.load_roster(tx)
        me = find_identity(tx, device_secret=who.vault.secret.device_secret)
        assert state is not None
        assert me is not None
        self.me, self.state = me, state
        self.stream = stream_log.list_streams(tx)[0]
        self.sealer: Sealer = open_sealer(tx, me=me, state=state, stream=self.stream, clock=CLOCK, ids=IDS)
        self.end = stream_log.sealed_end(tx, stream=self.stream.row)

    def parcel(
        self, events: Sequence[SealedEvent], *, compartment: int, plain: bytes | None = None, count: int = 0
    ) -> Parcel:
        """A parcel under the compartment's first key that is held."""
        scope = compartments.compartment_of(self.tx, compartment)
        key_id = next(
            one.key_id
            for one in compartments.keys_of(self.tx, compartment=compartment, trusted=frozenset())
            if keys.find_key(self.tx, kind=COMPARTMENT, scope=scope, key_id=one.key_id)
        )
        key = keys.find_key(self.tx, kind=COMPARTMENT, scope=scope, key_id=key_id)
        assert key is not None
        context = parcel_context(
            stream=self.stream.stream,
            device=self.me.device.id,
            seq=self.end.seq + 1,
            compartment=scope,
            key_id=key_id,
        )
        content = columns.encode(events) if plain is None else plain
        return Parcel(key_id=key_id, count=count or len(events), sealed=seal(key, context=context, plain=content))

    def delta(self, parcels: list[Parcel], *, seen: Seen | None = None, roster_head: bytes | None = None) -> Delta:
        return Delta(
            roster_head=self.state.head if roster_head is None else roster_head,
            seen=seen or Seen(life=self.stream.life, index=self.stream.size, head=self.stream.head),
            first_no=self.end.next_no,
            devices=[],
            parcels=parcels,
        )

    def envelope(self, content: Delta | Keys) -> bytes:
        kind, bound = (envelope.DELTA, delta_context) if isinstance(content, Delta) else (envelope.KEYS, keys_context)
        plain = pad(encode_content(content))
        header = Header(
            kind=kind,
            stream=self.stream.stream,
            device=self.me.device.id,
            seq=self.end.seq + 1,
            previous=self.end.leaf,
            roster_size=self.state.size,
            sealed_size=sealed_size(len(plain)),
            key_id=self.sealer.key.key_id,
        )
        front = header.pack()
        body = seal(self.sealer.key.secret, context=bound(front), plain=plain)
        unsigned = Envelope(header=header, header_bytes=front, sealed=body, signature=b"")
        signature = self.me.device.signer.sign(domain=ENVELOPE, message=unsigned.signed)
        return Envelope(header=header, header_bytes=front, sealed=body, signature=signature).bytes()


def _note(client: bytes, text: str) -> SealedEvent:
    return SealedEvent(NOTE, IDS.next(), Verb.WRITE, {1: client, 2: text}, {}, CLOCK.now(), 0)


def _file_row(tx: Writer, client: bytes) -> int:
    row = tx.row("SELECT compartment FROM record WHERE record_id = ?", (client,))
    assert row is not None
    return int(row[0])


def _push_forged(cheat: Colleague, forged: Forged, *, server: str) -> None:
    """Send a forged envelope as the cheat's device; the server takes it, for it cannot look inside."""
    with cheat.vault.write() as tx:
        forger = Forger(cheat, tx)
        data = forger.envelope(forged(forger))
        stream = forger.stream.stream
        me = forger.me
    link = ServerLink(server=server, clock=CLOCK, identity=me)
    results = link.push(stream=stream, envelopes=[data])
    link.close()
    assert results[0].status == "stored", results[0].reason


@pytest.fixture
def cheat(team: Team) -> tuple[Colleague, bytes]:
    """A new advocate with a client of their own, both synced; a device that cheats is used up by it."""
    one = team.agency.enrol(f"Gil{IDS.next().hex()[-6:]}")
    client = new_client(one)
    for each in (one, team.supervisor):
        each.sync()
    return one, client


def _aside(who: Colleague) -> list[str | None]:
    with who.vault.read() as db:
        return [one.reason for one in sealed.quarantine(db, waiting_since=0) if one.state == sealed.REFUSED]


def _bad_parcels(client: bytes) -> dict[str, Forged]:
    bomb = b"\x00" + b"\x91" * 40_000
    return {
        "garbage": lambda f: f.delta([f.parcel([], compartment=_file_row(f.tx, client), plain=b"\x01junk", count=3)]),
        "nested": lambda f: f.delta([f.parcel([], compartment=_file_row(f.tx, client), plain=bomb, count=3)]),
        "count": lambda f: f.delta([f.parcel([_note(client, "x")], compartment=_file_row(f.tx, client), count=7)]),
        "roster": lambda f: f.delta(
            [f.parcel([_note(client, "x")], compartment=_file_row(f.tx, client))], roster_head=bytes(32)
        ),
        "seen": lambda f: f.delta(
            [f.parcel([_note(client, "x")], compartment=_file_row(f.tx, client))],
            seen=Seen(life=1, index=f.stream.size, head=b"\x07" * 32),
        ),
        "future": lambda f: f.delta(
            [f.parcel([_note(client, "x")], compartment=_file_row(f.tx, client))],
            seen=Seen(life=1, index=10**6, head=b"\x07" * 32),
        ),
    }


@pytest.mark.parametrize("kind", ["garbage", "nested", "count", "roster", "seen", "future"])
def test_bad_content_is_set_aside_and_work_goes_on(team: Team, cheat: tuple[Colleague, bytes], kind: str) -> None:
    who, client = cheat
    before = len(_aside(team.supervisor))
    _push_forged(who, _bad_parcels(client)[kind], server=team.agency.server.address)
    theirs = new_client(team.bea)
    team.bea.sync()
    team.supervisor.sync()
    assert len(_aside(team.supervisor)) == before + 1
    assert has(team.supervisor, "client", theirs)
    assert sync_state(team.supervisor.vault, now=CLOCK.now()).word is SyncWord.NEEDS_ATTENTION
    team.dee.sync()
    assert has(team.supervisor, "client", client)


def test_what_a_newer_program_packed_waits_and_is_kept(team: Team, cheat: tuple[Colleague, bytes]) -> None:
    who, client = cheat
    before = len(_aside(team.supervisor))

    def packed(f: Forger) -> Delta:
        row = _file_row(f.tx, client)
        return f.delta([f.parcel([], compartment=row, plain=b"\xfe" + bytes(40), count=2)])

    _push_forged(who, packed, server=team.agency.server.address)
    for _ in range(2):
        team.supervisor.sync()
        with team.supervisor.vault.read() as db:
            rows = db.rows("SELECT count FROM parcel WHERE state = 'waiting' AND reason = 'wire.newer'")
        assert (2,) in rows
        with team.supervisor.vault.write() as tx:
            facts.drop(tx, "reads")
    assert len(_aside(team.supervisor)) == before


def test_a_parcel_moved_into_another_clients_compartment_does_not_open(
    team: Team, cheat: tuple[Colleague, bytes]
) -> None:
    who, client = cheat
    other = new_client(who)
    who.sync()

    def forged(f: Forger) -> Delta:
        genuine = f.parcel([_note(client, "moved")], compartment=_file_row(f.tx, client))
        elsewhere = f.parcel([_note(other, "x")], compartment=_file_row(f.tx, other))
        return f.delta([Parcel(key_id=elsewhere.key_id, count=1, sealed=genuine.sealed)])

    before = len(_aside(team.supervisor))
    _push_forged(who, forged, server=team.agency.server.address)
    team.supervisor.sync()
    assert len(_aside(team.supervisor)) == before + 1


@pytest.mark.parametrize(
    ("record", "verb"), [(REVIEW, Verb.APPROVE), (by_name["admit"].number, Verb.ADMIT), (20, Verb.READERS)]
)
def test_what_an_advocate_may_not_do_is_refused_by_everybody(
    team: Team, cheat: tuple[Colleague, bytes], record: int, verb: Verb
) -> None:
    who, client = cheat
    event = SealedEvent(record, IDS.next(), verb, {}, {}, CLOCK.now(), 0)
    _push_forged(
        who,
        lambda f: f.delta([f.parcel([event], compartment=_file_row(f.tx, client))]),
        server=team.agency.server.address,
    )
    team.supervisor.sync()
    with team.supervisor.vault.read() as db:
        row = db.row(
            "SELECT e.state FROM event e JOIN record r ON r.id = e.record WHERE r.record_id = ?", (event.record_id,)
        )
    assert row is not None
    assert row[0] == EventState.REFUSED


def test_naming_events_that_do_not_exist_replaces_nothing(team: Team, cheat: tuple[Colleague, bytes]) -> None:
    who, client = cheat
    event = SealedEvent(by_name["client"].number, client, Verb.WRITE, {}, {7: [(0, 999), (5, 1)]}, CLOCK.now(), 0)
    _push_forged(
        who,
        lambda f: f.delta([f.parcel([event], compartment=_file_row(f.tx, client))]),
        server=team.agency.server.address,
    )
    team.supervisor.sync()
    assert has(team.supervisor, "client", client)


def test_anothers_envelope_signed_again_as_ones_own_does_not_open(team: Team, cheat: tuple[Colleague, bytes]) -> None:
    who, _ = cheat
    theirs = new_client(team.bea)
    team.bea.sync()
    who.sync()
    with who.vault.write() as tx:
        forger = Forger(who, tx)
    link = ServerLink(server=team.agency.server.address, clock=CLOCK, identity=forger.me)
    page = link.log(stream=forger.stream.stream, since=1, max_bytes=1 << 22)
    bea = next(
        parsed
        for item in reversed(page.items)
        if (parsed := envelope.parse_envelope(item.envelope)).header.device != forger.me.device.id
        and parsed.header.kind == envelope.DELTA
    )
    header = replace(
        bea.header,
        device=forger.me.device.id,
        seq=forger.end.seq + 1,
        previous=forger.end.leaf,
        roster_size=forger.state.size,
    )
    unsigned = Envelope(header=header, header_bytes=header.pack(), sealed=bea.sealed, signature=b"")
    signature = forger.me.device.signer.sign(domain=ENVELOPE, message=unsigned.signed)
    results = link.push(stream=forger.stream.stream, envelopes=[unsigned.bytes() + signature])
    link.close()
    assert results[0].status == "stored"
    before = len(_aside(team.supervisor))
    team.supervisor.sync()
    assert len(_aside(team.supervisor)) == before + 1
    with team.supervisor.vault.read() as db:
        made = db.rows(
            "SELECT d.member FROM event e JOIN record r ON r.id = e.record JOIN device d ON d.id = e.device "
            "WHERE r.record_id = ?",
            (theirs,),
        )
    assert made == [(team.bea.id,)], "the work stays its author's"


def test_a_copied_vault_is_noticed_before_it_seals(team: Team, cheat: tuple[Colleague, bytes]) -> None:
    one, client = cheat
    one.vault.close()
    there = one.vault.path.with_name(f"{one.vault.path.name}-copy")
    shutil.copytree(one.vault.path, there)
    one.vault = open_vault(one.vault.path, passphrase=Private(PASSPHRASE))
    copy = Colleague(name=one.name, vault=open_vault(there, passphrase=Private(PASSPHRASE)))
    try:
        for each, text in ((one, "Written on the laptop."), (copy, "Written on the copy.")):
            done(give(each, notes.write, note=each.new_id(), wanted={"client": client, "text": text}))
        one.sync()
        with pytest.raises(VaultIsCopy):
            copy.sync()
        with copy.vault.read() as db:
            sealed_there = db.row("SELECT count(*) FROM event WHERE no IS NOT NULL AND log_index IS NULL")
        assert sealed_there == (0,)
        assert sync_state(copy.vault, now=CLOCK.now()).word is SyncWord.NEEDS_ATTENTION
        original = sync_state(one.vault, now=CLOCK.now())
        assert original.waiting == 0
        assert original.code != VaultIsCopy.code
    finally:
        copy.vault.close()
