"""`advocate sync`, `status`, `quarantine`, `admit`: what went out, what came in, and what was set aside."""

import threading
from functools import partial
from typing import Any, Final

from advocate_app.base.errors import Fault, Refusal
from advocate_app.base.ids import Ids, id_text
from advocate_app.commands import admission
from advocate_app.commands.acting import Acting
from advocate_app.console.arguments import Commands, command
from advocate_app.console.desk import Desk
from advocate_app.console.ending import Exit, Stop, exit_of
from advocate_app.console.printing import time_words
from advocate_app.console.texts import reason_words, told
from advocate_app.console.values import short
from advocate_app.domain.records import by_number
from advocate_app.store import facts, outbox, roster_log, sealed
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Writer
from advocate_app.store.queries.standing import ForAdmission, list_conflicts, list_for_admission, not_understood
from advocate_app.sync.rounds import run_round
from advocate_app.sync.schedule import Schedule
from advocate_app.sync.session import Round
from advocate_app.sync.state import DAY_MS, sync_state
from advocate_app.sync.words import SyncState, Tell

_LEAST_DIGITS: Final = 4


def add(commands: Commands) -> None:
    """Declare these commands."""
    syncing = command(commands, "sync", "Exchange with the server: one round.", run=_sync)
    syncing.add_argument("--watch", action="store_true", help="go on by the schedule until stopped")
    command(commands, "status", "Say how this vault stands, in one of five sync words; needs no network.", run=_status)
    command(commands, "quarantine", "List what was set aside, with reasons.", run=_quarantine)
    admitting = command(commands, "admit", "Let in what waits for a supervisor (see quarantine).", run=_admit)
    admitting.add_argument("leaf", metavar="LEAF", help="the beginning of its leaf, as quarantine lists it")


def _sync(desk: Desk) -> int:
    if not desk.asked.watch:
        _tell_round(desk, run_round(desk.vault, clock=desk.clock, ids=desk.ids, tell=_teller(desk)))
        return Exit.DONE
    schedule = Schedule()
    while True:
        fault: Fault | None = None
        try:
            _tell_round(desk, run_round(desk.vault, clock=desk.clock, ids=desk.ids, tell=_teller(desk)))
        except Fault as failed:
            fault = failed
            _tell_fault(desk, fault)
            if exit_of(fault) not in (Exit.OFFLINE, Exit.LATER):
                return exit_of(fault)
        schedule, wait = schedule.after(fault, between=lambda low, high: _between(desk.ids, low, high))
        threading.Event().wait(wait)


def _between(ids: Ids, low: float, high: float) -> float:
    return low + (high - low) * int.from_bytes(ids.secret(4), "big") / (1 << 32)


def _teller(desk: Desk) -> Tell:
    """Progress, for whoever watches a terminal."""

    def tell(state: SyncState) -> None:
        if desk.out.isatty() and not desk.in_json:
            desk.out.write(f"\r{state.text():<40}")
            desk.out.flush()

    return tell


def _tell_round(desk: Desk, done: Round) -> None:
    state = sync_state(desk.vault, now=desk.clock.now())
    reply = {
        "word": state.word.value,
        "waiting": state.waiting,
        "pulled": done.pulled,
        "pushed": done.pushed,
        "sealed": done.sealed,
        "refused": done.refused,
        "bytes_sent": done.bytes_sent,
        "bytes_received": done.bytes_received,
    }
    wiped = "\r" + " " * 40 + "\r" if desk.out.isatty() and not desk.in_json else ""
    sent = f"Sent {done.pushed} changes ({done.bytes_sent} bytes)"
    lines = [f"{wiped}{state.text()}. {sent}, received {done.pulled} ({done.bytes_received} bytes)."]
    if done.refused:
        lines.append(f"{done.refused} items were set aside; see: advocate quarantine")
    desk.answer(reply, *lines)


def _tell_fault(desk: Desk, fault: Fault) -> None:
    words = told(fault.code, fault.facts)
    reply = {"ok": False, "code": fault.code, "what": words.what, "safe": words.safe, "action": words.action}
    desk.answer(reply, f"{words.what} {words.safe}")


def _status(desk: Desk) -> int:
    now = desk.clock.now()
    state = sync_state(desk.vault, now=now)
    with desk.reading() as db:
        roster = roster_log.load_roster(db)
        me = facts.find_bytes(db, facts.MEMBER)
        last = facts.find_number(db, facts.LAST_CONTACT)
        server = facts.find_text(db, facts.SERVER)
        names = desk.names(db)
        waiting = outbox.count_waiting(db)
        newer = sum(count for _, _, count in not_understood(db))
        aside = len(sealed.quarantine(db, waiting_since=now - DAY_MS)) + len(list_for_admission(db))
        conflicts = len(list_conflicts(db))
    mine = None if roster is None else roster.members.get(me)
    roles = [] if mine is None else sorted(mine.now)
    reply: dict[str, Any] = {
        "word": state.word.value,
        "text": state.text(),
        "code": state.code,
        "waiting": state.waiting,
        "unsealed": waiting.unsealed,
        "last_exchange": last or None,
        "server": server or None,
        "member": None if mine is None else {"id": id_text(me), "name": names.get(me, ""), "roles": roles},
        "newer": newer,
        "set_aside": aside,
        "conflicts": conflicts,
    }
    lines = [f"{state.text()}."]
    if state.code:
        words = told(state.code, {})
        lines.append(f"  {words.what} {words.safe} {words.action}")
    when = time_words(last, zone=desk.clock.zone()) if last else "never"
    lines.append(f"  Last exchange with the server: {when}")
    if mine is None:
        lines.append("  This vault belongs to no agency yet.")
    else:
        lines.append(f"  You are {names.get(me)} ({', '.join(roles)}), on {server}")
    if state.waiting:
        lines.append(f"  {state.waiting} changes are safe on this laptop and not yet synced.")
    if conflicts:
        lines.append(f"  {conflicts} records have two values for one thing; see: advocate conflicts list")
    if newer:
        lines.append(f"  {newer} changes need a newer version of this program; they are kept.")
    if aside:
        lines.append(f"  {aside} items were set aside; see: advocate quarantine")
    desk.answer(reply, *lines)
    return Exit.DONE


def _quarantine(desk: Desk) -> int:
    with desk.reading() as db:
        kept = sealed.quarantine(db, waiting_since=desk.clock.now() - DAY_MS)
        members = {row: member for row, (_, member) in roster_log.device_members(db).items()}
        admissions = list_for_admission(db)
        newer = not_understood(db)
        names = desk.names(db)
    items: list[dict[str, Any]] = [
        {
            "state": one.state,
            "reason": one.reason,
            "member": _id(members.get(one.device)),
            "count": one.count,
            "since": one.since,
        }
        for one in kept
    ]
    lines = [
        f"{one.state:<10} from {names.get(members.get(one.device, b''), 'somebody')}, "
        f"{time_words(one.since, zone=desk.clock.zone())}: {reason_words(one.reason)}"
        for one in kept
    ]
    for waiting in admissions:
        items.append(
            {
                "state": "admission",
                "reason": "admission",
                "member": _id(waiting.member),
                "count": len(waiting.events),
                "since": waiting.recorded_at,
                "leaf": waiting.leaf.hex(),
                "parcel": waiting.parcel,
            }
        )
        lines.append(
            f"admission  {waiting.leaf.hex()[:12]}  from {names.get(waiting.member, 'somebody')}, "
            f"{len(waiting.events)} changes: {reason_words('admission')}"
        )
    for record_id, kind, count in newer:
        record = by_number.get(kind)
        items.append({"state": "newer", "reason": "newer", "record": _id(record_id), "type": kind, "count": count})
        lines.append(
            f"newer      {record.name if record else f'type {kind}'} {short(record_id)}, {count} changes: "
            f"{reason_words('newer')}"
        )
    desk.answer({"items": items}, *(lines or ["Nothing was set aside."]))
    return Exit.DONE


def _id(value: bytes | None) -> str | None:
    return None if value is None else id_text(value)


def _admit(desk: Desk) -> int:
    with desk.reading() as db:
        parcels = _meant(list_for_admission(db), desk.asked.leaf)
    for parcel in parcels:
        desk.do(partial(_let_in, parcel))
    count = sum(len(parcel.events) for parcel in parcels)
    desk.answer({"admitted": count}, f"{count} changes are admitted, here and with the next sync everywhere.")
    return Exit.DONE


def _let_in(parcel: ForAdmission, tx: Writer, by: Acting) -> Changes | Refusal:
    return admission.admit(tx, admission=by.new_id(), parcel=parcel, by=by)


def _meant(waiting: list[ForAdmission], leaf: str) -> list[ForAdmission]:
    found = [one for one in waiting if len(leaf) >= _LEAST_DIGITS and one.leaf.hex().startswith(leaf.lower())]
    if not found:
        raise Stop("admit.not_waiting", {})
    return found
