"""What a benchmark measures: rounds in which product and comparison take turns, and the figure that comes of them."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

SEED: Final = 20_261_124


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a run was asked for."""

    rounds: int
    seed: int
    home: Path
    """An empty folder on the disk that is measured."""
    quick: bool = False
    """Tiny sizes: to see that the benchmark works, not to measure."""

    def size(self, full: int) -> int:
        """So many, or a fiftieth in a quick run."""
        return max(20, full // 50) if self.quick else full


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is asked of a figure: of its ratio to the comparison, or of its median where there is none."""

    at_least: float | None = None
    at_most: float | None = None
    of_median: bool = False

    def met(self, *, ratio: float | None, median: float) -> bool:
        """Whether it is."""
        value = median if self.of_median or ratio is None else ratio
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)

    def __str__(self) -> str:
        said = [f">= {self.at_least:g}"] if self.at_least is not None else []
        said += [f"<= {self.at_most:g}"] if self.at_most is not None else []
        return " and ".join(said) + ("" if self.of_median else "x")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure with its comparison, one value a round."""

    id: str
    """"B1", or "B9.points" where a workload has several."""
    what: str
    unit: str
    product: Sequence[float]
    beside_what: str = ""
    beside: Sequence[float] = ()
    target: Target | None = None

    @property
    def ratio(self) -> float | None:
        """Product by comparison: the median of the rounds' ratios; None without a comparison."""
        if not self.beside:
            return None
        return median(mine / other for mine, other in zip(self.product, self.beside, strict=True))

    def entry(self) -> dict[str, Any]:
        """As it stands in the results."""
        middle = median(self.product)
        target = self.target
        return {
            "id": self.id,
            "what": self.what,
            "unit": self.unit,
            "median": _short(middle),
            "spread": _short(spread(self.product)),
            "beside": _short(median(self.beside)) if self.beside else None,
            "beside_what": self.beside_what or None,
            "beside_spread": _short(spread(self.beside)) if self.beside else None,
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "target": None if target is None else str(target),
            "met": None if target is None else target.met(ratio=self.ratio, median=middle),
            "rounds": [_short(value) for value in self.product],
            "beside_rounds": [_short(value) for value in self.beside],
        }


def spread(values: Sequence[float]) -> float:
    """Half of what lies between the lowest and the highest, in parts of the median."""
    middle = median(values)
    return (max(values) - min(values)) / 2 / middle if middle else 0.0


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes, while no garbage is collected that is not its own."""
    gc.collect()
    gc.freeze()
    start = perf_counter()
    work()
    took = perf_counter() - start
    gc.unfreeze()
    return took


def turns(round_number: int, first: Callable[[], float], second: Callable[[], float]) -> tuple[float, float]:
    """Both measured, one after the other; who goes first changes from round to round."""
    if round_number % 2:
        other = second()
        return first(), other
    mine = first()
    return mine, second()


def _short(value: float) -> float:
    return round(value, 1) if abs(value) >= 1000 else float(f"{value:.4g}")
