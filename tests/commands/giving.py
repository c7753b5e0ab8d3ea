"""Giving commands as a colleague, and seeing what a record shows after."""

from collections.abc import Callable, Mapping
from typing import Any

from advocate_app.base.errors import Refusal
from advocate_app.commands import clients
from advocate_app.domain.fields import Record
from advocate_app.domain.merge import RecordView, view
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes
from advocate_app.store.queries.standing import find_record, state_of
from tests.agency import Colleague, done


def give(who: Colleague, command: Callable[..., Changes | Refusal], **arguments: Any) -> Changes | Refusal:
    """Give one command in one transaction."""
    with who.vault.write() as tx:
        return command(tx, by=who.acting_in(tx), **arguments)


def new_client(who: Colleague, wanted: Mapping[str, Any] | None = None) -> bytes:
    """A client taken in by this colleague."""
    client = who.new_id()
    done(give(who, clients.add, client=client, wanted={"first_name": "Marisol", **(wanted or {})}))
    return client


def seen(who: Colleague, kind: str, record_id: bytes) -> RecordView:
    """What a record shows to this colleague."""
    record: Record = by_name[kind]
    with who.vault.read() as db:
        standing = find_record(db, record_id=record_id, kind=record.number)
        assert standing is not None, f"no such {kind} here"
        return view(record, state_of(db, standing))


def has(who: Colleague, kind: str, record_id: bytes) -> bool:
    """Whether this colleague's vault can show the record."""
    with who.vault.read() as db:
        return find_record(db, record_id=record_id, kind=by_name[kind].number) is not None
