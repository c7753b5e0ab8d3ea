"""The program: `advocate-app` opens the window; `advocate-app sync-worker` is its sync process, without Qt."""

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run the program; returns its exit status."""
    parser = argparse.ArgumentParser(prog="advocate-app", description=__doc__)
    parts = parser.add_subparsers(dest="part")
    worker = parts.add_parser("sync-worker", help="sync one vault; keys and orders come on standard input")
    worker.add_argument("vault", type=Path)
    worker.add_argument("--repeat", action="store_true", help="go on syncing by the schedule")
    chosen = parser.parse_args(arguments)
    if chosen.part == "sync-worker":
        from advocate_app.sync.worker import run_worker

        return run_worker(chosen.vault, repeat=chosen.repeat, source=sys.stdin.buffer, out=sys.stdout.buffer)
    parser.print_usage(sys.stderr)
    sys.stderr.write("advocate-app: the window is not part of this version; the console is `advocate`\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
