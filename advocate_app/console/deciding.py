"""`advocate review` and `conflicts`: what waits for somebody's decision."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from advocate_app.base.errors import Refusal
from advocate_app.base.ids import id_text
from advocate_app.commands import conflicts, reviews
from advocate_app.commands.acting import Acting
from advocate_app.console.arguments import Commands, command, family
from advocate_app.console.desk import Desk
from advocate_app.console.ending import Exit, Usage
from advocate_app.console.lookup import find_any, find_one, resolver
from advocate_app.console.printing import record_json, time_words, title_of, view_of, worded
from advocate_app.console.values import parse_pairs, plain, short
from advocate_app.domain.fields import Merge, Record
from advocate_app.domain.merge import ConflictView
from advocate_app.domain.records import by_name, by_number
from advocate_app.store.changes import Changes
from advocate_app.store.connection import Reader, Writer
from advocate_app.store.queries.standing import events_in, find_record, list_records, values_of

REVIEW: Final = by_name["review"]


def add(commands: Commands) -> None:
    """Declare these commands."""
    part = family(commands, "review", "What a supervisor is asked to look at, and what was said.")
    listing = command(part, "list", "List reviews: by default those that wait for a decision.", run=_list)
    listing.add_argument("--all", action="store_true", help="also decided ones")
    listing.add_argument("--mine", action="store_true", help="those I asked for, with what became of them")
    submitting = command(part, "submit", "Ask for a review of a record.", run=_submit)
    submitting.add_argument("which", metavar="RECORD", help="id, digits of it, or client code")
    submitting.add_argument("--kind", default="record", metavar="KIND", help="a code of review_kind (record)")
    submitting.add_argument("--message", metavar="TEXT", help="what to look at")
    submitting.add_argument("--to", metavar="MEMBER", help="the supervisor who is asked; anyone if left out")
    approving = command(part, "approve", "Approve what was submitted.", run=_approve)
    approving.add_argument("which", metavar="REVIEW", help="id of the review, or digits of it")
    approving.add_argument("--comment", metavar="TEXT")
    returning = command(part, "return", "Return what was submitted, with a comment.", run=_return)
    returning.add_argument("which", metavar="REVIEW", help="id of the review, or digits of it")
    returning.add_argument("--comment", metavar="TEXT", default="", help="what is to be done")
    returning.add_argument("--field", action="append", default=[], metavar="NAME", help="a field to look at again")
    returning.add_argument("--reject", action="store_true", help="a no, not a not yet")

    part = family(commands, "conflicts", "Values that stand against each other.")
    command(part, "list", "List every conflict: both values, who wrote them and when.", run=_conflicts)
    resolving = command(part, "resolve", "Settle a conflict, by one side or a new value.", run=_resolve)
    resolving.add_argument("which", metavar="RECORD", help="id, digits of it, or client code")
    resolving.add_argument("field", metavar="FIELD", help="the field or group, as the list names it")
    resolving.add_argument("--choose", type=int, metavar="N", help="the side that holds, counted from 1")
    resolving.add_argument("--set", dest="pairs", action="append", default=[], metavar="NAME=VALUE", help="a new value")


def _submit(desk: Desk) -> int:
    review = b""

    def run(tx: Writer, by: Acting) -> Changes | Refusal:
        nonlocal review
        standing, record = find_any(tx, desk.asked.which)
        review = by.new_id()
        resolve = resolver(tx, names=desk.names(tx), me=by.member)
        wanted = parse_pairs(REVIEW, [f"assigned_to={desk.asked.to}"] if desk.asked.to else [], resolve=resolve)
        return reviews.submit(
            tx,
            review=review,
            subject=standing.record_id,
            subject_record=record,
            by=by,
            kind=desk.asked.kind,
            message=desk.asked.message,
            wanted=wanted,
        )

    desk.do(run)
    return _tell(desk, review, "Submitted for review")


def _approve(desk: Desk) -> int:
    return _decide(
        desk, "Approved", lambda tx, by, review: reviews.approve(tx, review=review, by=by, comment=desk.asked.comment)
    )


def _return(desk: Desk) -> int:
    said = "Rejected" if desk.asked.reject else "Returned"
    return _decide(
        desk,
        said,
        lambda tx, by, review: reviews.give_back(
            tx,
            review=review,
            comment=desk.asked.comment,
            by=by,
            flagged=tuple(desk.asked.field),
            reject=desk.asked.reject,
        ),
    )


def _decide(desk: Desk, said: str, decide: Callable[[Writer, Acting, bytes], Changes | Refusal]) -> int:
    review = b""

    def run(tx: Writer, by: Acting) -> Changes | Refusal:
        nonlocal review
        review = find_one(tx, REVIEW, desk.asked.which).record_id
        return decide(tx, by, review)

    desk.do(run)
    return _tell(desk, review, said)


def _tell(desk: Desk, review: bytes, said: str) -> int:
    with desk.reading() as db:
        standing = find_record(db, record_id=review, kind=REVIEW.number)
        assert standing is not None
        reply = record_json(standing, *view_of(db, standing))
    desk.answer({"record": reply}, f"{said}: {short(review)}. Saved on this laptop.")
    return Exit.DONE


def _list(desk: Desk) -> int:
    with desk.reading() as db:
        me = desk.acting(db).member
        names = desk.names(db)
        if desk.asked.all or desk.asked.mine:
            found = list_records(db, kind=REVIEW.number)
        else:
            found = reviews.list_pending(db)
        rows = [(one, *view_of(db, one)) for one in found]
        if desk.asked.mine:
            rows = [row for row in rows if row[2].values.get("requested_by") == me]
        listed, lines = [], []
        for standing, record, seen in rows:
            values = seen.values
            subject = _subject(db, values)
            listed.append({**record_json(standing, record, seen), "subject": subject})
            asked = time_words(values.get("requested_at", 0), zone=desk.clock.zone())
            decision = values.get("decision") or "pending"
            lines.append(
                f"{short(standing.record_id)}  {decision:<9} {subject or '(not readable here)'}"
                f" · asked by {names.get(values.get('requested_by', b''), 'somebody')}, {asked}"
            )
            lines += [f"    asked: {values['message']}"] if values.get("message") else []
            who = names.get(values.get("decided_by", b""), "reviewer")
            lines += [f"    {who}: {comment}" for comment in values.get("comments") or ()]
    desk.answer({"records": listed}, *(lines or ["No reviews here."]))
    return Exit.DONE


def _subject(db: Reader, values: Mapping[str, Any]) -> str | None:
    """One line about what is to be reviewed; None where it cannot be read here."""
    record = by_number.get(values.get("subject_type", 0))
    standing = None if record is None else find_record(db, record_id=values["subject"], kind=record.number)
    if record is None or standing is None:
        return None
    return f"{record.name} {short(standing.record_id)}  {title_of(record, values_of(db, standing))}"


def _conflicts(desk: Desk) -> int:
    listed: list[dict[str, Any]] = []
    lines: list[str] = []
    with desk.reading() as db:
        names = desk.names(db)
        for found in conflicts.list_open(db):
            events = {event.id: event for event in events_in(db, found.standing.row)}
            title = title_of(found.record, values_of(db, found.standing))
            lines.append(f"{found.record.name} {short(found.standing.record_id)}  {title}")
            for conflict in found.conflicts:
                sides = []
                lines.append(f"  {conflict.name}{_mark(conflict)}")
                for place, side in enumerate(conflict.values, start=1):
                    writer = events.get(side.events[-1])
                    author = b"" if writer is None else writer.author
                    at = 0 if writer is None else writer.recorded_at
                    sides.append(
                        {
                            "choose": place,
                            "value": plain(side.value),
                            "member": id_text(author) if author else None,
                            "name": names.get(author),
                            "recorded_at": at,
                        }
                    )
                    when = time_words(at, zone=None if writer is None else writer.zone)
                    value = _value(found.record, conflict, side.value, names=names)
                    lines.append(f"    {place}: {value}  ({names.get(author, 'somebody')}, {when})")
                listed.append(
                    {
                        "record": id_text(found.standing.record_id),
                        "type": found.record.name,
                        "field": conflict.name,
                        "merge": conflict.merge.value,
                        "sides": sides,
                    }
                )
    desk.answer({"conflicts": listed}, *(lines or ["No conflicts."]))
    return Exit.DONE


def _mark(conflict: ConflictView) -> str:
    return {
        Merge.SAFETY: "  (safety: the most protective value is in force until somebody decides)",
        Merge.IDENTITY: "  (identity: nothing is exported until somebody decides)",
        Merge.LEGAL: "  (nothing is exported until somebody decides)",
    }.get(conflict.merge, "")


def _value(record: Record, conflict: ConflictView, value: Any, *, names: dict[bytes, str]) -> str:
    register = record.registers[conflict.register]
    if register.group is not None:
        return ", ".join(f"{name}: {worded(record.field(name), each, names=names)}" for name, each in value.items())
    if conflict.merge is Merge.READERS:
        return "; ".join(
            f"{what} {', '.join(names.get(one, short(one)) for one in ones)}" for what, ones in value.items()
        )
    return worded(register.fields[0], value, names=names)


def _resolve(desk: Desk) -> int:
    if (desk.asked.choose is None) == (not desk.asked.pairs):
        raise Usage("Give --choose N, or a new value with --set.")
    which = b""
    record = REVIEW

    def run(tx: Writer, by: Acting) -> Changes | Refusal:
        nonlocal which, record
        standing, record = find_any(tx, desk.asked.which)
        which = standing.record_id
        resolve = resolver(tx, names=desk.names(tx), me=by.member)
        return conflicts.resolve(
            tx,
            record=record,
            record_id=which,
            register=desk.asked.field,
            by=by,
            choose=None if desk.asked.choose is None else desk.asked.choose - 1,
            wanted=parse_pairs(record, desk.asked.pairs, resolve=resolve),
        )

    desk.do(run)
    with desk.reading() as db:
        standing = find_record(db, record_id=which, kind=record.number)
        assert standing is not None
        reply = record_json(standing, *view_of(db, standing))
    desk.answer({"record": reply}, f"Settled: {desk.asked.field} of {record.name} {short(which)}.")
    return Exit.DONE
