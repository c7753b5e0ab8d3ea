"""Typed text to field values, as each field's kind has it, and back to text."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from advocate_app.base.ids import id_text
from advocate_app.console.ending import Usage
from advocate_app.domain.fields import Field, Kind, Record

MEMBERS: Final = frozenset(
    {
        "advocate",
        "staff",
        "owner",
        "primary_advocate",
        "team",
        "written_by",
        "assigned_to",
        "requested_by",
        "decided_by",
        "second_reviewer",
    }
)
"""Fields that name members; the other ids name records."""

_LISTS: Final = frozenset({Kind.CHOICES, Kind.IDS})
_YES: Final = frozenset({"yes", "true", "1", "y"})
_NO: Final = frozenset({"no", "false", "0", "n"})

Resolve = Callable[[Field, str], bytes]
"""Turns what was typed for an id into the id."""


def field_of(record: Record, name: str) -> Field:
    """The field of this name, or one with `-` for `_`. Raises `Usage` naming those there are."""
    found = record.by_name.get(name.replace("-", "_"))
    if found is None:
        known = ", ".join(one.name for one in record.fields)
        raise Usage(f"{record.name} has no field {name!r}. Its fields: {known}.")
    return found


def parse_pairs(record: Record, pairs: list[str], *, resolve: Resolve) -> dict[str, Any]:
    """Field values from `name=value` texts; a list may be given by commas or by repeating the name."""
    given: dict[str, list[str]] = {}
    for pair in pairs:
        name, mark, text = pair.partition("=")
        if not mark:
            raise Usage(f"{pair!r}: write it as name=value.")
        given.setdefault(field_of(record, name.strip()).name, []).append(text)
    return {name: parse(record.by_name[name], texts, resolve=resolve) for name, texts in given.items()}


def parse(one: Field, texts: list[str], *, resolve: Resolve) -> Any:
    """One field's value from what was typed for it. Empty text empties the field. Raises `Usage`."""
    if one.kind in _LISTS:
        parts = [part.strip() for text in texts for part in text.split(",") if part.strip()]
        return [resolve(one, part) for part in parts] if one.kind is Kind.IDS else parts
    if one.kind is Kind.TEXTS:
        return [text.strip() for text in texts if text.strip()]
    if len(texts) > 1:
        raise Usage(f"{one.name} takes one value, and was given {len(texts)}.")
    text = texts[0].strip()
    if not text:
        return None
    return _ONE.get(one.kind, _as_typed)(one, text, resolve)


def _as_typed(_one: Field, text: str, _resolve: Resolve) -> Any:
    return text


def _whole(one: Field, text: str, _resolve: Resolve) -> Any:
    if not re.fullmatch(r"-?\d{1,15}", text, re.ASCII):
        raise Usage(f"{one.name} is a whole number.")
    return int(text)


def _money(one: Field, text: str, _resolve: Resolve) -> Any:
    found = re.fullmatch(r"\$?(\d{1,12})(?:\.(\d{2}))?", text.replace(",", ""), re.ASCII)
    if found is None:
        raise Usage(f"{one.name} is an amount in dollars, such as 12.50.")
    return int(found[1]) * 100 + int(found[2] or 0)


def _yes_no(one: Field, text: str, _resolve: Resolve) -> Any:
    said = text.casefold()
    if said not in _YES | _NO:
        raise Usage(f"{one.name} is yes or no.")
    return said in _YES


def _id(one: Field, text: str, resolve: Resolve) -> Any:
    return resolve(one, text)


def _shares(one: Field, text: str, _resolve: Resolve) -> Any:
    shares: dict[str, int] = {}
    for part in text.split(","):
        name, mark, share = part.partition(":")
        found = re.fullmatch(r"(\d{1,3})(?:\.(\d{1,2}))?%?", share.strip(), re.ASCII)
        if not mark or found is None or not name.strip():
            raise Usage(f"{one.name} is names with percents, such as VOCA-26:60,STATE:40.")
        shares[name.strip()] = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return shares


def _never(one: Field, _text: str, _resolve: Resolve) -> Any:
    raise Usage(f"{one.name} is set by the program.")


_ONE: Final[Mapping[Kind, Callable[[Field, str, Resolve], Any]]] = {
    Kind.INT: _whole,
    Kind.CENTS: _money,
    Kind.BOOL: _yes_no,
    Kind.ID: _id,
    Kind.SHARES: _shares,
    Kind.INSTANT: _never,
    Kind.BYTES: _never,
}


def plain(value: Any) -> Any:
    """A field's value as JSON has it: ids as UUID text, other bytes as hex."""
    if isinstance(value, bytes):
        return id_text(value) if len(value) == 16 else value.hex()
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    return value


def shown(one: Field | None, value: Any, *, names: Mapping[bytes, str]) -> str:
    """A field's value as a line of text; ids of members by their names."""
    if value is None:
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, bytes):
        return names.get(value) or short(value)
    if isinstance(value, list):
        return ", ".join(shown(one, each, names=names) for each in value)
    if isinstance(value, dict):
        if one is not None and one.kind is Kind.SHARES:
            return ", ".join(f"{name} {share / 100:g} %" for name, share in value.items())
        return ", ".join(f"{name}={shown(None, each, names=names)}" for name, each in value.items())
    if one is not None and one.kind is Kind.CENTS:
        return f"${value // 100}.{value % 100:02d}"
    return str(value)


def short(value: bytes) -> str:
    """The end of an id, enough to name it at this console: eight hex digits."""
    return value.hex()[-8:]
