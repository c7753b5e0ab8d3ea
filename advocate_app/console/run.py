"""One run of the console: the arguments read, the command given, and whatever goes wrong put in words."""

import argparse
from collections.abc import Mapping, Sequence
from typing import Any, Final, TextIO

import msgspec

from advocate_app.base.clock import Clock
from advocate_app.base.errors import Fact, Fault
from advocate_app.base.ids import Ids
from advocate_app.console import deciding, finding, joining, recording, syncing, vaults
from advocate_app.console.arguments import EXITS, command, everywhere
from advocate_app.console.desk import Desk
from advocate_app.console.ending import Exit, Stop, Usage, exit_of
from advocate_app.console.recording import assign, assigning
from advocate_app.console.texts import Told, told

_ABOUT: Final = """\
Advocate at the console: case work without network, encrypted on this laptop, synced end to end encrypted.

First steps:
  advocate vault create                     make the vault on this laptop
  advocate enrol --words --server URL       answer an invitation; or: advocate agency create
  advocate sync                             exchange with the server
  advocate client add --from -              take in a client; a JSON object on standard input
  advocate status                           how this vault stands
"""


def parser() -> argparse.ArgumentParser:
    """The whole console's arguments."""
    root = argparse.ArgumentParser(
        prog="advocate", description=_ABOUT, epilog=EXITS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    everywhere(root)
    root.set_defaults(vault=None, json=False, passphrase_fd=None)
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for room in (vaults, joining, syncing, recording, deciding, finding):
        room.add(commands)
    assigning(command(commands, "assign", "Let a member read a client's file and narrative.", run=assign))
    return root


def run(
    arguments: Sequence[str],
    *,
    clock: Clock,
    ids: Ids,
    environment: Mapping[str, str],
    source: TextIO,
    out: TextIO,
    err: TextIO,
) -> int:
    """Give one command; the exit code. Nothing is raised but the end of the program that argparse asks for."""
    asked = parser().parse_args(arguments)
    desk = Desk(asked=asked, clock=clock, ids=ids, environment=environment, source=source, out=out, err=err)
    try:
        return int(asked.run(desk))
    except Usage as usage:
        return _end(desk, "usage", {}, Told(usage.message, "Nothing was changed.", "See --help."), Exit.USAGE)
    except Stop as stop:
        return _end(desk, stop.code, stop.facts, told(stop.code, stop.facts), stop.exit_code)
    except Fault as fault:
        return _end(desk, fault.code, fault.facts, told(fault.code, fault.facts), exit_of(fault))
    except KeyboardInterrupt:
        return _end(desk, "sync.stopped", {}, told("sync.stopped", {}), Exit.LATER)
    except BrokenPipeError:
        return Exit.LATER
    except Exception as error:  # noqa: BLE001  the last door: a traceback could carry a name
        facts: dict[str, Fact] = {"where": _where(error)}
        return _end(desk, "bug", facts, told("bug", facts), Exit.BUG)
    finally:
        desk.close()


def _end(desk: Desk, code: str, facts: Mapping[str, Fact], words: Told, exit_code: Exit) -> int:
    if desk.in_json:
        reply: dict[str, Any] = {
            "ok": False,
            "code": code,
            "facts": dict(facts),
            "what": words.what,
            "safe": words.safe,
            "action": words.action,
            "exit": int(exit_code),
        }
        desk.out.write(msgspec.json.encode(reply).decode("utf-8") + "\n")
    else:
        desk.err.write(f"{words.what}\n{words.safe}\n{words.action}\n[{code}]\n")
    return exit_code


def _where(error: BaseException) -> str:
    """Where in our own code it happened: kind, file and line, nothing of what was worked on."""
    trace = error.__traceback__
    place = "outside"
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename.replace("\\", "/")
        if "/advocate_app/" in name:
            place = f"{name.rpartition('/advocate_app/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"
