"""The table of figures in `docs/performance.md`, between its two marks."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

BEGIN: Final = "<!-- figures: written by python -m bench -->"
END: Final = "<!-- end of figures -->"


def write_table(path: Path, results: Mapping[str, Any]) -> None:
    """Put the figures of a run between the marks of a page that has them. Raises ValueError for one that has not."""
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has no place for figures")
    path.write_text(f"{before}{BEGIN}\n\n{table(results)}\n{END}{after}", encoding="utf-8")


def table(results: Mapping[str, Any]) -> str:
    """The figures and what they were made with, as Markdown."""
    lines = [
        f"`{results['command']}` on {results['date']}, seed {results['seed']}, {results['rounds']} rounds.",
        "Medians, in brackets half the distance of lowest and highest; ratios are medians of the rounds' own ratios.",
        "",
        "| | workload | product | beside it | ratio | target | met |",
        "|---|---|---|---|---|---|---|",
        *(_line(entry) for entry in results["workloads"]),
        "",
        "Machine: " + ", ".join(f"{name} {value}" for name, value in results["machine"].items()) + ".",
        "Versions: " + ", ".join(f"{name} {value}" for name, value in results["versions"].items()) + ".",
        "",
    ]
    return "\n".join(lines)


def _line(entry: Mapping[str, Any]) -> str:
    beside = ""
    if entry["beside"] is not None:
        beside = f"{_value(entry['beside'], entry['beside_spread'], entry['unit'])}: {entry['beside_what']}"
    cells = (
        entry["id"],
        entry["what"],
        _value(entry["median"], entry["spread"], entry["unit"]),
        beside,
        "" if entry["ratio"] is None else f"{entry['ratio']:.2f}x",
        entry["target"] or "",
        {True: "yes", False: "**no**", None: ""}[entry["met"]],
    )
    return f"| {' | '.join(cells)} |"


def _value(middle: float, spread: float, unit: str) -> str:
    return f"{middle:,.0f} {unit} (±{spread:.0%})" if middle >= 1000 else f"{middle:.3g} {unit} (±{spread:.0%})"
