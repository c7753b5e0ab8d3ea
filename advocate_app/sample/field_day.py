"""The dozen invented clients that a demonstration begins with, as people can read them in `resources/sample/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from advocate_app.base.paths import resource

Fields = Mapping[str, Any]
"""Field names to values. What only the program or the moment can say is not there: ids, codes, numbers."""


@dataclass(frozen=True, slots=True)
class SampleClient:
    """One invented client with what is recorded of them."""

    handle: str
    """"c01" and on, to speak of this client in a demonstration."""
    client: Fields
    safe_contact: Fields
    case: Fields
    contacts: tuple[Fields, ...]
    services: tuple[Fields, ...]
    tasks: tuple[Fields, ...]
    notes: tuple[Fields, ...]


class _FieldDay(msgspec.Struct, forbid_unknown_fields=True):
    watermark: str
    clients: list[SampleClient]


def load_field_day() -> tuple[SampleClient, ...]:
    """The invented clients, in the order of their handles; each bears the tag "SAMPLE"."""
    read = msgspec.json.decode(resource("sample", "field_day.json").read_bytes(), type=_FieldDay)
    return tuple(read.clients)


def watermark() -> str:
    """The sentence that says that none of this is true."""
    return msgspec.json.decode(resource("sample", "field_day.json").read_bytes(), type=_FieldDay).watermark
