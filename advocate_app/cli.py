"""`advocate`: the console, put together."""

import os
import sys
from collections.abc import Sequence

from advocate_app.base.clock import SystemClock
from advocate_app.base.ids import SystemIds
from advocate_app.console.run import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    clock = SystemClock()
    given = sys.argv[1:] if arguments is None else arguments
    return run(
        given,
        clock=clock,
        ids=SystemIds(clock),
        environment=os.environ,
        source=sys.stdin,
        out=sys.stdout,
        err=sys.stderr,
    )


if __name__ == "__main__":
    sys.exit(main())
