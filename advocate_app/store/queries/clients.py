"""The list of clients: who they are, the case that is open, what is due next."""

from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from advocate_app.store.connection import Reader


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClientRow:
    """One client and their latest case, as the list of cases shows them. It names a person and has no `repr`."""

    row: int
    client: bytes
    """16 bytes."""
    code: str | None
    first_name: str | None
    last_name: str | None
    preferred_name: str | None
    status: int
    """A `Status`."""
    conflicts: int
    """Registers in conflict, in the client's record and the case."""
    unlogged: int
    """Events of the client's record and the case that are not on the server yet."""
    case: bytes | None
    """Record id of the case: the latest that is not closed, else the latest; 16 bytes."""
    case_number: str | None
    risk_level: str | None
    advocate: bytes | None
    """Member id of the primary advocate."""
    stage: str | None
    next_step: str | None
    next_due: str | None
    """The earliest of the case's own date and the open tasks; ISO, partial."""
    sort_key: Any
    """What the list is ordered by; with `row` it says where the next page starts."""


ClientOrder = Literal["name", "code", "due"]
"""By the name to show, by code, or by what is due first."""

Start = tuple[Any, int]
"""`sort_key` and `row` of the last client of the page before."""

# The tail of a client's id is what `record_of_client` is ordered by.
_DUE: Final = """(SELECT min(due) FROM (
    SELECT min(k.next_due) AS due FROM record x JOIN r_case k ON k.record = x.id
      WHERE substr(x.client, 12) = substr(c.client, 12) AND x.type = 4 AND x.client = c.client
        AND x.status <> 2 AND k.closed_on IS NULL
    UNION ALL
    SELECT min(t.due) FROM record x JOIN r_task t ON t.record = x.id
      WHERE substr(x.client, 12) = substr(c.client, 12) AND x.type = 6 AND x.client = c.client
        AND x.status <> 2 AND ifnull(t.status, 'open') = 'open'))"""
_CASE: Final = """(SELECT k.record FROM record x JOIN r_case k ON k.record = x.id
    WHERE substr(x.client, 12) = substr(c.client, 12) AND x.type = 4 AND x.client = c.client AND x.status <> 2
    ORDER BY k.closed_on IS NOT NULL, k.at DESC, x.record_id DESC LIMIT 1)"""
_KEYS: Final[dict[ClientOrder, str]] = {
    "name": "lower(coalesce(c.preferred_name, c.first_name, '') || ' ' || coalesce(c.last_name, ''))",
    "code": "ifnull(c.code, '')",
    "due": f"ifnull({_DUE}, '9999')",
}
_PAGE: Final = """SELECT p.row, p.client, c.code, c.first_name, c.last_name, c.preferred_name, r.status,
    r.conflicts + ifnull(kr.conflicts, 0), r.unlogged + ifnull(kr.unlogged, 0), kr.record_id, k.number, k.risk_level,
    k.primary_advocate, k.stage, k.next_step, p.due, p.key
  FROM (SELECT c.row, c.client, c.key, {due} AS due, {case} AS latest FROM ({page}) c) p
  JOIN r_client c ON c.record = p.row JOIN record r ON r.id = p.row
  LEFT JOIN r_case k ON k.record = p.latest LEFT JOIN record kr ON kr.id = p.latest ORDER BY p.key, p.row"""
_ALL: Final = """SELECT c.record AS row, c.client, {key} AS key FROM r_client c WHERE (? OR c.standing <> 2)
  AND ({key}, c.record) > (?, ?) ORDER BY 3, 1 LIMIT ?"""
_ONE: Final = (
    "SELECT c.record AS row, c.client, '' AS key FROM r_client c JOIN record r ON r.id = c.record WHERE {which}"
)


def list_clients(
    db: Reader, *, order: ClientOrder = "name", after: Start = ("", 0), limit: int = 100, struck: bool = False
) -> list[ClientRow]:
    """One page of the clients that can be read here, in the asked order."""
    sql = _PAGE.format(due=_DUE, case=_CASE, page=_ALL.format(key=_KEYS[order]))
    return [_row(found) for found in db.rows(sql, (struck, *after, limit))]


def find_client(db: Reader, *, client: bytes) -> ClientRow | None:
    """The client of this id (16 bytes)."""
    sql = _PAGE.format(due=_DUE, case=_CASE, page=_ONE.format(which="r.record_id = ? AND r.type = 1 LIMIT 1"))
    found = db.row(sql, (client,))
    return None if found is None else _row(found)


def count_clients(db: Reader) -> int:
    """How many clients can be read here, struck ones left out."""
    row = db.row("SELECT count(*) FROM r_client WHERE standing <> 2")
    assert row is not None
    return int(row[0])


_NAMES: Final = tuple(one.name for one in fields(ClientRow))


def _row(found: tuple[Any, ...]) -> ClientRow:
    return ClientRow(**dict(zip(_NAMES, found, strict=True)))
