"""The list of cases of the whole agency, in the orders that people ask for."""

from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from advocate_app.store.connection import Reader


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseRow:
    """One case with its client's name. It names a person and has no `repr`."""

    row: int
    case: bytes
    """Record id, 16 bytes."""
    client: bytes | None
    number: str | None
    code: str | None
    """The client's code."""
    first_name: str | None
    last_name: str | None
    preferred_name: str | None
    opened_on: str | None
    closed_on: str | None
    advocate: bytes | None
    risk_level: str | None
    stage: str | None
    next_step: str | None
    next_due: str | None
    status: int
    conflicts: int
    unlogged: int
    sort_key: Any


CaseOrder = Literal["due", "opened", "number", "risk"]
"""What is due first; the newest first; by number; the highest risk first."""

_KEYS: Final[dict[CaseOrder, str]] = {
    "due": "ifnull(k.next_due, '9999')",
    # Newest first, in ascending order of a key: what is left of the ten-digit day to the end of time.
    "opened": "99999999 - CAST(substr(replace(ifnull(k.opened_on, '0'), '-', '') || '00000000', 1, 8) AS INTEGER)",
    "number": "ifnull(k.number, '')",
    "risk": "CASE k.risk_level WHEN 'high' THEN 0 WHEN 'medium' THEN 1 WHEN 'low' THEN 3 ELSE 2 END",
}
_PAGE: Final = """SELECT p.row, r.record_id, r.client, k.number, c.code, c.first_name, c.last_name, c.preferred_name,
    k.opened_on, k.closed_on, k.primary_advocate, k.risk_level, k.stage, k.next_step, k.next_due,
    r.status, r.conflicts, r.unlogged, p.key
  FROM (SELECT k.record AS row, {key} AS key FROM r_case k WHERE (? OR k.closed_on IS NULL) AND k.standing <> 2
    AND (? IS NULL OR k.primary_advocate = ?) AND ({key}, k.record) > (?, ?) ORDER BY 2, 1 LIMIT ?) p
  JOIN r_case k ON k.record = p.row JOIN record r ON r.id = p.row
  LEFT JOIN r_client c ON c.record = (SELECT min(o.id) FROM record o WHERE o.record_id = r.client AND o.type = 1)
  ORDER BY p.key, p.row"""


def list_cases(
    db: Reader,
    *,
    order: CaseOrder = "due",
    advocate: bytes | None = None,
    closed: bool = False,
    after: tuple[Any, int] | None = None,
    limit: int = 100,
) -> list[CaseRow]:
    """One page of the cases that can be read here: `closed` ones too, one `advocate`'s (member id) only.

    `after` = (sort_key, row) of the last case of the page before.
    """
    first = ("", 0) if order in ("due", "number") else (-1, 0)
    params = (closed, advocate, advocate, *(after or first), limit)
    return [_row(found) for found in db.rows(_PAGE.format(key=_KEYS[order]), params)]


_NAMES: Final = tuple(one.name for one in fields(CaseRow))


def _row(found: tuple[Any, ...]) -> CaseRow:
    return CaseRow(**dict(zip(_NAMES, found, strict=True)))
