"""A server that lies is caught, nothing of the lie is taken, and an honest sync afterwards brings everything."""

import pytest

from advocate_app.base.errors import Fault
from advocate_app.store import sealed
from advocate_app.sync.errors import Attack, CaptivePortal, ClockWrong, ProgramTooOld, ServerTrouble
from advocate_app.sync.state import sync_state
from advocate_app.sync.words import SyncWord
from tests.agency import CLOCK
from tests.hostile.conftest import Ambush, picture, shown

_CAUGHT = {
    "drop": Attack,
    "alter": Attack,
    "reorder": Attack,
    "replay": Attack,
    "backdate": Attack,
    "cut_short": Attack,
    "roll_back": Attack,
    "short_roster": Attack,
    "captive": CaptivePortal,
    "busy": ServerTrouble,
    "newer": ProgramTooOld,
    "wrong_clock": ClockWrong,
    "garbage": ServerTrouble,
}


@pytest.mark.parametrize("lie", sorted(_CAUGHT))
def test_a_lie_about_the_log_is_caught_and_nothing_of_it_taken(ambush: Ambush, lie: str) -> None:
    ambush.work(ambush.ana)
    ambush.ana.sync()
    ambush.bea.sync()
    ambush.work(ambush.ana, count=2)
    ambush.ana.sync()
    before = picture(ambush.bea)
    ambush.proxy.tell(lie)
    with pytest.raises(_CAUGHT[lie]) as caught:
        ambush.bea.sync()
    assert isinstance(caught.value, Fault)
    assert picture(ambush.bea) == before
    assert sync_state(ambush.bea.vault, now=CLOCK.now()).word in (SyncWord.NEEDS_ATTENTION, SyncWord.OFFLINE)
    ambush.proxy.tell("none")
    ambush.bea.sync()
    assert shown(ambush.bea) == shown(ambush.ana)
    assert sync_state(ambush.bea.vault, now=CLOCK.now()).word is SyncWord.UP_TO_DATE


def test_what_the_server_asks_of_patience_is_heard(ambush: Ambush) -> None:
    ambush.proxy.tell("busy")
    with pytest.raises(ServerTrouble) as caught:
        ambush.bea.sync()
    assert caught.value.retry_after == 120


@pytest.mark.parametrize("lie", ["false_receipt", "captive", "garbage"])
def test_nothing_is_called_synced_without_a_receipt_that_stands(ambush: Ambush, lie: str) -> None:
    ambush.work(ambush.bea)
    ambush.proxy.tell(lie)
    with pytest.raises(Fault):
        ambush.bea.sync()
    state = sync_state(ambush.bea.vault, now=CLOCK.now())
    assert state.word is not SyncWord.UP_TO_DATE
    assert state.waiting > 0
    ambush.proxy.tell("none")
    ambush.bea.sync()
    ambush.ana.sync()
    assert shown(ambush.bea) == shown(ambush.ana)


def test_a_server_that_throws_away_what_it_calls_stored_is_caught_at_the_next_contact(ambush: Ambush) -> None:
    ambush.work(ambush.bea)
    ambush.proxy.tell("claim_stored")
    ambush.bea.sync()
    ambush.proxy.tell("none")
    with pytest.raises(Attack):
        ambush.bea.sync()
    assert sync_state(ambush.bea.vault, now=CLOCK.now()).word is SyncWord.NEEDS_ATTENTION
    with ambush.bea.vault.read() as db:
        kept = db.row("SELECT count(*) FROM envelope")
    assert kept is not None
    assert kept[0] > 0, "what was called stored must still be here"


def test_two_histories_are_noticed_by_the_first_envelope_that_crosses(ambush: Ambush) -> None:
    ambush.work(ambush.ana, count=2)
    ambush.ana.sync()
    ambush.work(ambush.bea)
    ambush.proxy.tell("fork")
    ambush.bea.sync()
    ambush.proxy.tell("none")
    with pytest.raises(Attack):
        ambush.bea.sync()
    ambush.ana.sync()
    with ambush.ana.vault.read() as db:
        aside = sealed.quarantine(db, waiting_since=0)
    assert {one.reason for one in aside} == {"sync.other_history"}
    state = sync_state(ambush.ana.vault, now=CLOCK.now())
    assert state.word is SyncWord.NEEDS_ATTENTION


def test_a_roster_whose_newest_entries_are_hidden_is_noticed_when_the_log_cites_it(ambush: Ambush) -> None:
    ambush.proxy.tell("hidden_roster")
    ambush.bea.sync()
    ambush.agency.enrol("Dee")
    ambush.work(ambush.ana)
    ambush.ana.sync()
    before = shown(ambush.bea)
    with pytest.raises(Attack):
        ambush.bea.sync()
    assert shown(ambush.bea) == before
    ambush.proxy.tell("none")
    ambush.bea.sync()
    assert shown(ambush.bea) == shown(ambush.ana)


def test_heads_that_call_anothers_envelope_ones_own_stop_the_sealing(ambush: Ambush) -> None:
    ambush.work(ambush.ana)
    ambush.ana.sync()
    ambush.work(ambush.bea)
    ambush.bea.sync()
    ambush.work(ambush.bea)
    ambush.proxy.tell("other_heads")
    with pytest.raises(Attack):
        ambush.bea.sync()
    with ambush.bea.vault.read() as db:
        unsealed = db.row("SELECT count(*) FROM event WHERE no IS NULL")
    assert unsealed is not None
    assert unsealed[0] > 0
    ambush.proxy.tell("none")
    ambush.bea.sync()
    assert sync_state(ambush.bea.vault, now=CLOCK.now()).word is SyncWord.UP_TO_DATE
