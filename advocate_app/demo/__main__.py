"""`python -m advocate_app.demo`: runs the field day, tells it, and ends with 0 only if everything was so."""

import argparse
import shutil
import sys
from pathlib import Path

from advocate_app.base.clock import SystemClock
from advocate_app.demo.account import Account
from advocate_app.demo.central import Central
from advocate_app.demo.day import FieldDay
from advocate_app.demo.errors import NotSo
from advocate_app.demo.people import PASSPHRASE, Person, new_home
from advocate_app.demo.road import Road
from advocate_app.sample.field_day import watermark


def main(arguments: list[str] | None = None) -> int:
    """Run the field day; returns 0 if everything was as it must be."""
    parser = argparse.ArgumentParser(prog="python -m advocate_app.demo", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the account as JSON")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave vaults and server there to play with")
    asked = parser.parse_args(arguments)
    home = asked.keep.resolve() if asked.keep else new_home()
    if asked.keep and home.exists() and any(home.iterdir()):
        sys.stderr.write(f"{home} is not empty; name an empty folder.\n")
        return 2
    (home / "server").mkdir(parents=True, exist_ok=True)
    clock = SystemClock()
    began = clock.now()
    account = Account(out=sys.stdout)
    sys.stdout.write(f"A field day, end to end.\n{watermark()}\n")
    central = Central(folder=home / "server")
    road = Road(to_port=lambda: central.port)
    day = FieldDay(
        home=home,
        account=account,
        central=central,
        road=road,
        founder=Person(name="Pilar", vault=home / "pilar"),
        supervisor=Person(name="Marisol", vault=home / "marisol"),
        ruth=Person(name="Ruth", vault=home / "ruth"),
        tomas=Person(name="Tomás", vault=home / "tomas"),
    )
    passed = False
    try:
        day.run()
        passed = True
    except NotSo as broken:
        sys.stdout.write(f"\nNOT SO: {broken.what}\n")
    finally:
        central.kill()
        road.end()
        if not asked.keep:
            shutil.rmtree(home, ignore_errors=True)
    seconds = (clock.now() - began) / 1000
    account.facts["seconds"] = seconds
    if passed:
        sys.stdout.write(f"\nEverything was so. {seconds:.0f} seconds.\n")
    if asked.keep:
        sys.stdout.write(
            f"\nKept in {home}. To look around (passphrase: {PASSPHRASE}):\n"
            f"  advocate --vault {home / 'marisol'} client list\n"
            f"  advocate --vault {home / 'ruth'} status\n"
        )
    if asked.json:
        account.write(asked.json, passed=passed)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
