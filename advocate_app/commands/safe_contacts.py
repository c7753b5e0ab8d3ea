"""How a client may be reached: one record a client, the same on every laptop that makes it."""

from hashlib import sha256
from typing import Final

from advocate_app.base.errors import Refusal
from advocate_app.base.ids import uuid7
from advocate_app.commands import records
from advocate_app.commands.acting import Acting
from advocate_app.commands.records import Values
from advocate_app.domain.merge import State
from advocate_app.domain.records import by_name
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Writer
from advocate_app.store.queries.standing import find_record

SAFE_CONTACT: Final = by_name["safe_contact"]


def safe_contact_id(client: bytes) -> bytes:
    """The id of a client's safe contact: two members who both write it offline write the same record.

    A UUIDv7 of the client's own time, its other bits from SHA-256("safe_contact\\0" || client).
    """
    tail = sha256(b"safe_contact\0" + client).digest()[:10]
    return uuid7(ms=int.from_bytes(client[:6], "big"), tail=tail)


def put(tx: Writer, *, client: bytes, wanted: Values, by: Acting, seen: State | None = None) -> Changes | Refusal:
    """Say how a client may be reached; fields that are not named stay as they are."""
    if not by.may("safe_contact.edit"):
        return Refusal("command.not_allowed", {"command": "safe_contact.edit"})
    record_id = safe_contact_id(client)
    if find_record(tx, record_id=record_id, kind=SAFE_CONTACT.number) is None:
        values = {**wanted, "client": client}
        return records.begin(tx, record=SAFE_CONTACT, record_id=record_id, wanted=values, by=by)
    return records.save(tx, record=SAFE_CONTACT, record_id=record_id, wanted=wanted, by=by, seen=seen)
