"""Runs the benchmarks: `python -m bench [B1 B4 ...] [--quick] [--rounds N] [--json FILE]`."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from advocate_app.base.clock import SystemClock
from bench import encryption, imports, pulling, saves, sealing, searching, wire_bytes
from bench.machine import command, machine, versions
from bench.measure import SEED, Figure, Setting
from bench.table import table, write_table

WORKLOADS: Final[Mapping[str, Callable[[Setting], list[Figure]]]] = {
    "B1": saves.measure,
    "B2": imports.measure,
    "B3": sealing.measure,
    "B4": wire_bytes.measure,
    "B5": wire_bytes.measure,
    "B7": pulling.measure,
    "B9": encryption.measure,
    "B10": searching.measure,
}
_ROOT: Final = Path(__file__).resolve().parents[1]
_PAGE: Final = _ROOT / "docs" / "performance.md"
_RESULTS: Final = _ROOT / "bench" / "results"
_FEWEST: Final = 5


def run(names: Sequence[str], *, setting: Setting) -> list[dict[str, Any]]:
    """The entries of these workloads, each measured in a folder of its own that is gone afterwards."""
    entries: dict[str, dict[str, Any]] = {}
    for work in dict.fromkeys(WORKLOADS[name] for name in names):
        with tempfile.TemporaryDirectory(dir=setting.home) as folder:
            here = Setting(rounds=setting.rounds, seed=setting.seed, home=Path(folder), quick=setting.quick)
            for figure in work(here):
                if figure.id.split(".")[0] in names:
                    entries[figure.id] = figure.entry()
                    sys.stderr.write(f"{_told(entries[figure.id])}\n")
    return list(entries.values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and unless the run is partial or quick keep the results. 0, or 1 if a target was missed."""
    asked = _parser().parse_args(arguments)
    names = [name for name in WORKLOADS if name in _chosen(asked)]
    at = datetime.fromtimestamp(SystemClock().now() / 1000, tz=UTC)
    results: dict[str, Any] = {
        "date": at.strftime("%Y-%m-%d"),
        "command": command(),
        "seed": asked.seed,
        "rounds": asked.rounds,
        "quick": asked.quick,
        "machine": machine(),
        "versions": versions(),
    }
    with tempfile.TemporaryDirectory(dir=asked.dir) as folder:
        setting = Setting(rounds=asked.rounds, seed=asked.seed, home=Path(folder), quick=asked.quick)
        results["workloads"] = run(names, setting=setting)
    print(table(results))
    text = json.dumps(results, indent=1, ensure_ascii=False) + "\n"
    if asked.json:
        asked.json.write_text(text, encoding="utf-8")
    if len(names) == len(WORKLOADS) and not asked.quick and asked.rounds >= _FEWEST:
        _RESULTS.mkdir(exist_ok=True)
        (_RESULTS / f"{results['date']}.json").write_text(text, encoding="utf-8")
        write_table(_PAGE, results)
    return 1 if any(entry["met"] is False for entry in results["workloads"]) and not asked.quick else 0


def _chosen(asked: argparse.Namespace) -> list[str]:
    chosen = [*asked.workloads, *(asked.only.split(",") if asked.only else ())]
    unknown = [name for name in chosen if name not in WORKLOADS]
    if unknown:
        raise SystemExit(f"bench: no workload {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    return chosen or list(WORKLOADS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="B1", help="which workloads; all when none is named")
    parser.add_argument("--only", metavar="B1,B4", help="the same, in one word")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that it works; measures nothing")
    parser.add_argument("--rounds", type=int, default=_FEWEST, help="rounds of product and comparison (default 5)")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the invented corpus")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    parser.add_argument("--dir", type=Path, help="measure on the disk of this folder (default: the temporary one)")
    return parser


def _told(entry: Mapping[str, Any]) -> str:
    ratio = "" if entry["ratio"] is None else f"  {entry['ratio']:.2f}x"
    met = {True: "  met", False: "  MISSED", None: ""}[entry["met"]]
    return f"{entry['id']:11} {entry['median']:>10,} {entry['unit']}{ratio}  {entry['target'] or ''}{met}"


if __name__ == "__main__":
    sys.exit(main())
