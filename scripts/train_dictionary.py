"""Trains the zstd dictionary that parcels are compressed with, on invented days of work.

    python -m scripts.train_dictionary

writes `resources/dictionaries/events-N.zdict` for N = `wire.compression.NEWEST`. Once a number has been released its
file never changes: raise NEWEST first, and keep the older files.
"""

import random
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

import zstandard

from advocate_app.base.clock import FixedClock
from advocate_app.base.ids import SeededIds
from advocate_app.base.paths import resource
from advocate_app.domain.codes import code_list
from advocate_app.domain.compartments import CompartmentKind
from advocate_app.domain.fields import Field, Kind, Record
from advocate_app.domain.records import RECORDS
from advocate_app.domain.verbs import Verb
from advocate_app.wire.columns import uncompressed
from advocate_app.wire.compression import NEWEST
from advocate_app.wire.events import SealedEvent
from scripts.day_texts import FIRST_NAMES, LAST_NAMES, paragraph, phrase

SIZE: Final = 65_536
SAMPLES: Final = 2500
_FILLED: Final = 0.3
_START: Final = 1_764_000_000_000
_FIRST_DAY: Final = date(2025, 11, 24)


class Day:
    """Invents the events of one parcel: one compartment, one author, some hours."""

    def __init__(self, seed: int) -> None:
        self.source = random.Random(seed)
        self.clock = FixedClock(_START + self.source.randrange(365) * 86_400_000)
        self.ids = SeededIds(self.clock, seed=seed)
        self.client = self.ids.next()
        self.author = self.ids.next()
        self.made: list[tuple[Record, bytes]] = []
        self.number = self.source.randrange(1, 3000)

    def parcel(self) -> list[SealedEvent]:
        """Events of one compartment, most of them new records."""
        kind = self.source.choice([CompartmentKind.FILE] * 3 + [CompartmentKind.NARRATIVE, CompartmentKind.REGISTER])
        records = [one for one in RECORDS if one.compartment is kind and not one.machinery]
        records = records or [one for one in RECORDS if not one.machinery]
        count = self.source.choice([1, 1, 2, 2, 3, 4, 5, 6, 8, 12, 20, 40])
        return [self._event(records) for _ in range(count)]

    def _event(self, records: Sequence[Record]) -> SealedEvent:
        self.clock.advance(self.source.randrange(15_000, 1_500_000))
        if self.made and self.source.random() < 0.3:
            return self._edit()
        record = self.source.choice(records)
        record_id = self.client if record.name == "client" else self.ids.next()
        self.made.append((record, record_id))
        fields = {one.number: self._value(one) for one in record.fields if self._is_filled(one)}
        return self._sealed(record, record_id, verb=Verb.WRITE, fields=fields)

    def _edit(self) -> SealedEvent:
        record, record_id = self.source.choice(self.made)
        if record.freezes and self.source.random() < 0.5:
            return self._sealed(record, record_id, verb=Verb.FILE, fields={})
        chosen = self.source.sample(record.fields, k=self.source.choice([1, 1, 1, 2, 3]))
        self.number += 1
        return self._sealed(
            record,
            record_id,
            verb=Verb.WRITE,
            fields={one.number: self._value(one) for one in chosen},
            over={record.register_of(one).number: [(0, self.number)] for one in chosen},
        )

    def _sealed(
        self,
        record: Record,
        record_id: bytes,
        *,
        verb: Verb,
        fields: dict[int, Any],
        over: dict[int, list[tuple[int, int]]] | None = None,
    ) -> SealedEvent:
        return SealedEvent(record.number, record_id, int(verb), fields, over or {}, self.clock.now(), self.clock.zone())

    def _is_filled(self, one: Field) -> bool:
        return one.required or one.name == "client" or self.source.random() < _FILLED

    def _value(self, one: Field) -> Any:
        source = self.source
        codes = list(code_list(one.choices).codes) if one.choices else []
        day = _FIRST_DAY + timedelta(days=source.randrange(365))
        invent: dict[Kind, Callable[[], Any]] = {
            Kind.TEXT: lambda: self._line(one.name),
            Kind.LONG_TEXT: lambda: paragraph(source, least=1, most=6),
            Kind.TEXTS: lambda: [phrase(source) for _ in range(source.randint(1, 2))],
            Kind.CHOICE: lambda: codes[min(source.randrange(len(codes)), source.randrange(len(codes)))],
            Kind.CHOICES: lambda: source.sample(codes, k=min(len(codes), source.choice([1, 1, 2, 3]))),
            Kind.DATE: day.isoformat,
            Kind.LOCAL_TIME: lambda: f"{day.isoformat()}T{source.randrange(7, 20):02}:{source.randrange(0, 60, 5):02}",
            Kind.INSTANT: lambda: self.clock.now() - source.randrange(86_400_000),
            Kind.INT: lambda: source.choice([1, 1, 2, 3, 15, 30, 45, 60, 90, 120]),
            Kind.CENTS: lambda: 100 * source.randrange(5, 900),
            Kind.BOOL: lambda: source.random() < 0.6,
            Kind.ID: lambda: self.client if one.name == "client" else source.choice([self.author, self.ids.next()]),
            Kind.IDS: lambda: [self.author],
            Kind.PHONE: lambda: f"505-555-{source.randrange(100, 200):04}",
            Kind.BYTES: lambda: source.randbytes(32),
            Kind.SHARES: lambda: {"VOCA": 6000, "OVC": 4000},
        }
        return invent[one.kind]()

    def _line(self, name: str) -> str:
        if name in {"first_name", "preferred_name", "middle_name"}:
            return self.source.choice(FIRST_NAMES)
        if name == "last_name":
            return self.source.choice(LAST_NAMES)
        if name == "code":
            return "".join(self.source.choice("23456789BCDFGHJKMNPQRSTVWXYZ") for _ in range(6))
        return phrase(self.source)


def main() -> None:
    """Train, and write the file."""
    samples: list[bytes | bytearray | memoryview] = [
        uncompressed(Day(seed).parcel(), noise=False) for seed in range(SAMPLES)
    ]
    made = zstandard.train_dictionary(SIZE, samples, dict_id=NEWEST, level=3)
    path = resource("dictionaries", f"events-{NEWEST}.zdict")
    path.write_bytes(made.as_bytes())
    sys.stdout.write(f"{len(samples)} parcels, {sum(map(len, samples))} bytes; {len(made)} bytes of dictionary\n")


if __name__ == "__main__":
    main()
