"""The pieces that every command's arguments are made of."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from advocate_app.console.desk import Desk

Run = Callable[["Desk"], int]
Commands = Any
"""What `add_subparsers` gives."""

EXITS: Final = """\
Exit codes: 0 done; 1 a rule said no; 2 wrong use; 3 something about the vault; 4 wrong passphrase; 5 no way to the
server (try again); 6 needs attention; 70 a mistake in the program; 75 not now (busy, disk full): try again.

The passphrase is asked for, or read from --passphrase-fd N; it is never an argument. Arguments can be seen by others
on this computer while a command runs: give names and notes with --from FILE (or --from - for standard input).
"""


def command(commands: Commands, name: str, about: str, *, run: Run | None = None) -> argparse.ArgumentParser:
    """One command or subcommand, with the options that all have."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=about, description=about, epilog=EXITS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    if run is not None:
        everywhere(parser)
        parser.set_defaults(run=run)
    return parser


def family(commands: Commands, name: str, about: str) -> Commands:
    """A family of subcommands."""
    parser = command(commands, name, about)
    return parser.add_subparsers(dest=f"{name}_command", required=True, metavar="WHAT")


def everywhere(parser: argparse.ArgumentParser) -> None:
    """Options that may stand after any command; `SUPPRESS` keeps what stood before it."""
    group = parser.add_argument_group("everywhere")
    group.add_argument("--vault", type=Path, metavar="DIR", default=argparse.SUPPRESS, help="the vault's folder")
    group.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="answer in JSON")
    group.add_argument(
        "--passphrase-fd",
        type=int,
        metavar="N",
        default=argparse.SUPPRESS,
        help="read the passphrase from this file descriptor",
    )
