"""Folding events into records, and records into the tables that screens read."""

from collections.abc import Iterable, Sequence
from typing import Final

from advocate_app.domain.events import Event, Position
from advocate_app.domain.merge import State, apply, fold
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Writer
from advocate_app.store.event_rows import events_of, position_of
from advocate_app.store.projections.shapes import shape_of
from advocate_app.store.projections.shelf import Shelf, decode_state
from advocate_app.store.projections.tables import TABLES, Table
from advocate_app.store.projections.touched import Fresh, Touched, find

_CHUNK: Final = 512


def project(tx: Writer, *, touched: Iterable[Touched], shelf: Shelf) -> Changes:
    """Take the fresh events of each record into it, and write all that is on the shelf.

    The event rows are written before: a record whose fresh events do not all come after what it holds is folded anew
    from its rows.
    """
    late: list[int] = []
    for one in touched:
        table = TABLES.get(one.type)
        if table is None or not one.fresh:
            if one.is_new:
                shelf.put_bare(one)
            continue
        if len(one.fresh) > 1:
            one.fresh.sort(key=_position)
        if _in_order(one):
            _extend(one, table=table, shelf=shelf)
        else:
            late.append(one.row)
    changes = shelf.write(tx)
    return changes | refold(tx, late) if late else changes


def refold(tx: Writer, records: Iterable[int]) -> Changes:
    """Fold these records (row ids) anew from their event rows."""
    changes = Changes()
    rows = sorted(set(records))
    for start in range(0, len(rows), _CHUNK):
        changes |= _refold(tx, rows[start : start + _CHUNK])
    return changes


def _refold(tx: Writer, rows: Sequence[int]) -> Changes:
    events = events_of(tx, rows)
    shelf = Shelf()
    for one in find(tx, rows):
        table = TABLES.get(one.type)
        held = events.get(one.row, [])
        one.last_index = max((event.position[1] for event in held), default=0)
        one.unlogged = sum(event.position[0] for event in held)
        one.updated_at = max((event.recorded_at for event in held), default=0)
        one.reindex = True
        if table is None or not held:
            shelf.put_bare(one)
        else:
            plain = len(held) == 1 and shape_of(one.type, held[0].verb, held[0].fields).is_plain
            shelf.put(one, table=table, state=fold(table.record, held), keep_state=not plain)
    return shelf.write(tx)


def _position(fresh: Fresh) -> Position:
    return position_of(event=fresh.id, log_index=fresh.log_index, no=fresh.no)


def _in_order(one: Touched) -> bool:
    """Whether the state is at hand, and the fresh events all come after those that it holds."""
    if one.is_empty:
        return True
    if one.state is None:
        return False
    first = one.fresh[0].log_index
    return first is None or (one.unlogged == 0 and first > one.last_index)


def _count(one: Touched, event: Fresh) -> None:
    if event.log_index is None:
        one.unlogged += 1
    else:
        one.last_index = event.log_index
    if event.recorded_at > one.updated_at:
        one.updated_at = event.recorded_at


def _extend(one: Touched, *, table: Table, shelf: Shelf) -> None:
    state: State = {} if one.state is None else decode_state(one.state)
    latest = one.fresh[-1]
    plain = one.is_empty and len(one.fresh) == 1 and shape_of(one.type, latest.verb, latest.fields).is_plain
    for event in one.fresh:
        _count(one, event)
        if not table.searched.isdisjoint(event.fields):
            one.reindex = True
        state = apply(table.record, state, _event(one, event))
    shelf.put(one, table=table, state=state, keep_state=not plain)


def _event(one: Touched, fresh: Fresh) -> Event:
    return Event(
        id=fresh.id,
        position=_position(fresh),
        record_type=one.type,
        record_id=one.record_id,
        verb=fresh.verb,
        fields=fresh.fields,
        over=fresh.over,
        author=fresh.author,
        recorded_at=fresh.recorded_at,
        zone=fresh.zone,
        reason=fresh.reason,
    )
