"""Which record or member is meant by a code, an id, or a piece of one."""

import re
from typing import Final

from advocate_app.base.errors import Refusal
from advocate_app.base.ids import id_bytes
from advocate_app.console.ending import Stop
from advocate_app.console.values import MEMBERS, Resolve, parse
from advocate_app.console.values import short as short
from advocate_app.domain.client_code import read_code
from advocate_app.domain.fields import Field, Record
from advocate_app.domain.folding_text import fold_text
from advocate_app.domain.records import by_name, by_number
from advocate_app.store.connection import Reader
from advocate_app.store.queries.standing import Standing, client_of_code, find_record, records_ending

CLIENT: Final = by_name["client"]
_LEAST: Final = 4
_MOST: Final = 10

__all__ = ["find_any", "find_member", "find_one", "parse", "resolver"]


def find_one(db: Reader, record: Record, text: str) -> Standing:
    """The record of this type that is meant. Raises `Stop`."""
    if record is CLIENT and text[:3].upper() == "NM-":
        return _by_code(db, text)
    found = [one for one in _by_digits(db, text) if one.type == record.number]
    return _only(found, kind=record.name)


def find_any(db: Reader, text: str) -> tuple[Standing, Record]:
    """The record of any type that is meant, and its type. Raises `Stop`."""
    if text[:3].upper() == "NM-":
        return _by_code(db, text), CLIENT
    found = _only(_by_digits(db, text), kind="record")
    return found, by_number[found.type]


def find_member(names: dict[bytes, str], text: str, *, me: bytes) -> bytes:
    """The member that is meant by a name, a piece of one, an id or `me`. Raises `Stop`."""
    if text.casefold() == "me":
        return me
    digits = text.replace("-", "").lower()
    wanted = fold_text(text)
    whole = [member for member, name in names.items() if fold_text(name) == wanted or member.hex() == digits]
    found = whole or [
        member
        for member, name in names.items()
        if wanted in fold_text(name) or (len(digits) >= _LEAST and member.hex().endswith(digits))
    ]
    if len(found) != 1:
        raise Stop("console.member_unknown" if not found else "console.member_ambiguous", {"count": len(found)})
    return found[0]


def resolver(db: Reader, *, names: dict[bytes, str], me: bytes) -> Resolve:
    """How ids are read when they are typed as a field's value."""

    def resolve(one: Field, text: str) -> bytes:
        if one.name in MEMBERS:
            return find_member(names, text, me=me)
        if one.name in by_name:
            return find_one(db, by_name[one.name], text).record_id
        return find_any(db, text)[0].record_id

    return resolve


def _by_code(db: Reader, text: str) -> Standing:
    code = read_code(text)
    if isinstance(code, Refusal):
        raise Stop(code.code, dict(code.facts))
    client = client_of_code(db, code=code)
    found = None if client is None else find_record(db, record_id=client, kind=CLIENT.number)
    if found is None:
        raise Stop("console.record_unknown", {"kind": "client"})
    return found


def _by_digits(db: Reader, text: str) -> list[Standing]:
    digits = text.replace("-", "").strip().upper()
    if re.fullmatch("[0-9A-F]+", digits) is None or not _LEAST <= len(digits) <= 32:
        raise Stop("console.id_malformed", {"least": _LEAST})
    if len(digits) == 32:
        whole = id_bytes(digits)
        return [one for kind in by_number if (one := find_record(db, record_id=whole, kind=kind)) is not None]
    return records_ending(db, digits=digits, limit=_MOST)


def _only(found: list[Standing], *, kind: str) -> Standing:
    if len(found) != 1:
        raise Stop(
            "console.record_unknown" if not found else "console.record_ambiguous", {"kind": kind, "count": len(found)}
        )
    return found[0]
