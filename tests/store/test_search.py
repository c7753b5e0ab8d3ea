"""Search: folded, ranked, over names and notes, and deaf to its own syntax."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_app.base.clock import FixedClock
from advocate_app.domain.folding_text import fold_text
from advocate_app.domain.verbs import Verb
from advocate_app.store import projections
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.event_log import append, set_state
from advocate_app.store.event_rows import EventState
from advocate_app.store.search import count_pending, excerpts, index_pending, search
from advocate_app.store.vault import Vault
from tests.store.recording import IDS, found, me, typed

CLOCK = FixedClock(1_790_000_100_000)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    made = found(tmp_path_factory.mktemp("search") / "vault")
    with made.write() as tx:
        note(tx, "One note", "Said that she was fine")
        index_pending(tx, 100)
    yield made
    made.close()


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = found(tmp_path / "vault")
    yield made
    made.close()


def write(tx: Writer, kind: str, record_id: bytes, *, verb: Verb = Verb.WRITE, **fields: Any) -> bytes:
    assert append(tx, events=[typed(kind, record_id, of=record_id, verb=verb, **fields)], author=me(CLOCK))
    return record_id


def note(tx: Writer, title: str, text: str) -> bytes:
    return write(tx, "note", IDS.next(), title=title, text=text)


def index_all(tx: Writer) -> None:
    while index_pending(tx, 2):
        pass
    assert count_pending(tx) == 0


def found_by(db: Reader, text: str) -> list[bytes]:
    return [hit.record_id for hit in search(db, text)]


def test_names_are_found_however_they_are_typed(vault: Vault) -> None:
    with vault.write() as tx:
        begay = write(tx, "client", IDS.next(), code="K7Q2", first_name="Łichííʼ", last_name="Begay", aliases=["Niña"])
        other = write(tx, "client", IDS.next(), code="K8", first_name="Ana", last_name="O'Neil")
        assert count_pending(tx) == 2
        assert found_by(tx, "lichii") == []
        index_all(tx)
        for text in ("lichii", "LICHII", "Łichííʼ", "beg", "begay lich", "nina", "Niñ", "k7q2", "  begay,  "):
            assert found_by(tx, text) == [begay], text
        assert found_by(tx, "oneil") == found_by(tx, "O’Neil") == [other]
        assert found_by(tx, "begay oneil") == []


def test_names_and_titles_come_before_what_is_written_in_notes(vault: Vault) -> None:
    with vault.write() as tx:
        in_text = note(tx, "Visit", "Rosa Rosa Rosa")
        in_title = note(tx, "Rosa", "Visit")
        person = write(tx, "client", IDS.next(), code="K1", first_name="Rosa")
        index_all(tx)
        found_ids = found_by(tx, "rosa")
        assert set(found_ids[:2]) == {in_title, person}
        assert found_ids[2] == in_text


def test_a_changed_record_is_found_by_what_it_says_now(vault: Vault) -> None:
    with vault.write() as tx:
        one = write(tx, "task", IDS.next(), title="Court in Gallup")
        index_all(tx)
        event = tx.rows("SELECT id FROM event")[0][0]
        record = typed("task", one, of=one, title="Court in Farmington", over={2: [event]})
        assert append(tx, events=[record], author=me(CLOCK))
        assert count_pending(tx) == 1
        index_all(tx)
        assert found_by(tx, "gallup") == []
        assert found_by(tx, "court farm") == [one]


def test_both_sides_of_a_conflict_find_the_record(vault: Vault) -> None:
    with vault.write() as tx:
        client = write(tx, "client", IDS.next(), first_name="Maria")
        write(tx, "client", client, first_name="Marta")
        index_all(tx)
        assert found_by(tx, "maria") == found_by(tx, "marta") == [client]


def test_a_struck_record_is_found_and_marked_and_one_set_apart_is_not(vault: Vault) -> None:
    with vault.write() as tx:
        struck, apart = note(tx, "Struck", "pinyon"), note(tx, "Apart", "pinyon")
        index_all(tx)
        append(tx, events=[typed("note", struck, of=struck, verb=Verb.STRIKE, reason="x")], author=me(CLOCK))
        set_state(tx, events=[2], state=EventState.ADMISSION)
        index_all(tx)
        assert [(hit.record_id, hit.status) for hit in search(tx, "pinyon")] == [(struck, 2)]
        assert apart not in found_by(tx, "apart")


def test_after_a_replay_everything_is_searched_anew(vault: Vault) -> None:
    with vault.write() as tx:
        one = note(tx, "Visit", "juniper")
        index_all(tx)
    projections.rebuild(vault, progress=lambda _done, _all: None, stop=lambda: False)
    with vault.write() as tx:
        assert found_by(tx, "juniper") == []
        index_all(tx)
        assert found_by(tx, "juniper") == [one]


def test_one_letter_looks_among_names_only(vault: Vault) -> None:
    with vault.write() as tx:
        note(tx, "Visit", "quiet")
        named = write(tx, "client", IDS.next(), code="K1", first_name="Quinn")
        index_all(tx)
        assert found_by(tx, "q") == [named]


def test_excerpts_show_the_words_where_they_stand(vault: Vault) -> None:
    with vault.write() as tx:
        note(tx, "Visit", "x " * 100 + "then Łichííʼ said: niña, not now" + " y" * 100)
        write(tx, "client", IDS.next(), code="K1", first_name="Niña")
        index_all(tx)
        hits = search(tx, "lichii nin")
        (shown,) = excerpts(tx, hits, text="lichii nin")
        assert shown is not None
        assert [shown.text[start:end] for start, end in shown.marks] == ["Łichíí", "niñ"]
        assert (shown.field, shown.is_cut_before, shown.is_cut_after) == ("text", True, True)
        assert "said" not in repr(shown)
        assert excerpts(tx, hits, text="elsewhere") == [None]


@given(text=st.text(max_size=30) | st.text(alphabet='"*()^:-+{} ANDORNOTnear,', max_size=30))
def test_nothing_that_is_typed_is_syntax(shared: Vault, text: str) -> None:
    with shared.read() as db:
        hits = search(db, text)
        assert len(hits) <= 1
        assert len(excerpts(db, hits, text=text)) == len(hits)


@given(text=st.text(max_size=30))
def test_a_text_is_found_by_each_of_its_words(shared: Vault, text: str) -> None:
    class Undone(Exception):
        pass

    def look() -> None:
        with shared.write() as tx:
            one = note(tx, "T", text)
            index_pending(tx, 100)
            for word in text.split():
                if sum(map(str.isalnum, fold_text(word))) > 1:
                    assert one in found_by(tx, word)
            raise Undone

    with pytest.raises(Undone):
        look()
