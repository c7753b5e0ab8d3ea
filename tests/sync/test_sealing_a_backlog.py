"""Sealing weeks of work: it is split into envelopes of bounded size, in order, each chained to the one before."""

from itertools import pairwise

from advocate_app.base.errors import Refusal
from advocate_app.commands import notes
from advocate_app.domain.compartments import CompartmentKind, CompartmentRef
from advocate_app.domain.records import by_name
from advocate_app.domain.verbs import Verb
from advocate_app.store import stream_log
from advocate_app.store.event_log import NewEvent, append
from advocate_app.wire import envelope
from tests.agency import Colleague, done
from tests.commands.conftest import Team
from tests.commands.giving import give, new_client


def _noise(who: Colleague, size: int) -> str:
    return "".join(who.new_id().hex() for _ in range(size // 32))


def test_a_backlog_larger_than_an_envelope_is_split_and_arrives_whole(team: Team) -> None:
    client = new_client(team.bea)
    written = []
    for _ in range(40):
        note = team.bea.new_id()
        done(give(team.bea, notes.write, note=note, wanted={"client": client, "text": _noise(team.bea, 20_000)}))
        written.append(note)
    team.bea.sync()
    with team.bea.vault.read() as db:
        row = stream_log.list_streams(db)[0].row
        sizes = [size for (size,) in db.rows("SELECT length(bytes) FROM envelope WHERE stream = ?", (row,))]
        chain = [envelope.parse_envelope(data) for (data,) in db.rows("SELECT bytes FROM envelope ORDER BY seq")]
        numbers = [no for (no,) in db.rows("SELECT no FROM event WHERE device = 1 ORDER BY no")]
    assert max(sizes) <= envelope.MAX_ENVELOPE + envelope.HEADER_SIZE + envelope.SIGNATURE_SIZE + 400
    assert sum(size > 100_000 for size in sizes) >= 2
    assert [one.header.seq for one in chain] == list(range(1, len(chain) + 1))
    assert all(later.header.previous == one.leaf for one, later in pairwise(chain))
    assert numbers == list(range(1, len(numbers) + 1))
    team.supervisor.sync()
    with team.supervisor.vault.read() as db:
        arrived = {record for (record,) in db.rows("SELECT record_id FROM record WHERE type = 7")}
    assert arrived.issuperset(written)


def test_an_event_that_no_envelope_can_hold_is_refused_before_it_is_saved(team: Team) -> None:
    client = new_client(team.bea)
    event = NewEvent(
        record_type=by_name["note"].number,
        record_id=team.bea.new_id(),
        verb=Verb.WRITE,
        fields={by_name["note"].field("text").number: _noise(team.bea, 70_000)},
        compartment=CompartmentRef(CompartmentKind.NARRATIVE, client),
    )
    with team.bea.vault.write() as tx:
        before = tx.row("SELECT count(*) FROM event")
        outcome = append(tx, events=[event], author=team.bea.acting_in(tx).author)
        assert tx.row("SELECT count(*) FROM event") == before
    assert isinstance(outcome, Refusal)
    assert outcome.code == "record.too_large"
