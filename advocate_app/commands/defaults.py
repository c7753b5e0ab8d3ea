"""What a new record says before anybody types: who, when, and a number without meaning."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from advocate_app.commands.acting import Acting

_SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER_SYMBOLS: Final = 6


def first_values(record: str, *, by: Acting) -> dict[str, Any]:
    """Values, by field name, that a new record of this type (name) starts with; what is typed comes before them."""
    rule = _RULES.get(record)
    return {} if rule is None else rule(by)


def number(letter: str, *, by: Acting) -> str:
    """A number for a case or contact, such as "C26-7K3QFM": the year and 30 random bits, for laptops count apart."""
    drawn = int.from_bytes(by.author.ids.secret(4), "big")
    body = "".join(_SYMBOLS[drawn >> 5 * place & 31] for place in range(_NUMBER_SYMBOLS))
    return f"{letter}{by.today():%y}-{body}"


def _case(by: Acting) -> dict[str, Any]:
    return {
        "number": number("C", by=by),
        "opened_on": by.today().isoformat(),
        "stage": "new",
        "intake_kind": "new",
        "primary_advocate": by.member,
    }


def _contact(by: Acting) -> dict[str, Any]:
    return {"number": number("H", by=by), "started_at": by.minute(), "advocate": by.member}


def _service(by: Acting) -> dict[str, Any]:
    return {"date": by.today().isoformat(), "staff": by.member, "quantity": 1}


def _task(by: Acting) -> dict[str, Any]:
    return {"status": "open", "owner": by.member}


def _note(by: Acting) -> dict[str, Any]:
    return {"format": "contact", "occurred_at": by.minute(), "written_by": by.member}


_RULES: Final[Mapping[str, Callable[[Acting], dict[str, Any]]]] = {
    "case": _case,
    "contact": _contact,
    "service": _service,
    "task": _task,
    "note": _note,
}
