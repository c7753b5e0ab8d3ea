"""`advocate agency`, `invite`, `enrol`, `approve`: founding an agency, and how members come to it."""

import threading
from pathlib import Path
from typing import Any, Final

from advocate_app.base.errors import Refusal
from advocate_app.base.ids import id_text
from advocate_app.console.arguments import Commands, command, family
from advocate_app.console.desk import Desk
from advocate_app.console.ending import Exit, Stop, Usage
from advocate_app.console.printing import table
from advocate_app.console.values import short
from advocate_app.crypto.recovery import kit_text
from advocate_app.crypto.words import secret_to_words, words_to_secret
from advocate_app.domain.folding_text import fold_text
from advocate_app.domain.powers import ROLES
from advocate_app.store import facts, roster_log
from advocate_app.store.files import disk_faults, make_private_file
from advocate_app.sync import enrolment
from advocate_app.sync.enrolment import Applicant
from advocate_app.sync.errors import NotEnrolled
from advocate_app.sync.founding import found_agency
from advocate_app.sync.letters import InvitationFile, read_invitation_file
from advocate_app.sync.people import member_names
from advocate_app.sync.server_link import ServerLink
from advocate_app.wire.invitation import read_founding_token
from advocate_app.wiring import connect

POLL_SECONDS: Final = 2.0


def add(commands: Commands) -> None:
    """Declare these commands."""
    part = family(commands, "agency", "The agency that this vault belongs to.")
    founding = command(part, "create", "Found an agency with a token of the server's administrator.", run=_create)
    founding.add_argument("--server", required=True, metavar="URL", help="the server's address")
    founding.add_argument(
        "--token-file", metavar="FILE", help="the founding token; - is standard input; else asked for"
    )
    founding.add_argument("--name", metavar="NAME", help="your own name, for your colleagues; else asked for")
    founding.add_argument(
        "--kit", required=True, metavar="FILE", help="write the recovery kit here; print it, then delete"
    )
    command(part, "show", "Show members, roles and the fingerprint, as known here.", run=_show)

    inviting = command(commands, "invite", "Invite somebody: prints twelve words to hand over.", run=_invite)
    inviting.add_argument("role", choices=ROLES, metavar="ROLE", help=", ".join(ROLES))
    inviting.add_argument("--file", metavar="FILE", help="write an .advinvite file too: words, server and fingerprint")
    inviting.add_argument("--qr", metavar="FILE", help="write the same as a QR code, .svg or .png; - prints it here")

    enrolling = command(commands, "enrol", "Answer an invitation; later, see whether it was approved.", run=_enrol)
    enrolling.add_argument("--file", metavar="FILE", help="an .advinvite file")
    enrolling.add_argument("--words-fd", type=int, metavar="N", help="read the twelve words from this file descriptor")
    enrolling.add_argument("--words", action="store_true", help="type the twelve words when asked")
    enrolling.add_argument(
        "--server", metavar="URL", help="the server's address, where the invitation does not name it"
    )
    enrolling.add_argument("--name", metavar="NAME", help="your name, for your colleagues; else asked for")
    enrolling.add_argument("--wait", action="store_true", help="wait until somebody approves")

    approving = command(commands, "approve", "Take in a newcomer whose six words you heard.", run=_approve)
    approving.add_argument("who", nargs="?", metavar="NAME", help="the newcomer's name, where several wait")
    approving.add_argument("--words", metavar="WORDS", help="the six words as heard; else asked for")
    approving.add_argument("--list", action="store_true", help="only list who waits")


def _create(desk: Desk) -> int:
    kit = Path(desk.asked.kit)
    if kit.exists():
        raise Stop("console.file_exists", {"file": kit.name})
    with desk.reading() as db:
        if facts.find_bytes(db, facts.AGENCY):
            raise Stop("enrolment.member_already", {})
    if desk.asked.token_file:
        typed = desk.text_of(desk.asked.token_file).strip()
    else:
        typed = desk.secret(None, prompt="Founding token: ").reveal()
    token = read_founding_token(typed.split()[0] if typed.split() else "")
    name = _own_name(desk)
    link = ServerLink(server=desk.asked.server, clock=desk.clock)
    try:
        link.meta()
        founded = found_agency(
            desk.vault,
            link=link,
            server=desk.asked.server,
            token=token,
            name=name,
            clock=desk.clock,
            ids=desk.ids,
        )
    finally:
        link.close()
    with disk_faults():
        make_private_file(kit, content=kit_text(founded.kit).encode("utf-8"))
    desk.answer(
        {"agency": id_text(founded.agency), "fingerprint": founded.fingerprint.hex(), "kit": str(kit)},
        f"The agency is founded. Its fingerprint: {founded.fingerprint.hex()}",
        f"The recovery kit is in {kit}: print it, put it into the agency's safe, and delete the file.",
        "Next: advocate sync, then advocate invite supervisor",
    )
    return Exit.DONE


def _own_name(desk: Desk) -> str:
    name: str = desk.asked.name or desk.ask("Your name, for your colleagues: ")
    if not name.strip():
        raise Usage("Give your name with --name.")
    return name.strip()


def _show(desk: Desk) -> int:
    with desk.reading() as db:
        state = roster_log.load_roster(db)
        me = facts.find_bytes(db, facts.MEMBER)
        server = facts.find_text(db, facts.SERVER)
        if state is None:
            raise NotEnrolled
        names = member_names(db, state=state)
    members = [
        {
            "id": id_text(one.id),
            "name": names[one.id],
            "roles": sorted(one.now),
            "removed": one.removed,
            "devices": len(state.devices_of(one.id)),
        }
        for one in state.members.values()
    ]
    lines = [
        f"Agency {id_text(state.agency)} on {server}",
        f"Fingerprint {state.fingerprint.hex()}",
        f"Roster as known here: {state.size} entries",
        *table(
            (
                short(one.id),
                names[one.id] + (" (you)" if one.id == me else ""),
                "removed" if one.removed else ", ".join(sorted(one.now)),
            )
            for one in state.members.values()
        ),
    ]
    reply: dict[str, Any] = {
        "agency": id_text(state.agency),
        "fingerprint": state.fingerprint.hex(),
        "server": server,
        "roster_size": state.size,
        "members": members,
    }
    desk.answer(reply, *lines)
    return Exit.DONE


def _invite(desk: Desk) -> int:
    for name in (desk.asked.file, desk.asked.qr):
        if name and name != "-" and Path(name).exists():
            raise Stop("console.file_exists", {"file": Path(name).name})
    office = connect(desk.vault, clock=desk.clock)
    try:
        invited = enrolment.invite(
            desk.vault,
            link=office.link,
            me=office.me,
            state=office.state,
            role=desk.asked.role,
            clock=desk.clock,
            ids=desk.ids,
        )
    finally:
        office.link.close()
    if isinstance(invited, Refusal):
        raise Stop(invited.code, dict(invited.facts))
    with desk.reading() as db:
        server = facts.find_text(db, facts.SERVER)
    words = secret_to_words(invited.secret)
    whole = InvitationFile(server=server, fingerprint=office.state.fingerprint, secret=invited.secret).text()
    if desk.asked.file:
        with disk_faults():
            make_private_file(Path(desk.asked.file), content=whole.encode("ascii"))
    if desk.asked.qr:
        _write_qr(desk, whole)
    desk.answer(
        {"role": invited.role, "words": words, "server": server, "expires_at": invited.expires_at},
        f"Invitation for the role {invited.role}, good for 72 hours, for one person.",
        "Hand these words over in person or by voice, never by e-mail or text:",
        f"  {words}",
        f"The newcomer enrols with the server's address: {server}",
    )
    return Exit.DONE


def _write_qr(desk: Desk, text: str) -> None:
    import segno

    code = segno.make(text, error="m", micro=False)
    if desk.asked.qr == "-":
        if not desk.in_json:
            code.terminal(out=desk.out, compact=True)
        return
    with disk_faults():
        code.save(desk.asked.qr, scale=4)
        Path(desk.asked.qr).chmod(0o600)


def _enrol(desk: Desk) -> int:
    with desk.reading() as db:
        if facts.find_bytes(db, facts.AGENCY):
            raise Stop("enrolment.member_already", {})
    asked = desk.asked
    if asked.file or asked.words or asked.words_fd is not None or not enrolment.has_applied(desk.vault):
        words = _apply(desk)
        told = " ".join(words)
        desk.answer(
            {"state": "applied", "check_words": list(words)},
            "Read these six words to the person who invited you, in person or by phone:",
            f"  {told}",
            "They type what they hear. If their program says that the words differ: stop, both of you.",
        )
        if not asked.wait:
            return Exit.DONE
    while not _finished(desk):
        if not asked.wait:
            raise Stop("console.still_waiting", {}, exit_code=Exit.LATER)
        threading.Event().wait(POLL_SECONDS)
    desk.answer({"state": "enrolled"}, "You are in. Next: advocate sync")
    return Exit.DONE


def _finished(desk: Desk) -> bool:
    outcome = enrolment.finish(desk.vault, clock=desk.clock)
    if isinstance(outcome, Refusal):
        raise Stop(outcome.code, dict(outcome.facts))
    return outcome


def _apply(desk: Desk) -> tuple[str, ...]:
    fingerprint: bytes | None = None
    server: str | None = desk.asked.server
    if desk.asked.file:
        invitation = read_invitation_file(desk.text_of(desk.asked.file))
        secret, fingerprint, server = invitation.secret, invitation.fingerprint, server or invitation.server
    else:
        secret = words_to_secret(desk.secret(desk.asked.words_fd, prompt="The twelve words: ").reveal())
    if not server:
        raise Usage("Give the server's address with --server URL, or the invitation as --file FILE.")
    link = ServerLink(server=server, clock=desk.clock)
    try:
        link.meta()
        words = enrolment.apply(
            desk.vault,
            link=link,
            server=server,
            secret=secret,
            fingerprint=fingerprint,
            name=_own_name(desk),
            clock=desk.clock,
            ids=desk.ids,
        )
    finally:
        link.close()
    if isinstance(words, Refusal):
        raise Stop(words.code, dict(words.facts))
    return words


def _approve(desk: Desk) -> int:
    office = connect(desk.vault, clock=desk.clock)
    try:
        waiting = enrolment.applicants(desk.vault, link=office.link, me=office.me, state=office.state)
        if desk.asked.list:
            listed = [{"mailbox": one.mailbox.hex(), "name": one.name, "role": one.role} for one in waiting]
            lines = table((one.mailbox.hex()[:8], one.name, one.role) for one in waiting)
            desk.answer({"applicants": listed}, *(lines or ["Nobody waits for approval."]))
            return Exit.DONE
        one = _chosen(waiting, desk.asked.who)
        typed = desk.asked.words or desk.ask(f"The six words that {one.name} ({one.role}) reads out: ")
        outcome = enrolment.approve(
            desk.vault,
            link=office.link,
            me=office.me,
            state=office.state,
            mailbox=one.mailbox,
            typed=typed,
            clock=desk.clock,
        )
    finally:
        office.link.close()
    if isinstance(outcome, Refusal):
        danger = outcome.code == "approve.words_differ"
        raise Stop(outcome.code, dict(outcome.facts), exit_code=Exit.ATTENTION if danger else Exit.REFUSED)
    desk.answer(
        {"member": id_text(outcome), "name": one.name, "role": one.role},
        f"{one.name} is a member now, as {one.role}. Keys go out with your next: advocate sync",
    )
    return Exit.DONE


def _chosen(waiting: list[Applicant], who: str | None) -> Applicant:
    fits = [
        one
        for one in waiting
        if who is None or fold_text(who) in fold_text(one.name) or one.mailbox.hex().startswith(who.lower())
    ]
    if not fits:
        raise Stop("approve.nobody_applied", {})
    if len(fits) > 1:
        raise Stop("approve.which", {"count": len(fits)})
    return fits[0]
