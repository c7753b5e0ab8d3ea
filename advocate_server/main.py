"""`advocate-server`: the console of the central server."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy.exc import OperationalError

from advocate_app.base.clock import SystemClock
from advocate_app.base.errors import Fault, WorldFault
from advocate_app.base.ids import SystemIds
from advocate_server.admin import agency, database, doctor, init, run
from advocate_server.admin.place import Refused
from advocate_server.answers.meta import program_version
from advocate_server.settings import FIELDS, Settings, SettingsBroken, read_settings

OK: Final = 0
FAULT: Final = 1
USAGE: Final = 2
LATER: Final = 75

_ABOUT: Final = """\
The central server of Advocate. It stores sealed bytes for agencies and can read none of them.

First steps:
  advocate-server init --data /srv/advocate          make the data folder and the database
  advocate-server agency --data /srv/advocate --name "North team"
                                                     print a founding token for a new agency
  advocate-server run --data /srv/advocate           serve on loopback (see --host, --tls-cert)
  advocate-server doctor --data /srv/advocate        check database, disk, clock and hash chains
"""
_EXITS: Final = """\
Settings come from flags, then ADVOCATE_SERVER_NAME in the environment (or ADVOCATE_SERVER_NAME_FILE, which names a
file that holds the value), then server.toml in the data folder (or --config FILE). An unknown setting is an error.

Exit codes: 0 done; 1 refused or found broken; 2 wrong use or settings; 75 not now, try again later.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    asked = _parser().parse_args(arguments)
    flags = {name: value for name, value in vars(asked).items() if name in FIELDS}
    clock = SystemClock()
    try:
        settings = read_settings(flags=flags, environment=os.environ, config=asked.config)
        return _do(asked, settings=settings, clock=clock)
    except SettingsBroken as fault:
        return _say(fault, code=USAGE)
    except Refused as fault:
        return _say(fault, code=FAULT)
    except (WorldFault, OperationalError, OSError) as error:
        return _say(error, code=LATER)
    except Fault as fault:
        return _say(fault, code=FAULT)


def _do(asked: argparse.Namespace, *, settings: Settings, clock: SystemClock) -> int:
    match asked.command:
        case "init":
            init.init(settings, clock=clock)
        case "run":
            run.run(settings, clock=clock, ids=SystemIds(clock))
        case "agency":
            agency.add(settings, label=asked.name, clock=clock, ids=SystemIds(clock))
        case "doctor":
            return OK if doctor.report(settings, clock=clock) else FAULT
        case _:
            print(database.upgrade(settings) if asked.step == "upgrade" else database.current(settings))
    return OK


def _say(error: Exception, *, code: int) -> int:
    """Say what went wrong; a database's own words may hold a password, so only their kind is told."""
    text = str(error) if isinstance(error, Fault | OSError) else "the database does not answer"
    print(f"advocate-server: {text}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="advocate-server",
        description=_ABOUT,
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"advocate-server {program_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    making = _command(commands, "init", "Make the data folder and the database.")
    _flags(making, "database")
    running = _command(commands, "run", "Serve, until told to stop by SIGTERM.")
    _flags(running, *(name for name in FIELDS if name != "data"))
    founding = _command(commands, "agency", "Take in a new agency: print its one-time founding token.")
    founding.add_argument("--name", required=True, metavar="LABEL", help="label for this console; laptops never see it")
    _flags(founding, "database")
    checking = _command(commands, "doctor", "Check database, migrations, disk, clock and hash chains.")
    _flags(checking, "database")
    stepping = _command(commands, "db", "Bring the database forward (upgrade), or say how far it is (current).")
    stepping.add_argument("step", choices=("upgrade", "current"))
    _flags(stepping, "database")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, about: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name, help=about, description=about, epilog=_EXITS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="settings file; else server.toml in the data folder"
    )
    _flags(parser, "data")
    return parser


def _flags(parser: argparse.ArgumentParser, *names: str) -> None:
    """Flags for some settings, with their meanings as declared."""
    for name in names:
        default = FIELDS[name].default
        about = FIELDS[name].metadata["meaning"]
        told = f"{about} (default: {default})" if default not in ("", ()) else about
        flag = f"--{name.replace('_', '-')}"
        if isinstance(default, tuple):
            parser.add_argument(flag, type=_list, metavar="A,B", help=told)
            continue
        kind = _whole if isinstance(default, int) else str
        parser.add_argument(flag, type=kind, metavar="N" if kind is _whole else "TEXT", help=told)


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _whole(text: str) -> int:
    """A whole number, not below 0."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError("a whole number is wanted")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
