"""What is wrong with the values of a form: kinds, codes, ranges, dates; never that something is missing."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as _made
from datetime import date
from typing import Any, Final

from advocate_app.base.errors import Fact
from advocate_app.domain.codes import code_list
from advocate_app.domain.dates import Span, span_of, span_of_time
from advocate_app.domain.fields import Field, Kind, Record

SOFT_LENGTH: Final = 4_000
"""Characters of free text above which a shorter note is suggested."""
LONGEST_TEXT: Final = 40_000
"""Characters that any text may have: one event must stay below 64 KiB."""
WHOLE: Final = 10_000
"""A whole in hundredths of a percent."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one field."""

    field: str
    code: str
    """Names what is wrong and so its remedy; the screen words it."""
    facts: Mapping[str, Fact] = _made(default_factory=dict)
    """Limits and the like; never what was typed."""
    hard: bool = False
    """True if it cannot be stored so; otherwise it is marked and kept as typed."""


def check(record: Record, fields: Mapping[str, Any], *, today: date) -> list[Problem]:
    """Everything wrong with these values, by field name; `None` and missing fields are never wrong."""
    problems: list[Problem] = []
    for name, value in fields.items():
        one = record.by_name.get(name)
        if one is None:
            problems.append(Problem(field=name, code="check.unknown_field", hard=True))
        elif value is not None:
            problems.extend(_check_field(one, value, today))
    if not any(problem.hard for problem in problems):
        problems.extend(_between(fields))
    return problems


def _check_field(one: Field, value: Any, today: date) -> Iterator[Problem]:
    expected = _TYPES[one.kind]
    if type(value) is not expected or not all(type(each) is _INNER[one.kind] for each in _inside(one, value)):
        yield Problem(field=one.name, code="check.wrong_kind", facts={"kind": one.kind.value}, hard=True)
        return
    yield from _KINDS.get(one.kind, _fine)(one, value, today)


def _check_text(one: Field, value: str, _today: date) -> Iterator[Problem]:
    if len(value) > LONGEST_TEXT:
        yield Problem(field=one.name, code="check.text.too_long", facts={"most": LONGEST_TEXT}, hard=True)
    elif len(value) > SOFT_LENGTH:
        yield Problem(field=one.name, code="check.text.long", facts={"most": SOFT_LENGTH})
    if one.kind is Kind.TEXT and ("\n" in value or "\r" in value):
        yield Problem(field=one.name, code="check.text.one_line", hard=True)


def _check_texts(one: Field, value: list[str], _today: date) -> Iterator[Problem]:
    if sum(map(len, value)) > LONGEST_TEXT:
        yield Problem(field=one.name, code="check.text.too_long", facts={"most": LONGEST_TEXT}, hard=True)


def _check_codes(one: Field, value: str | list[str], today: date) -> Iterator[Problem]:
    known = code_list(one.choices or "").codes
    for code in [value] if isinstance(value, str) else value:
        if code not in known:
            yield Problem(field=one.name, code="check.code.unknown", facts={"list": one.choices}, hard=True)
        elif not known[code].in_use(today):
            yield Problem(field=one.name, code="check.code.retired", facts={"list": one.choices, "code": code})
    if isinstance(value, list) and len(set(value)) != len(value):
        yield Problem(field=one.name, code="check.code.twice", facts={"list": one.choices}, hard=True)


def _check_date(one: Field, value: str, today: date) -> Iterator[Problem]:
    yield from _check_span(one, span_of(value), today)


def _check_time(one: Field, value: str, today: date) -> Iterator[Problem]:
    yield from _check_span(one, span_of_time(value), today)


def _check_span(one: Field, span: Span | None, today: date) -> Iterator[Problem]:
    if span is None:
        yield Problem(field=one.name, code="check.date.malformed", facts={"form": "YYYY-MM-DD"}, hard=True)
    elif one.past and span.first > today:
        yield Problem(field=one.name, code="check.date.future", facts={"today": today.isoformat()})


def _check_number(one: Field, value: int, _today: date) -> Iterator[Problem]:
    if one.least is not None and value < one.least:
        yield Problem(field=one.name, code="check.number.too_small", facts={"least": one.least}, hard=True)
    if one.most is not None and value > one.most:
        yield Problem(field=one.name, code="check.number.too_large", facts={"most": one.most}, hard=True)


def _check_ids(one: Field, value: bytes | list[bytes], _today: date) -> Iterator[Problem]:
    if any(len(each) != 16 for each in ([value] if isinstance(value, bytes) else value)):
        yield Problem(field=one.name, code="check.id.malformed", facts={"bytes": 16}, hard=True)


def _check_phone(one: Field, value: str, _today: date) -> Iterator[Problem]:
    if not is_phone(value):
        yield Problem(field=one.name, code="check.phone.invalid", facts={"country": "US"})


def _check_shares(one: Field, value: dict[str, int], _today: date) -> Iterator[Problem]:
    if any(type(share) is not int or share < 0 for share in value.values()):
        yield Problem(field=one.name, code="check.shares.malformed", hard=True)
    elif sum(value.values()) > WHOLE:
        yield Problem(field=one.name, code="check.shares.over_whole", facts={"most": WHOLE}, hard=True)
    elif value and sum(value.values()) < WHOLE:
        yield Problem(field=one.name, code="check.shares.under_whole", facts={"whole": WHOLE})


def is_phone(typed: str) -> bool:
    """True if what was typed can be a telephone number, read from within the United States."""
    import phonenumbers  # slow to import, and wanted only where a number was typed

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(typed, "US"))
    except phonenumbers.NumberParseException:
        return False


def _between(fields: Mapping[str, Any]) -> Iterator[Problem]:
    """What only two fields together can have wrong."""
    for earlier, later in (("opened_on", "closed_on"), ("stay_from", "stay_to")):
        first, last = (span_of(fields.get(name) or "") for name in (earlier, later))
        if first is not None and last is not None and last.last < first.first:
            yield Problem(field=later, code="check.date.before", facts={"other": earlier})
    if fields.get("identity") == "anonymous" and fields.get("client") is not None:
        yield Problem(field="identity", code="check.contact.anonymous_with_client", facts={"other": "client"})
    methods = fields.get("methods")
    if isinstance(methods, list) and "never" in methods and len(methods) > 1:
        yield Problem(field="methods", code="check.safe_contact.never_and_more", facts={"code": "never"})
    if isinstance(fields.get("zip"), str) and re.fullmatch(r"\d{5}(-\d{4})?", fields["zip"], re.ASCII) is None:
        yield Problem(field="zip", code="check.zip.malformed", facts={"form": "87501"})


def _fine(_one: Field, _value: Any, _today: date) -> Iterator[Problem]:
    return iter(())


def _inside(one: Field, value: Any) -> list[Any]:
    return list(value) if one.kind in _INNER else []


_TYPES: Final[Mapping[Kind, type]] = {
    Kind.TEXT: str,
    Kind.LONG_TEXT: str,
    Kind.TEXTS: list,
    Kind.CHOICE: str,
    Kind.CHOICES: list,
    Kind.DATE: str,
    Kind.LOCAL_TIME: str,
    Kind.INSTANT: int,
    Kind.INT: int,
    Kind.CENTS: int,
    Kind.BOOL: bool,
    Kind.ID: bytes,
    Kind.IDS: list,
    Kind.PHONE: str,
    Kind.BYTES: bytes,
    Kind.SHARES: dict,
}
_INNER: Final[Mapping[Kind, type]] = {
    Kind.TEXTS: str,
    Kind.CHOICES: str,
    Kind.IDS: bytes,
    Kind.SHARES: str,
}

_KINDS: Final[Mapping[Kind, Callable[[Field, Any, date], Iterator[Problem]]]] = {
    Kind.TEXT: _check_text,
    Kind.LONG_TEXT: _check_text,
    Kind.TEXTS: _check_texts,
    Kind.CHOICE: _check_codes,
    Kind.CHOICES: _check_codes,
    Kind.DATE: _check_date,
    Kind.LOCAL_TIME: _check_time,
    Kind.INT: _check_number,
    Kind.CENTS: _check_number,
    Kind.ID: _check_ids,
    Kind.IDS: _check_ids,
    Kind.PHONE: _check_phone,
    Kind.SHARES: _check_shares,
}
